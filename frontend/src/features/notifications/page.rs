//! The page and its tabs; the open one stands in the address.

use yew::prelude::*;

use super::{list::NotificationList, preferences::Preferences};
use crate::{
    core::{notices::use_notices, query::use_query_params},
    t, tn,
    ui::{PageHeader, Tab, Tabs},
};

#[component]
pub fn NotificationsPage() -> Html {
    let unread = use_notices().unread;
    let (params, set) = use_query_params();
    let open = params.get("tab").unwrap_or("list").to_owned();
    let onopen = Callback::from(move |key: &'static str| {
        set.emit(match key {
            "list" => params.clone().without("tab"),
            key => params.clone().with("tab", key),
        });
    });
    let tabs = vec![Tab::new("list", t!("notice.list")), Tab::new("settings", t!("notice.settings"))];
    let lead = if unread == 0 { t!("notice.all_read") } else { tn!("notice.unread_count", unread) };
    html! {
        <>
            <PageHeader title={t!("notice.title")} {lead} />
            <Tabs id="notices" label={t!("notice.title")} {tabs} open={open.clone()} {onopen}>
                if open == "settings" { <Preferences /> } else { <NotificationList /> }
            </Tabs>
        </>
    }
}
