//! Lets people in who are logged in, sends everybody else to where they log in or set up.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    core::{
        api,
        live::LiveProvider,
        navigate::use_navigate,
        notices::NoticesProvider,
        query::Params,
        session::{CurrentPerson, Who, use_session},
    },
    route::Route,
    shell::public::Waiting,
    ui::ErrorState,
};

#[derive(Properties, PartialEq)]
pub struct GuardProps {
    pub children: Html,
}

#[component]
pub fn Guard(props: &GuardProps) -> Html {
    let session = use_session();
    match &session.who {
        Who::Checking => html! { <Waiting /> },
        Who::Nobody => html! { <ToLogin /> },
        Who::Unknown(error) => {
            let retry = {
                let session = session.clone();
                Callback::from(move |()| session.check())
            };
            html! { <main class="mx-auto max-w-lg pt-16"><ErrorState error={error.clone()} onretry={retry} /></main> }
        }
        Who::Somebody(me) => html! {
            <ContextProvider<CurrentPerson> context={CurrentPerson(me.clone())}>
                <LiveProvider>
                    <NoticesProvider>{ props.children.clone() }</NoticesProvider>
                </LiveProvider>
            </ContextProvider<CurrentPerson>>
        },
    }
}

/// Asks whether the first administrator is still missing, then goes to the set-up or the log-in; the log-in leads back.
#[component]
fn ToLogin() -> Html {
    let navigate = use_navigate();
    let location = use_location();
    use_effect_with((), move |()| {
        let next = location
            .map(|location| format!("{}{}", location.path(), location.query_str()))
            .filter(|next| next != "/")
            .unwrap_or_default();
        yew::platform::spawn_local(async move {
            let needed = api::auth::setup_state().await.is_ok_and(|state| state.needed);
            if needed {
                navigate.replace(Route::Setup);
            } else {
                navigate.replace_with(Route::Login, &Params::new().with("next", next));
            }
        });
    });
    html! { <Waiting /> }
}
