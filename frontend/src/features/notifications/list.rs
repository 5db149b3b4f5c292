//! All notifications or the unread ones, newest first. What is shown stands in the address.

use kpi_api::notification::NotificationView;
use yew::prelude::*;

use crate::{
    core::{
        api, browser,
        live::{About, use_fresh},
        query::{Params, use_query_params},
        remote::use_remote,
        title::HEADING_ID,
    },
    t,
    ui::{Button, ButtonKind, ButtonSize, EmptyState, IconName, Pagination, Segmented, SkeletonRows, remote},
    widgets::notice::{NoticeLine, use_read},
};

#[component]
pub fn NotificationList() -> Html {
    let (params, set) = use_query_params();
    let unread = params.get("unread") == Some("true");
    let asked =
        Params::new().with_some("page", params.get("page")).with_some("unread", unread.then_some("true"));
    let list = use_remote(asked, |params| async move { api::notifications::list(&params).await });
    use_fresh(&list.refresh, About::Notifications);
    let read = use_read(list.refresh.clone());
    let onfilter = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |unread: String| set.emit(params.clone().with("unread", unread).without("page")))
    };
    let onpage = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |page: u32| set.emit(params.clone().with("page", page)))
    };
    let onfollow = read.reform(Some);
    let read_all = {
        let read = read.clone();
        Callback::from(move |_: MouseEvent| read.emit(None))
    };
    let none_unread = list.remote.ready().is_some_and(|page| page.unread_count == 0);
    let one = |notice: &NotificationView| {
        if notice.read_at.is_some() {
            return Html::default();
        }
        let onclick = {
            let (read, notice) = (read.clone(), notice.clone());
            Callback::from(move |_: MouseEvent| {
                read.emit(Some(notice.clone()));
                // The button goes; the page's heading is where one goes on from.
                browser::focus(HEADING_ID);
            })
        };
        html! { <Button label={t!("notice.read_one")} icon={IconName::Check} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} {onclick} /> }
    };
    html! {
        <>
            <div class="mb-3 flex flex-wrap items-center justify-between gap-3">
                <Segmented name="notices-shown" label={t!("notice.shown")} compact=true value={if unread { "true" } else { "" }}
                    options={vec![("".into(), t!("notice.filter_all")), ("true".into(), t!("notice.filter_unread"))]} onchange={onfilter} />
                <Button label={t!("notice.read_all")} icon={IconName::Check} size={ButtonSize::Small}
                    disabled={none_unread.then(|| t!("notice.all_read"))} onclick={read_all} />
            </div>
            { remote::show(&list, html! { <SkeletonRows rows={8} /> }, |page| if page.items.is_empty() {
                empty(unread)
            } else { html! {
                <>
                    <ul class="surface divide-y divide-base-300">
                        { for page.items.iter().map(|notice| html! {
                            <li key={notice.id.0}><NoticeLine notice={notice.clone()} whole=true onfollow={onfollow.clone()} actions={one(notice)} /></li>
                        }) }
                    </ul>
                    <Pagination page={page.page} per_page={page.per_page} total={page.total} onpage={onpage.clone()} />
                </>
            } }) }
        </>
    }
}

fn empty(unread: bool) -> Html {
    let (title, text) = if unread {
        (t!("notice.all_read"), t!("notice.none_unread_text"))
    } else {
        (t!("notice.none"), t!("notice.none_text"))
    };
    html! { <div class="surface"><EmptyState icon={IconName::Bell} {title} {text} /></div> }
}
