//! Name, language, appearance; what others have set is shown.

use kpi_api::{
    auth::{Me, MePatch},
    error::FieldError,
    user::LOCALES,
};
use yew::prelude::*;

use crate::{
    core::{
        api, error, i18n,
        prefs::{Theme, use_prefs},
        query::Params,
        session::{use_me, use_session},
        submit::use_submit,
        toast::use_toaster,
    },
    route::Route,
    t,
    ui::{Button, ButtonKind, Card, FormError, RouteLink, Segmented, TextInput},
};

#[component]
pub fn AccountCard() -> Html {
    html! {
        <div class="grid items-start gap-4 lg:grid-cols-2">
            <DataCard />
            <div class="space-y-4">
                <AppearanceCard />
                <Card title={t!("notice.title")}>
                    <RouteLink to={Route::Notifications} query={Params::new().with("tab", "settings")}>{ t!("notice.settings_link") }</RouteLink>
                </Card>
            </div>
        </div>
    }
}

#[component]
fn DataCard() -> Html {
    let me = use_me();
    let session = use_session();
    let toaster = use_toaster();
    let name = use_state(|| me.user.full_name.clone());
    let tried = use_state(|| false);
    let version = me.user.version;
    let save = use_submit(
        move |patch: MePatch, _| async move { api::auth::update_me(version, &patch).await },
        Callback::from(move |me: Me| {
            toaster.success(t!("profile.saved"));
            session.enter(me);
        }),
    );
    let patch = MePatch { full_name: Some((*name).clone()), locale: None };
    let errors: Vec<FieldError> = match &save.error {
        Some(error) => error.fields().to_vec(),
        None if *tried => patch.check().err().unwrap_or_default(),
        None => Vec::new(),
    };
    let onsubmit = {
        let (tried, run) = (tried.clone(), save.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if patch.check().is_ok() {
                run.emit(patch.clone());
            }
        })
    };
    let unchanged = *name == me.user.full_name;
    let fact = |label: AttrValue, value: String| {
        let value = if value.is_empty() { "–".to_owned() } else { value };
        html! { <><dt class="text-muted">{ label }</dt><dd class="break-words">{ value }</dd></> }
    };
    html! {
        <Card title={t!("profile.data")}>
            <form {onsubmit} class="space-y-4" novalidate=true>
                <FormError error={save.error.clone().filter(|error| error.fields().is_empty())} />
                <TextInput
                    id="full_name"
                    label={t!("field.full_name")}
                    value={(*name).clone()}
                    oninput={let name = name.clone(); Callback::from(move |text| name.set(text))}
                    error={error::of_field(&errors, "full_name")}
                    autocomplete="name"
                />
                <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
                    { fact(t!("field.email"), me.user.email.clone()) }
                    { fact(t!("field.username"), me.user.username.clone()) }
                    { fact(t!("field.role"), i18n::word("role", me.user.role.as_str()).to_string()) }
                    { fact(t!("field.department"), me.user.department_name.clone().unwrap_or_default()) }
                    { fact(t!("field.position"), me.user.position.clone()) }
                </dl>
                <p class="text-sm text-muted">{ t!("profile.data_hint") }</p>
                <Button
                    label={t!("profile.save")}
                    kind={ButtonKind::Primary}
                    submit=true
                    busy={save.busy}
                    disabled={unchanged.then(|| t!("profile.unchanged"))}
                />
            </form>
        </Card>
    }
}

#[component]
fn AppearanceCard() -> Html {
    let me = use_me();
    let prefs = use_prefs();
    let session = use_session();
    let toaster = use_toaster();
    let version = me.user.version;
    let save = use_submit(
        move |locale: String, _| async move {
            api::auth::update_me(version, &MePatch { full_name: None, locale: Some(locale) }).await
        },
        // Entering again also switches the language.
        Callback::from(move |me: Me| session.enter(me)),
    );
    use_effect_with(save.error.clone(), move |error| {
        if let Some(error) = error {
            toaster.error(error);
        }
    });
    let languages =
        LOCALES.into_iter().map(|locale| (locale.into(), i18n::word("locale", locale))).collect::<Vec<_>>();
    let themes = Theme::ALL
        .into_iter()
        .map(|theme| {
            let words = match theme {
                Theme::System => t!("theme.system"),
                Theme::Light => t!("theme.light"),
                Theme::Dark => t!("theme.dark"),
            };
            (AttrValue::from(theme.as_str()), words)
        })
        .collect::<Vec<_>>();
    let choose = {
        let set = prefs.set_theme.clone();
        Callback::from(move |chosen: String| {
            if let Some(theme) = Theme::ALL.into_iter().find(|theme| theme.as_str() == chosen) {
                set.emit(theme);
            }
        })
    };
    html! {
        <Card title={t!("profile.appearance")}>
            <div class="space-y-5">
                <Segmented name="locale" label={t!("shell.language")} value={me.user.locale.clone()} options={languages} onchange={save.run.clone()} hint={t!("profile.language_hint")} />
                <Segmented name="theme" label={t!("theme.choose")} value={prefs.theme.as_str()} options={themes} onchange={choose} hint={t!("profile.theme_hint")} />
            </div>
        </Card>
    }
}
