//! Changing one's password.

use kpi_api::auth::PasswordChange;
use yew::prelude::*;

use crate::{
    core::{
        api, error,
        session::{use_me, use_session},
        submit::use_submit,
        toast::use_toaster,
    },
    t,
    ui::{Button, ButtonKind, Card, FormError, Note, PasswordInput, Tone},
    widgets::password_rule,
};

#[component]
pub fn PasswordCard() -> Html {
    let me = use_me();
    let session = use_session();
    let toaster = use_toaster();
    let current = use_state(String::new);
    let new = use_state(String::new);
    let tried = use_state(|| false);
    let change = {
        let (current, new, tried) = (current.clone(), new.clone(), tried.clone());
        use_submit(
            // What is known about the person changes too: the password is no longer a temporary one.
            |body: PasswordChange, _| async move {
                api::auth::change_password(&body).await?;
                api::auth::me().await
            },
            Callback::from(move |me| {
                current.set(String::new());
                new.set(String::new());
                tried.set(false);
                toaster.success(t!("profile.password_changed"));
                session.enter(me);
            }),
        )
    };
    let onsubmit = {
        let (current, new, tried, run) = (current.clone(), new.clone(), tried.clone(), change.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if !current.is_empty() && password_rule::fault(&new).is_none() {
                run.emit(PasswordChange {
                    current_password: (*current).clone(),
                    new_password: (*new).clone(),
                });
            }
        })
    };
    let of = |field: &str| change.error.as_ref().and_then(|error| error::of_field(error.fields(), field));
    let set = |state: &UseStateHandle<String>| {
        let (state, dismiss) = (state.clone(), change.dismiss.clone());
        Callback::from(move |text: String| {
            state.set(text);
            dismiss.emit(());
        })
    };
    html! {
        <Card title={t!("profile.password")}>
            if me.user.must_change_password {
                <Note tone={Tone::Warn} class="mb-4">{ t!("shell.must_change_password") }</Note>
            }
            <form {onsubmit} class="space-y-4" novalidate=true>
                <FormError error={change.error.clone().filter(|error| error.fields().is_empty())} />
                // Lets password managers know whose password this is.
                <input type="text" name="username" autocomplete="username" value={me.user.username.clone()} class="hidden" readonly=true tabindex="-1" aria-hidden="true" />
                <PasswordInput
                    id="current_password"
                    label={t!("field.current_password")}
                    value={(*current).clone()}
                    oninput={set(&current)}
                    autocomplete="current-password"
                    error={of("current_password").or_else(|| (*tried && current.is_empty()).then(|| t!("ui.required")))}
                />
                <PasswordInput
                    id="new_password"
                    label={t!("password.new")}
                    value={(*new).clone()}
                    oninput={set(&new)}
                    autocomplete="new-password"
                    hint={password_rule::hint()}
                    error={of("new_password").or_else(|| tried.then(|| password_rule::fault(&new)).flatten())}
                />
                <p class="text-sm text-muted">{ t!("profile.password_hint") }</p>
                <Button label={t!("profile.change_password")} kind={ButtonKind::Primary} submit=true busy={change.busy} />
            </form>
        </Card>
    }
}
