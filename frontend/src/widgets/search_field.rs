//! Search above a list: what was typed goes into the address a moment after the last key.

use gloo_timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::ui::{Icon, IconName};

const DELAY_MS: u32 = 250;

#[derive(Properties, PartialEq)]
pub struct SearchFieldProps {
    pub id: AttrValue,
    /// For screen readers; also the placeholder.
    pub label: AttrValue,
    /// As the address has it.
    pub value: AttrValue,
    pub onsearch: Callback<String>,
}

#[component]
pub fn SearchField(props: &SearchFieldProps) -> Html {
    let text = use_state(|| props.value.to_string());
    let sent = use_mut_ref(|| props.value.to_string());
    let timer = use_mut_ref(|| None::<Timeout>);
    // An address that changed otherwise (back, a link) replaces the text; one's own typing coming back does not.
    use_effect_with(props.value.clone(), {
        let (text, sent) = (text.clone(), sent.clone());
        move |value| {
            if *sent.borrow() != value.as_str() {
                *sent.borrow_mut() = value.to_string();
                text.set(value.to_string());
            }
        }
    });
    let oninput = {
        let (text, onsearch) = (text.clone(), props.onsearch.clone());
        Callback::from(move |event: InputEvent| {
            let now = event.target_unchecked_into::<HtmlInputElement>().value();
            text.set(now.clone());
            let (sent, onsearch) = (sent.clone(), onsearch.clone());
            // Replacing the timer cancels the one before.
            *timer.borrow_mut() = Some(Timeout::new(DELAY_MS, move || {
                let now = now.trim().to_owned();
                sent.borrow_mut().clone_from(&now);
                onsearch.emit(now);
            }));
        })
    };
    html! {
        <div class="input input-sm w-full sm:w-64">
            <Icon name={IconName::Search} class="size-4 text-muted" />
            <input
                id={props.id.clone()}
                type="search"
                value={(*text).clone()}
                {oninput}
                autocomplete="off"
                aria-label={props.label.clone()}
                placeholder={props.label.clone()}
            />
        </div>
    }
}
