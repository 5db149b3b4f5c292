//! The bell: how much is unread, the newest at hand, and a word when something fresh comes.

use kpi_api::{id::NotificationId, notification::NotificationView};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    core::{
        api, browser,
        live::{About, News, use_fresh, use_news},
        navigate::use_navigate,
        notices::use_notices,
        query::Params,
        remote::use_remote,
        toast::use_toaster,
    },
    route::Route,
    t, tn,
    ui::{Button, ButtonKind, ButtonSize, Icon, IconName, LinkKind, RouteLink, SkeletonRows, follow, remote},
    widgets::notice::{NoticeLine, sentence, use_read},
};

const NEWEST: u32 = 7;
/// More than this is many.
const MOST_SHOWN: u64 = 99;

#[component]
pub fn Bell() -> Html {
    let unread = use_notices().unread;
    let open = use_state_eq(|| false);
    let root = use_node_ref();
    use_fresh_toast(*open);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(false))
    };
    let onfocusout = {
        let (close, root) = (close.clone(), root.clone());
        Callback::from(move |event: FocusEvent| {
            // Nowhere: what had the focus is gone from the list, or the window lost it.
            let Some(next) = event.related_target().and_then(|target| target.dyn_into::<Node>().ok()) else {
                return;
            };
            if !root.cast::<Node>().is_some_and(|root| root.contains(Some(&next))) {
                close.emit(());
            }
        })
    };
    let onkeydown = {
        let close = close.clone();
        let is_open = *open;
        Callback::from(move |event: KeyboardEvent| {
            if is_open && event.key() == "Escape" {
                event.prevent_default();
                close.emit(());
                browser::focus("bell");
            }
        })
    };
    use_outside_click(*open, &root, &close);
    let shown = if unread > MOST_SHOWN { format!("{MOST_SHOWN}+") } else { unread.to_string() };
    let label = if unread == 0 { t!("notice.bell") } else { tn!("notice.bell_count", unread) };
    html! {
        <div ref={root} class="inline-block sm:relative" {onfocusout} {onkeydown}>
            <button
                id="bell"
                type="button"
                class="btn btn-ghost btn-sm btn-square relative"
                onclick={toggle}
                aria-label={label.clone()}
                aria-haspopup="dialog"
                aria-expanded={if *open { "true" } else { "false" }}
                aria-controls={open.then_some("bell-sheet")}
            >
                <Icon name={IconName::Bell} class="size-5" />
                if unread > 0 { <span class="bell-count" aria-hidden="true">{ shown }</span> }
            </button>
            <span class="sr-only" aria-live="polite">if unread > 0 { { label } }</span>
            if *open {
                <div id="bell-sheet" role="dialog" tabindex="-1" aria-label={t!("notice.title")} class="menu-sheet bell-sheet outline-none">
                    <Newest onclose={close} />
                </div>
            }
        </div>
    }
}

/// A click anywhere else closes what is open.
#[hook]
fn use_outside_click(open: bool, root: &NodeRef, close: &Callback<()>) {
    let (root, close) = (root.clone(), close.clone());
    use_effect_with(open, move |open| {
        let listener = browser::document().filter(|_| *open).map(|document| {
            gloo_events::EventListener::new(&document, "pointerdown", move |event| {
                let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
                if !root.cast::<Node>().is_some_and(|root| root.contains(target.as_ref())) {
                    close.emit(());
                }
            })
        });
        move || drop(listener)
    });
}

#[derive(Properties, PartialEq)]
struct NewestProps {
    onclose: Callback<()>,
}

