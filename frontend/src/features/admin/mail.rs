//! Whether mail works: a test that goes through the mail server now, and the mails that had trouble.

use kpi_api::{
    mail::{MailOutcome, MailState, MailView, TestMail, TestMailResult},
    page::Page,
};
use yew::prelude::*;

use crate::{
    core::{
        api, error, format, i18n,
        query::{Params, use_query_params},
        remote::use_remote,
        submit::use_submit,
    },
    t,
    ui::{
        Badge, Button, Card, EmptyState, FormError, IconName, Note, Pagination, Segmented, SkeletonRows,
        TextInput, Tone, remote,
    },
};

#[component]
pub fn MailCards() -> Html {
    html! {
        <div class="space-y-4"><TestCard /><MailsCard /></div>
    }
}

#[component]
fn TestCard() -> Html {
    let to = use_state(String::new);
    let result = use_state(|| None::<TestMailResult>);
    let send = {
        let result = result.clone();
        use_submit(
            |to: String, _key| async move {
                let to = Some(to.trim().to_owned()).filter(|to| !to.is_empty());
                api::mails::test(&TestMail { to }).await
            },
            Callback::from(move |found| result.set(Some(found))),
        )
    };
    let onsubmit = {
        let (to, result, run) = (to.clone(), result.clone(), send.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            result.set(None);
            run.emit((*to).clone());
        })
    };
    let oninput = {
        let (to, dismiss) = (to.clone(), send.dismiss.clone());
        Callback::from(move |text: String| {
            dismiss.emit(());
            to.set(text);
        })
    };
    let faults = send.error.as_ref().map_or(&[][..], |error| error.fields());
    html! {
        <Card title={t!("mails.test")}>
            <form {onsubmit} class="space-y-4" novalidate=true>
                <p class="text-sm text-muted">{ t!("mails.test_lead") }</p>
                <FormError error={send.error.clone().filter(|error| error.fields().is_empty())} />
                <TextInput id="mail-to" label={t!("mails.to")} kind="email" optional=true value={(*to).clone()} {oninput} hint={t!("mails.to_hint")}
                    error={error::of_field(faults, "to")} autocomplete="off" />
                <Button label={t!("mails.send")} icon={IconName::Send} submit=true busy={send.busy} />
                <div role="status">{ (*result).as_ref().map(told).unwrap_or_default() }</div>
            </form>
        </Card>
    }
}

/// How far it came; with the server's own sentence where something is to be done.
fn told(result: &TestMailResult) -> Html {
    let good = result.outcome == MailOutcome::Sent;
    html! {
        <Note tone={if good { Tone::Good } else { Tone::Bad }}>
            <p class="font-medium">{ i18n::word("mail_outcome", result.outcome.as_str()) }</p>
            <p class="break-words">{ t!("mails.tried", to = result.to) }</p>
            if !good { <p class="mt-1 text-sm break-words" lang="en">{ result.detail.clone() }</p> }
        </Note>
    }
}

#[component]
fn MailsCard() -> Html {
    let (params, set) = use_query_params();
    let state = params.read::<MailState>("mails").unwrap_or(MailState::Failed);
    let page = params.read::<u32>("page").unwrap_or(1);
    let mails = use_remote((state, page), |(state, page)| async move {
        let query = Params::new().with("state", state).with("page", page).with("per_page", 10);
        api::mails::list(&query).await
    });
    let onstate = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |state: String| set.emit(params.clone().with("mails", state).without("page")))
    };
    let onpage = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |page: u32| set.emit(params.clone().with("page", page)))
    };
    let states = MailState::ALL
        .iter()
        .map(|state| (state.as_str().into(), i18n::word("mail_state", state.as_str())))
        .collect::<Vec<_>>();
    html! {
        <Card title={t!("mails.list")}>
            <Segmented name="mail-state" label={t!("mails.state")} compact=true value={state.as_str()} options={states} onchange={onstate} />
            { remote::show(&mails, html! { <SkeletonRows rows={3} /> }, |found| list(found, state, &onpage)) }
        </Card>
    }
}

fn list(page: &Page<MailView>, state: MailState, onpage: &Callback<u32>) -> Html {
    if page.items.is_empty() {
        let title = if state == MailState::Failed { t!("mails.no_trouble") } else { t!("mails.none") };
        return html! { <EmptyState icon={IconName::CheckCircle} {title} /> };
    }
    html! {
        <>
            <ul class="mt-2 divide-y divide-base-300">{ for page.items.iter().map(entry) }</ul>
            <Pagination page={page.page} per_page={page.per_page} total={page.total} onpage={onpage.clone()} />
        </>
    }
}

fn entry(mail: &MailView) -> Html {
    let tone = match mail.state {
        MailState::Queued if mail.attempts > 0 => Tone::Warn,
        MailState::Queued => Tone::Accent,
        MailState::Sent => Tone::Good,
        MailState::Failed => Tone::Bad,
        MailState::Withdrawn => Tone::Neutral,
    };
    let receiver = mail.receiver.as_ref().map(|person| person.full_name.clone());
    let who = receiver.or_else(|| mail.address.clone()).unwrap_or_else(|| t!("mails.nobody").to_string());
    html! {
        <li key={mail.id} class="py-2.5 text-sm">
            <div class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
                <span class="min-w-0 font-medium break-words">{ who }</span>
                <Badge label={i18n::word("mail_state", mail.state.as_str())} {tone} />
            </div>
            <p class="text-muted">
                { i18n::word("mail_purpose", mail.purpose.as_str()) }{ " · " }{ format::date_time(mail.sent_at.unwrap_or(mail.created_at)) }
                if let Some(next) = mail.next_attempt_at.filter(|_| mail.attempts > 0) { { " · " }{ t!("mails.again_at", at = format::date_time(next)) } }
            </p>
            if let Some(fault) = &mail.last_error { <p class="break-words" lang="en">{ fault.clone() }</p> }
        </li>
    }
}
