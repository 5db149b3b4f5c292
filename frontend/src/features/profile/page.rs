//! The page and its tabs; the open one stands in the address.

use kpi_api::permission::Capability;
use yew::prelude::*;

use super::{
    account::AccountCard, delegation::DelegationCards, password::PasswordCard, sessions::SessionsCard,
    tokens::TokensCard,
};
use crate::{
    core::{
        query::use_query_params,
        session::{use_me, use_session},
    },
    t,
    ui::{PageHeader, Tab, Tabs},
};

#[component]
pub fn ProfilePage() -> Html {
    let me = use_me();
    let (params, set) = use_query_params();
    // Whoever has a temporary password came for one thing.
    let first = if me.user.must_change_password { "security" } else { "account" };
    let open = params.get("tab").unwrap_or(first).to_owned();
    let onopen = Callback::from(move |key: &'static str| set.emit(params.clone().with("tab", key)));
    let decides = use_session().can(Capability::SeeQueue);
    let mut tabs = vec![
        Tab::new("account", t!("profile.account")),
        Tab::new("security", t!("profile.security")),
        Tab::new("tokens", t!("profile.tokens")),
    ];
    if decides {
        tabs.push(Tab::new("delegation", t!("delegation.title")));
    }
    html! {
        <>
            <PageHeader title={t!("profile.title")} lead={me.user.full_name.clone()} />
            <Tabs id="profile" label={t!("profile.title")} {tabs} open={open.clone()} {onopen}>
                { match open.as_str() {
                    "security" => html! { <div class="grid items-start gap-4 lg:grid-cols-2"><PasswordCard /><SessionsCard /></div> },
                    "delegation" if decides => html! { <DelegationCards /> },
                    "tokens" => html! { <TokensCard /> },
                    _ => html! { <AccountCard /> },
                } }
            </Tabs>
        </>
    }
}