#[component]
fn Newest(props: &NewestProps) -> Html {
    let list = use_remote((), |()| async move {
        api::notifications::list(&Params::new().with("per_page", NEWEST)).await
    });
    use_fresh(&list.refresh, About::Notifications);
    let read = use_read(list.refresh.clone());
    use_effect_with((), |()| browser::focus("bell-sheet"));
    let all = {
        let read = read.clone();
        Callback::from(move |_: MouseEvent| {
            read.emit(None);
            // The button goes with the last unread one.
            if let Some(sheet) =
                browser::document().and_then(|document| document.get_element_by_id("bell-sheet"))
                && let Ok(sheet) = sheet.dyn_into::<HtmlElement>()
            {
                sheet.focus().ok();
            }
        })
    };
    let onfollow = {
        let (read, onclose) = (read, props.onclose.clone());
        Callback::from(move |notice: NotificationView| {
            read.emit(Some(notice));
            onclose.emit(());
        })
    };
    let unread = list.remote.ready().is_some_and(|page| page.unread_count > 0);
    html! {
        <>
            <div class="flex min-h-11 items-center justify-between gap-2 border-b border-base-300 ps-4 pe-1.5">
                <h2 class="font-semibold">{ t!("notice.title") }</h2>
                if unread { <Button label={t!("notice.read_all")} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={all} /> }
            </div>
            <div class="bell-list">
                { remote::show(&list, html! { <SkeletonRows rows={3} /> }, |page| if page.items.is_empty() {
                    html! { <p class="px-4 py-8 text-center text-sm text-muted">{ t!("notice.none_text") }</p> }
                } else { html! {
                    <ul class="divide-y divide-base-300">
                        { for page.items.iter().map(|notice| html! {
                            <li key={notice.id.0}><NoticeLine notice={notice.clone()} onfollow={onfollow.clone()} /></li>
                        }) }
                    </ul>
                } }) }
            </div>
            <div class="border-t border-base-300 p-1.5 text-center">
                <RouteLink to={Route::Notifications} kind={LinkKind::Ghost} class="btn-sm w-full" onfollow={props.onclose.clone()}>{ t!("notice.all") }</RouteLink>
            </div>
        </>
    }
}

/// A message when a notification comes, unless one is looking at what it is about.
#[hook]
fn use_fresh_toast(open: bool) {
    let toaster = use_toaster();
    let navigate = use_navigate();
    let route = use_route::<Route>();
    let read = use_read(Callback::noop());
    let newest = use_mut_ref(|| NotificationId(0));
    use_news(Callback::from(move |news: News| {
        let News::Notification(news) = news else { return };
        let notice = news.notification.clone();
        // After an interruption the last one may be told twice.
        if newest.replace(notice.id) >= notice.id {
            return;
        }
        let hidden = browser::document().is_some_and(|document| document.hidden());
        if hidden || open || route == Some(Route::Notifications) || is_about(&notice, route) {
            return;
        }
        let (navigate, read) = (navigate.clone(), read.clone());
        toaster.told(
            sentence(&notice),
            t!("notice.open"),
            Callback::from(move |()| {
                read.emit(Some(notice.clone()));
                follow(&navigate, &notice.link);
            }),
        );
    }));
}

fn is_about(notice: &NotificationView, route: Option<Route>) -> bool {
    let page = notice.link.split(['?', '#']).next().unwrap_or_default();
    match (route, notice.kpi_id) {
        (Some(Route::Kpi { id }), Some(about)) => id == about,
        (Some(route), _) => Route::recognize(page) == Some(route),
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::{
        id::{KpiId, NotificationId},
        notification::{NotificationData, NotificationKind},
        time::Timestamp,
    };

    use super::*;

    #[test]
    fn what_one_looks_at_is_not_announced() {
        let notice = NotificationView {
            id: NotificationId(1),
            kind: NotificationKind::Commented,
            kpi_id: Some(KpiId(7)),
            data: NotificationData::default(),
            link: "/kpis/7?tab=comments#comment-3".into(),
            created_at: Timestamp(0),
            read_at: None,
        };
        assert!(is_about(&notice, Some(Route::Kpi { id: KpiId(7) })));
        assert!(!is_about(&notice, Some(Route::Kpi { id: KpiId(8) })));
        assert!(!is_about(&notice, Some(Route::Kpis)));
        let queue = NotificationView { link: "/approvals?kpi=7".into(), ..notice };
        assert!(is_about(&queue, Some(Route::Approvals)));
    }
}
