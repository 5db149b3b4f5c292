//! Password resets that people asked for while the server cannot send mail: the administrator hands over the link.

use kpi_api::user::PendingReset;
use yew::prelude::*;

use crate::{
    core::{api, browser, format, remote::use_remote, toast::use_toaster},
    route::Route,
    t,
    ui::{Button, ButtonSize, Card, IconName, RouteLink},
};

#[component]
pub fn PendingResets() -> Html {
    let pending = use_remote((), |()| async { api::users::pending_resets().await });
    // Nothing while it loads, and nothing when nobody asked: the list below is what one came for.
    let Some(pending) = pending.remote.ready().filter(|pending| !pending.is_empty()) else {
        return Html::default();
    };
    html! {
        <Card title={t!("people.resets")} class="mb-4">
            <p class="mb-3 text-sm text-muted">{ t!("people.resets_text") }</p>
            <ul class="divide-y divide-base-300">
                { for pending.iter().map(|reset| html! { <ResetRow key={reset.user.id.to_string()} reset={reset.clone()} /> }) }
            </ul>
        </Card>
    }
}

#[derive(Properties, PartialEq)]
struct ResetRowProps {
    reset: PendingReset,
}

#[component]
fn ResetRow(props: &ResetRowProps) -> Html {
    let reset = &props.reset;
    let toaster = use_toaster();
    let copy = {
        let link = reset.link.clone();
        Callback::from(move |_: MouseEvent| {
            browser::copy(&link);
            toaster.success(t!("people.link_copied"));
        })
    };
    html! {
        <li class="flex flex-wrap items-center gap-x-4 gap-y-2 py-2 text-sm">
            <RouteLink to={Route::Person { id: reset.user.id }} class="font-medium">{ reset.user.full_name.clone() }</RouteLink>
            <span class="text-muted">{ t!("people.reset_asked", at = format::date_time(reset.requested_at), until = format::date_time(reset.expires_at)) }</span>
            <span class="ms-auto">
                if reset.link.is_empty() {
                    <span class="text-muted">{ t!("people.reset_by_mail") }</span>
                } else {
                    <Button label={t!("people.copy_link")} icon={IconName::Copy} size={ButtonSize::Small} onclick={copy} />
                }
            </span>
        </li>
    }
}
