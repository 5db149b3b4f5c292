//! Asking for a new password. The answer is the same whether or not the person exists.

use yew::prelude::*;

use crate::{
    core::{api, submit::use_submit},
    route::Route,
    t,
    ui::{Button, ButtonKind, FormError, Note, PageHeader, RouteLink, TextInput, Tone},
};

#[component]
pub fn ForgotPasswordPage() -> Html {
    let login = use_state(String::new);
    let tried = use_state(|| false);
    let sent = use_state(|| false);
    let ask = use_submit(|login: String, _| async move { api::auth::forgot_password(login).await }, {
        let sent = sent.clone();
        Callback::from(move |()| sent.set(true))
    });
    let onsubmit = {
        let (login, tried, run) = (login.clone(), tried.clone(), ask.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if !login.trim().is_empty() {
                run.emit(login.trim().to_owned());
            }
        })
    };
    html! {
        <>
            <PageHeader title={t!("forgot.title")} lead={t!("forgot.lead")} />
            if *sent {
                <div role="status"><Note tone={Tone::Good}>{ t!("forgot.sent") }</Note></div>
            } else {
                <form {onsubmit} class="space-y-4" novalidate=true>
                    <FormError error={ask.error.clone()} />
                    <TextInput
                        id="login"
                        label={t!("login.login")}
                        value={(*login).clone()}
                        oninput={let login = login.clone(); Callback::from(move |text| login.set(text))}
                        autocomplete="username"
                        autofocus=true
                        error={(*tried && login.trim().is_empty()).then(|| t!("ui.required"))}
                    />
                    <Button label={t!("forgot.submit")} kind={ButtonKind::Primary} submit=true busy={ask.busy} class="w-full" />
                </form>
            }
            <p class="mt-4 text-center text-sm"><RouteLink to={Route::Login}>{ t!("forgot.back") }</RouteLink></p>
        </>
    }
}
