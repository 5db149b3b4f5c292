//! Logging in.

use kpi_api::auth::{Credentials, LoggedIn};
use yew::prelude::*;

use crate::{
    core::{
        api,
        navigate::use_navigate,
        query::{Params, use_query_params},
        session::{Who, use_session},
        submit::use_submit,
        toast::use_toaster,
    },
    route::Route,
    t,
    ui::{Button, ButtonKind, FormError, PageHeader, PasswordInput, RouteLink, TextInput},
};

#[component]
pub fn LoginPage() -> Html {
    let session = use_session();
    let navigate = use_navigate();
    let toaster = use_toaster();
    let (params, _) = use_query_params();
    let login = use_state(String::new);
    let password = use_state(String::new);
    let tried = use_state(|| false);

    // Whoever is logged in already has nothing to do here.
    use_effect_with(session.who.clone(), {
        let next = Route::after_login(params.get("next"));
        move |who| {
            if matches!(who, Who::Somebody(_)) {
                let (route, query) = next.unwrap_or((Route::MyWork, String::new()));
                navigate.replace_with(route, &Params::parse(&query));
            }
        }
    });
    let enter = use_submit(
        |body: Credentials, _| async move { api::auth::login(&body).await },
        Callback::from(move |answer: LoggedIn| {
            toaster.success(t!("login.welcome", name = answer.user.user.full_name));
            session.enter(answer.user);
        }),
    );
    let onsubmit = {
        let (login, password, tried, run) =
            (login.clone(), password.clone(), tried.clone(), enter.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if !login.trim().is_empty() && !password.is_empty() {
                run.emit(Credentials { login: login.trim().to_owned(), password: (*password).clone() });
            }
        })
    };
    let missing = |text: &str| (*tried && text.trim().is_empty()).then(|| t!("ui.required"));
    html! {
        <>
            <PageHeader title={t!("login.title")} />
            <form {onsubmit} class="space-y-4" novalidate=true>
                <FormError error={enter.error.clone()} />
                <TextInput
                    id="login"
                    label={t!("login.login")}
                    value={(*login).clone()}
                    oninput={let login = login.clone(); Callback::from(move |text| login.set(text))}
                    autocomplete="username"
                    autofocus=true
                    error={missing(&login)}
                />
                <PasswordInput
                    id="password"
                    label={t!("login.password")}
                    value={(*password).clone()}
                    oninput={let password = password.clone(); Callback::from(move |text| password.set(text))}
                    autocomplete="current-password"
                    error={missing(&password)}
                    aside={html! { <RouteLink to={Route::ForgotPassword} class="text-sm">{ t!("login.forgot") }</RouteLink> }}
                />
                <Button label={t!("login.submit")} kind={ButtonKind::Primary} submit=true busy={enter.busy} class="w-full" />
            </form>
        </>
    }
}
