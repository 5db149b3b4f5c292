//! Says calmly that the server cannot be reached, and when it is back.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::{
    core::live::{Link, use_link},
    t,
    ui::{Icon, IconName},
};

const BACK_SHOWN_MS: u32 = 4_000;

#[component]
pub fn Connection() -> Html {
    let link = use_link();
    let was_away = use_mut_ref(|| false);
    let back = use_state_eq(|| false);
    use_effect_with(link, {
        let back = back.setter();
        move |link| {
            let returned = match link {
                Link::Offline => {
                    *was_away.borrow_mut() = true;
                    false
                }
                Link::Live | Link::Polling => was_away.replace(false),
                Link::Opening => false,
            };
            back.set(returned);
            let timer = returned.then(|| Timeout::new(BACK_SHOWN_MS, move || back.set(false)));
            move || drop(timer)
        }
    });
    let said = match (link, *back) {
        (Link::Offline, _) => Some((t!("live.offline"), IconName::Alert, "tone-warn")),
        (_, true) => Some((t!("live.back"), IconName::CheckCircle, "tone-good")),
        _ => None,
    };
    html! {
        <div role="status" class="connection print:hidden" data-link={link.as_str()}>
            if let Some((text, name, tone)) = said {
                <p class={classes!("connection-note", tone)}><Icon {name} /><span>{ text }</span></p>
            }
        </div>
    }
}
