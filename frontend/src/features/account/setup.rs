//! The first administrator.

use std::rc::Rc;

use kpi_api::{
    auth::{LoggedIn, Setup},
    error::FieldError,
};
use yew::prelude::*;

use crate::{
    core::{
        api, error,
        navigate::use_navigate,
        query::use_fragment_params,
        remote::{Remote, use_remote},
        session::use_session,
        submit::use_submit,
        toast::use_toaster,
    },
    route::Route,
    t,
    ui::{
        Button, ButtonKind, FormError, Note, PageHeader, PasswordInput, RouteLink, SkeletonLines, TextInput,
        Tone, remote,
    },
    widgets::password_rule,
};

#[component]
pub fn SetupPage() -> Html {
    let state = use_remote((), |()| async { api::auth::setup_state().await });
    let lead = if matches!(&state.remote, Remote::Ready(state) if !state.needed) {
        AttrValue::default()
    } else {
        t!("setup.lead")
    };
    html! {
        <>
            <PageHeader title={t!("setup.title")} {lead} />
            { remote::show(&state, html! { <SkeletonLines /> }, |state| if state.needed {
                html! { <SetupForm /> }
            } else {
                html! {
                    <Note tone={Tone::Good} actions={html! { <RouteLink to={Route::Login}>{ t!("login.submit") }</RouteLink> }}>
                        { t!("setup.done_already") }
                    </Note>
                }
            }) }
        </>
    }
}

#[component]
fn SetupForm() -> Html {
    let params = use_fragment_params();
    let session = use_session();
    let navigate = use_navigate();
    let toaster = use_toaster();
    let form = use_state(|| Setup {
        token: params.get("token").unwrap_or_default().to_owned(),
        email: String::new(),
        username: String::new(),
        full_name: String::new(),
        password: String::new(),
    });
    let tried = use_state(|| false);
    let send = use_submit(
        |body: Setup, _| async move { api::auth::setup(&body).await },
        Callback::from(move |answer: LoggedIn| {
            toaster.success(t!("setup.done"));
            session.enter(answer.user);
            navigate.replace(Route::MyWork);
        }),
    );
    let own = Rc::new(faults(&form));
    let errors: Vec<FieldError> = match &send.error {
        Some(error) => error.fields().to_vec(),
        None if *tried => own.to_vec(),
        None => Vec::new(),
    };
    let onsubmit = {
        let (form, tried, run, own) = (form.clone(), tried.clone(), send.run.clone(), Rc::clone(&own));
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if own.is_empty() {
                run.emit((*form).clone());
            }
        })
    };
    let set = |apply: fn(&mut Setup, String)| {
        let (form, dismiss) = (form.clone(), send.dismiss.clone());
        Callback::from(move |text: String| {
            let mut next = (*form).clone();
            apply(&mut next, text);
            form.set(next);
            dismiss.emit(());
        })
    };
    let of = |field: &str| error::of_field(&errors, field);
    html! {
        <form {onsubmit} class="space-y-4" novalidate=true>
            <FormError error={send.error.clone()} />
            <TextInput
                id="token"
                label={t!("setup.token")}
                hint={t!("setup.token_hint")}
                value={form.token.clone()}
                oninput={set(|form, text| form.token = text)}
                error={of("token")}
                autocomplete="off"
            />
            <TextInput
                id="full_name"
                label={t!("field.full_name")}
                value={form.full_name.clone()}
                oninput={set(|form, text| form.full_name = text)}
                error={of("full_name")}
                autocomplete="name"
            />
            <TextInput
                id="email"
                kind="email"
                label={t!("field.email")}
                value={form.email.clone()}
                oninput={set(|form, text| form.email = text)}
                error={of("email")}
                autocomplete="email"
            />
            <TextInput
                id="username"
                label={t!("field.username")}
                hint={t!("setup.username_hint")}
                value={form.username.clone()}
                oninput={set(|form, text| form.username = text)}
                error={of("username")}
                autocomplete="username"
            />
            <PasswordInput
                id="new_password"
                label={t!("login.password")}
                hint={password_rule::hint()}
                value={form.password.clone()}
                oninput={set(|form, text| form.password = text)}
                autocomplete="new-password"
                error={of("password").or_else(|| tried.then(|| password_rule::fault(&form.password)).flatten())}
            />
            <Button label={t!("setup.submit")} kind={ButtonKind::Primary} submit=true busy={send.busy} class="w-full" />
        </form>
    }
}

/// What the browser can tell before asking: the server's own checks, and a token that is missing.
fn faults(form: &Setup) -> Vec<FieldError> {
    let mut faults = form.check().err().unwrap_or_default();
    if form.token.trim().is_empty() {
        faults.push(FieldError::new("token", "required", ""));
    }
    if password_rule::fault(&form.password).is_some() {
        faults.push(FieldError::new("new_password", "required", ""));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_first_administrator_is_needed() {
        let blank = Setup {
            token: String::new(),
            email: String::new(),
            username: String::new(),
            full_name: String::new(),
            password: String::new(),
        };
        let fields: Vec<String> = faults(&blank).into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["email", "username", "full_name", "token", "new_password"]);
    }
}
