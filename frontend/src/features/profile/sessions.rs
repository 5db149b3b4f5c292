//! Where one is logged in, and ending it from afar.

use kpi_api::{auth::SessionView, id::SessionId};
use yew::prelude::*;

use crate::{
    core::{api, format, remote::use_remote, submit::use_submit, toast::use_toaster},
    t,
    ui::{Badge, Button, ButtonSize, Card, Icon, IconName, SkeletonLines, Tone, remote},
};

#[component]
pub fn SessionsCard() -> Html {
    let sessions = use_remote((), |()| async { api::auth::sessions().await });
    let toaster = use_toaster();
    let end = {
        let (reload, toaster) = (sessions.reload.clone(), toaster.clone());
        use_submit(
            |id: SessionId, _| async move { api::auth::end_session(id).await },
            Callback::from(move |()| {
                toaster.success(t!("profile.session_ended"));
                reload.emit(());
            }),
        )
    };
    use_effect_with(end.error.clone(), move |error| {
        if let Some(error) = error {
            toaster.error(error);
        }
    });
    html! {
        <Card title={t!("profile.sessions")}>
            { remote::show(&sessions, html! { <SkeletonLines lines={2} /> }, |list| html! {
                <ul class="divide-y divide-base-300">
                    { for list.items.iter().map(|session| row(session, &end.run)) }
                </ul>
            }) }
        </Card>
    }
}

fn row(session: &SessionView, end: &Callback<SessionId>) -> Html {
    let onclick = {
        let (end, id) = (end.clone(), session.id);
        Callback::from(move |_: MouseEvent| end.emit(id))
    };
    html! {
        <li key={session.id.0} class="flex items-center gap-3 py-3">
            <Icon name={IconName::Laptop} class="size-5" />
            <div class="min-w-0 flex-1 text-sm">
                <div class="flex flex-wrap items-center gap-2 font-medium">
                    { browser_name(&session.user_agent) }
                    if session.is_current { <Badge label={t!("profile.this_session")} tone={Tone::Good} icon={IconName::Check} /> }
                </div>
                <div class="break-words text-muted">{ t!("profile.session_seen", ip = session.ip, when = format::date_time(session.last_seen_at)) }</div>
            </div>
            if !session.is_current {
                <Button label={t!("profile.end_session")} size={ButtonSize::Small} {onclick} />
            }
        </li>
    }
}

/// The browser and system as people call them, from what the browser says about itself.
fn browser_name(agent: &str) -> String {
    // Every browser claims to be the older ones too, so the order decides.
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser_name;

    #[test]
    fn a_browser_is_told_from_those_it_claims_to_be() {
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(browser_name(edge), "Edge · Windows");
        assert_eq!(
            browser_name("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"),
            "Firefox · Linux"
        );
        assert_eq!(browser_name("my-script"), "my-script");
    }
}
