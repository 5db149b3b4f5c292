//! Personal tokens for scripts and other programs. A secret is shown once.

use kpi_api::{
    auth::{TokenCreated, TokenNew, TokenScope, TokenView},
    error::FieldError,
    id::TokenId,
};
use yew::prelude::*;

use crate::{
    core::{api, browser, error, format, i18n, remote::use_remote, submit::use_submit, toast::use_toaster},
    t,
    ui::{
        Button, ButtonKind, ButtonSize, Card, Column, Confirm, EmptyState, FormError, IconName, Note,
        Segmented, Select, SkeletonRows, SortableTable, TextInput, Tone, remote,
    },
};

const LIFETIMES_DAYS: [u16; 4] = [7, 30, 90, 366];

#[component]
pub fn TokensCard() -> Html {
    let tokens = use_remote((), |()| async { api::auth::tokens().await });
    let toaster = use_toaster();
    let doomed = use_state(|| None::<TokenView>);
    let revoke = {
        let (reload, toaster, doomed) = (tokens.reload.clone(), toaster.clone(), doomed.clone());
        use_submit(
            |id: TokenId, _| async move { api::auth::revoke_token(id).await },
            Callback::from(move |()| {
                toaster.success(t!("profile.token_revoked"));
                doomed.set(None);
                reload.emit(());
            }),
        )
    };
    use_effect_with(revoke.error.clone(), move |error| {
        if let Some(error) = error {
            toaster.error(error);
        }
    });
    let onclose = {
        let doomed = doomed.clone();
        Callback::from(move |()| doomed.set(None))
    };
    let onconfirm = {
        let (doomed, run) = (doomed.clone(), revoke.run.clone());
        Callback::from(move |()| {
            if let Some(token) = &*doomed {
                run.emit(token.id);
            }
        })
    };
    html! {
        <div class="grid items-start gap-4 lg:grid-cols-[1fr_2fr]">
            <NewToken oncreated={tokens.reload.clone()} />
            <div>
                { remote::show(&tokens, html! { <SkeletonRows rows={2} /> }, |list| if list.items.is_empty() {
                    html! { <div class="surface"><EmptyState icon={IconName::Key} title={t!("profile.no_tokens")} text={t!("profile.no_tokens_text")} /></div> }
                } else {
                    html! { <SortableTable caption={t!("profile.tokens")} columns={columns()} rows={list.items.iter().map(|token| row(token, &doomed)).collect::<Vec<_>>()} /> }
                }) }
            </div>
            <Confirm
                id="revoke-token"
                title={t!("profile.revoke_title")}
                text={t!("profile.revoke_text", name = doomed.as_ref().map(|token| token.name.clone()).unwrap_or_default())}
                act={t!("profile.revoke")}
                open={doomed.is_some()}
                busy={revoke.busy}
                {onconfirm}
                {onclose}
            />
        </div>
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new(t!("field.name")),
        Column::new(t!("field.scope")),
        Column::new(t!("profile.token_expires")),
        Column::new(t!("profile.token_used")),
        Column::new(t!("profile.token_acts")),
    ]
}

fn row(token: &TokenView, doomed: &UseStateHandle<Option<TokenView>>) -> (String, Vec<Html>) {
    let onclick = {
        let (doomed, token) = (doomed.clone(), token.clone());
        Callback::from(move |_: MouseEvent| doomed.set(Some(token.clone())))
    };
    let used = token.last_used_at.map_or_else(|| t!("profile.token_never_used"), format::date_time);
    let cells = vec![
        html! { token.name.clone() },
        html! { i18n::word("token_scope", token.scope.as_str()) },
        html! { format::date_of(token.expires_at) },
        html! { used },
        html! { <Button label={t!("profile.revoke")} size={ButtonSize::Small} {onclick} /> },
    ];
    (token.id.to_string(), cells)
}

#[derive(Properties, PartialEq)]
struct NewTokenProps {
    oncreated: Callback<()>,
}

#[component]
fn NewToken(props: &NewTokenProps) -> Html {
    let toaster = use_toaster();
    let form = use_state(blank);
    let tried = use_state(|| false);
    let secret = use_state(|| None::<String>);
    let create = {
        let (form, tried, secret, oncreated) =
            (form.clone(), tried.clone(), secret.clone(), props.oncreated.clone());
        use_submit(
            |body: TokenNew, key| async move { api::auth::create_token(&body, &key).await },
            Callback::from(move |created: TokenCreated| {
                form.set(blank());
                tried.set(false);
                secret.set(Some(created.secret));
                oncreated.emit(());
            }),
        )
    };
    let errors: Vec<FieldError> = match &create.error {
        Some(error) => error.fields().to_vec(),
        None if *tried => form.check().err().unwrap_or_default(),
        None => Vec::new(),
    };
    let onsubmit = {
        let (form, tried, run) = (form.clone(), tried.clone(), create.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if form.check().is_ok() {
                run.emit((*form).clone());
            }
        })
    };
    let set = |apply: fn(&mut TokenNew, String)| {
        let form = form.clone();
        Callback::from(move |text: String| {
            let mut next = (*form).clone();
            apply(&mut next, text);
            form.set(next);
        })
    };
    let copy = {
        let secret = secret.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(secret) = &*secret {
                browser::copy(secret);
                toaster.success(t!("profile.token_copied"));
            }
        })
    };
    let scopes = TokenScope::ALL
        .iter()
        .map(|scope| (scope.as_str().into(), i18n::word("token_scope", scope.as_str())))
        .collect::<Vec<_>>();
    let lifetimes = LIFETIMES_DAYS
        .iter()
        .map(|days| (days.to_string().into(), crate::tn!("profile.days", *days)))
        .collect::<Vec<_>>();
    html! {
        <Card title={t!("profile.new_token")}>
            if let Some(secret) = &*secret {
                <div role="status" class="mb-4">
                    <Note tone={Tone::Good}>
                        <p class="font-medium">{ t!("profile.token_secret") }</p>
                        <code class="mt-1 block break-all select-all">{ secret.clone() }</code>
                        <Button label={t!("profile.copy")} icon={IconName::Copy} size={ButtonSize::Small} onclick={copy} class="mt-2" />
                    </Note>
                </div>
            }
            <form {onsubmit} class="space-y-4" novalidate=true>
                <FormError error={create.error.clone().filter(|error| error.fields().is_empty())} />
                <TextInput
                    id="token-name"
                    label={t!("field.name")}
                    hint={t!("profile.token_name_hint")}
                    value={form.name.clone()}
                    oninput={set(|form, text| form.name = text)}
                    error={error::of_field(&errors, "name")}
                    autocomplete="off"
                />
                <Segmented
                    name="token-scope"
                    label={t!("field.scope")}
                    value={form.scope.as_str()}
                    options={scopes}
                    onchange={set(|form, text| form.scope = text.parse().unwrap_or(TokenScope::Read))}
                />
                <Select
                    id="token-days"
                    label={t!("field.expires_in_days")}
                    value={form.expires_in_days.to_string()}
                    options={lifetimes}
                    onchange={set(|form, text| form.expires_in_days = text.parse().unwrap_or(30))}
                    error={error::of_field(&errors, "expires_in_days")}
                />
                <Button label={t!("profile.create_token")} kind={ButtonKind::Primary} submit=true busy={create.busy} />
            </form>
        </Card>
    }
}

fn blank() -> TokenNew {
    TokenNew { name: String::new(), scope: TokenScope::Read, expires_in_days: 30 }
}
