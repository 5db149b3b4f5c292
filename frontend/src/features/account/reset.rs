//! Setting a new password with the token of a reset link.

use kpi_api::auth::ResetPassword;
use yew::prelude::*;

use crate::{
    core::{
        api, error, navigate::use_navigate, query::use_fragment_params, submit::use_submit,
        toast::use_toaster,
    },
    route::Route,
    t,
    ui::{Button, ButtonKind, FormError, Note, PageHeader, PasswordInput, RouteLink, Tone},
    widgets::password_rule,
};

#[component]
pub fn ResetPasswordPage() -> Html {
    let params = use_fragment_params();
    let navigate = use_navigate();
    let toaster = use_toaster();
    let password = use_state(String::new);
    let tried = use_state(|| false);
    let reset = use_submit(
        |body: ResetPassword, _| async move { api::auth::reset_password(&body).await },
        Callback::from(move |()| {
            toaster.success(t!("reset.done"));
            navigate.replace(Route::Login);
        }),
    );
    let token = params.get("token").unwrap_or_default().to_owned();
    let onsubmit = {
        let (password, tried, run, token) =
            (password.clone(), tried.clone(), reset.run.clone(), token.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if password_rule::fault(&password).is_none() {
                run.emit(ResetPassword { token: token.clone(), new_password: (*password).clone() });
            }
        })
    };
    let refused = reset.error.as_ref().and_then(|error| error::of_field(error.fields(), "new_password"));
    html! {
        <>
            <PageHeader title={t!("reset.title")} />
            if token.is_empty() {
                <Note tone={Tone::Warn}>{ t!("reset.no_token") }</Note>
            } else {
                <form {onsubmit} class="space-y-4" novalidate=true>
                    <FormError error={reset.error.clone().filter(|_| refused.is_none())} />
                    <PasswordInput
                        id="new_password"
                        label={t!("password.new")}
                        value={(*password).clone()}
                        oninput={let password = password.clone(); Callback::from(move |text| password.set(text))}
                        autocomplete="new-password"
                        hint={password_rule::hint()}
                        error={refused.or_else(|| tried.then(|| password_rule::fault(&password)).flatten())}
                    />
                    <Button label={t!("reset.submit")} kind={ButtonKind::Primary} submit=true busy={reset.busy} class="w-full" />
                </form>
            }
            <p class="mt-4 text-center text-sm"><RouteLink to={Route::Login}>{ t!("forgot.back") }</RouteLink></p>
        </>
    }
}
