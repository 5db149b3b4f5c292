//! In whose place the person decides today, and until when.

use kpi_api::{
    delegation::{DelegationState, DelegationView},
    notification::NotificationKind,
    permission::Capability,
};
use yew::prelude::*;

use crate::{
    core::{
        api, format,
        live::{News, use_news},
        remote::use_remote,
        session::use_session,
    },
    route::Route,
    t, tn,
    ui::{Icon, IconName, LinkKind, Note, RouteLink, Tone},
};

/// The delegations to the person that run today.
#[hook]
fn use_standing_in() -> Vec<DelegationView> {
    let decides = use_session().can(Capability::SeeQueue);
    let found = use_remote(decides, |decides| async move {
        if decides { api::delegations::list().await.map(|list| list.received) } else { Ok(Vec::new()) }
    });
    let refresh = found.refresh.clone();
    use_news(Callback::from(move |news: News| match news {
        News::Notification(news) if news.notification.kind == NotificationKind::Delegated => refresh.emit(()),
        News::Everything => refresh.emit(()),
        _ => {}
    }));
    let all = found.remote.ready().map(|all| (**all).clone()).unwrap_or_default();
    all.into_iter().filter(|delegation| delegation.state == DelegationState::Running).collect()
}

fn sentence(delegation: &DelegationView) -> AttrValue {
    t!("delegation.standing_in", name = delegation.manager.name, until = format::date(delegation.to))
}

/// Above the queue.
#[component]
pub fn StandingInNote() -> Html {
    let running = use_standing_in();
    if running.is_empty() {
        return Html::default();
    }
    html! {
        <Note tone={Tone::Accent} class="mb-4">
            { for running.iter().map(|delegation| html! { <p key={delegation.id.0}>{ sentence(delegation) }</p> }) }
        </Note>
    }
}

/// In the header of every page, short.
#[component]
pub fn StandingInMark() -> Html {
    let running = use_standing_in();
    let text = match running.as_slice() {
        [] => return Html::default(),
        [one] => t!("delegation.for_until", name = one.manager.name, until = format::day(one.to)),
        several => tn!("delegation.for_several", several.len()),
    };
    let whole =
        running.iter().map(|delegation| sentence(delegation).to_string()).collect::<Vec<_>>().join(" ");
    html! {
        <RouteLink to={Route::Approvals} kind={LinkKind::Bare} class="pill tone-accent hidden max-w-80 min-w-0 sm:inline-flex">
            <Icon name={IconName::Users} class="size-3.5" />
            <span class="truncate" aria-hidden="true">{ text }</span>
            <span class="sr-only">{ whole }</span>
        </RouteLink>
    }
}
