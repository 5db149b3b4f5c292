//! What one wants to be told, kind by kind: in the app, by mail, and how often mail may come.

use std::rc::Rc;

use kpi_api::{
    id::Version,
    notification::{
        KindPreference, MailRhythm, NotificationKind, NotificationPreferences, NotificationPreferencesPut,
    },
};
use yew::prelude::*;

use crate::{
    core::{api, i18n, remote::use_remote, submit::use_submit, toast::use_toaster},
    t,
    ui::{Button, ButtonKind, Card, Checkbox, Note, Segmented, Select, SkeletonRows, Tone, remote},
    widgets::Refusal,
};

#[component]
pub fn Preferences() -> Html {
    let stored = use_remote((), |()| async { api::notifications::preferences().await });
    remote::show(&stored, html! { <SkeletonRows rows={8} /> }, |found| {
        html! { <Form stored={Rc::clone(found)} onchange={stored.set.clone()} reload={stored.reload.clone()} /> }
    })
}

#[derive(Properties, PartialEq)]
struct FormProps {
    stored: Rc<NotificationPreferences>,
    onchange: Callback<NotificationPreferences>,
    reload: Callback<()>,
}

fn of(stored: &NotificationPreferences) -> NotificationPreferencesPut {
    let kinds = NotificationKind::ALL
        .iter()
        .map(|kind| {
            let known = stored.kinds.iter().find(|known| known.kind == *kind);
            known.copied().unwrap_or(KindPreference::default_of(*kind))
        })
        .collect();
    NotificationPreferencesPut { kinds, mail_rhythm: stored.mail_rhythm, daily_hour: stored.daily_hour }
}

#[component]
fn Form(props: &FormProps) -> Html {
    let stored = &props.stored;
    let wanted = use_state(|| of(stored));
    let toaster = use_toaster();
    let version = stored.version;
    let save = use_submit(
        move |(version, wanted): (Version, NotificationPreferencesPut), _| async move {
            api::notifications::set_preferences(version, &wanted).await
        },
        {
            let (wanted, onchange) = (wanted.clone(), props.onchange.clone());
            Callback::from(move |stored: NotificationPreferences| {
                wanted.set(of(&stored));
                toaster.success(t!("notice.saved"));
                onchange.emit(stored);
            })
        },
    );
    let change = |apply: fn(&mut NotificationPreferencesPut, String)| {
        let wanted = wanted.clone();
        Callback::from(move |text: String| {
            let mut next = (*wanted).clone();
            apply(&mut next, text);
            wanted.set(next);
        })
    };
    let onsubmit = {
        let (run, wanted) = (save.run.clone(), wanted.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            run.emit((version, (*wanted).clone()));
        })
    };
    let onlatest = {
        let (reload, dismiss) = (props.reload.clone(), save.dismiss.clone());
        Callback::from(move |()| {
            reload.emit(());
            dismiss.emit(());
        })
    };
    let unchanged = *wanted == of(stored);
    let mails = wanted.mail_rhythm != MailRhythm::Never;
    html! {
        <form {onsubmit} novalidate=true class="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
            <div class="min-w-0 space-y-4">
                <Refusal error={save.error.clone()} {onlatest} />
                <div class="surface">
                    <table class="switch-table">
                        <caption class="sr-only">{ t!("notice.kinds") }</caption>
                        <thead><tr>
                            <th scope="col">{ t!("notice.about") }</th>
                            <th scope="col">{ t!("notice.in_app") }</th>
                            <th scope="col">{ t!("notice.by_mail") }</th>
                        </tr></thead>
                        <tbody>{ for wanted.kinds.iter().map(|kind| row(*kind, mails, &wanted)) }</tbody>
                    </table>
                </div>
            </div>
            <Card title={t!("notice.mail")}>
                <div class="space-y-4">
                    if !stored.mail_enabled { <Note tone={Tone::Neutral}>{ t!("notice.mail_off") }</Note> }
                    <Segmented name="mail-rhythm" label={t!("notice.rhythm")} value={wanted.mail_rhythm.as_str()}
                        options={MailRhythm::ALL.iter().map(|rhythm| (AttrValue::from(rhythm.as_str()), i18n::word("mail_rhythm", rhythm.as_str()))).collect::<Vec<_>>()}
                        hint={hint(wanted.mail_rhythm)}
                        onchange={change(|wanted, text| if let Ok(rhythm) = text.parse() { wanted.mail_rhythm = rhythm; })} />
                    if wanted.mail_rhythm == MailRhythm::Daily {
                        <Select id="daily-hour" label={t!("notice.hour")} value={wanted.daily_hour.to_string()} hint={t!("notice.hour_hint")}
                            options={(0..24).map(|hour: u8| (AttrValue::from(hour.to_string()), AttrValue::from(format!("{hour:02}:00")))).collect::<Vec<_>>()}
                            onchange={change(|wanted, text| if let Ok(hour) = text.parse() { wanted.daily_hour = hour; })} />
                    }
                    <Button label={t!("notice.save")} kind={ButtonKind::Primary} submit=true busy={save.busy} disabled={unchanged.then(|| t!("notice.unchanged"))} />
                </div>
            </Card>
        </form>
    }
}

fn hint(rhythm: MailRhythm) -> AttrValue {
    match rhythm {
        MailRhythm::Soon => t!("notice.soon_hint"),
        MailRhythm::Daily => t!("notice.daily_hint"),
        MailRhythm::Never => t!("notice.never_hint"),
    }
}

fn row(of: KindPreference, mails: bool, wanted: &UseStateHandle<NotificationPreferencesPut>) -> Html {
    let kind = of.kind.as_str();
    let name = i18n::word("notification_kind", kind);
    let switch = |apply: fn(&mut KindPreference, bool)| {
        let wanted = wanted.clone();
        Callback::from(move |on: bool| {
            let mut next = (*wanted).clone();
            next.kinds.iter_mut().filter(|known| known.kind == of.kind).for_each(|known| apply(known, on));
            wanted.set(next);
        })
    };
    html! {
        <tr key={kind}>
            <th scope="row">{ name.clone() }</th>
            <td><Checkbox id={format!("app-{kind}")} bare=true label={t!("notice.app_of", kind = name)} checked={of.app} onchange={switch(|kind, on| kind.app = on)} /></td>
            <td><Checkbox id={format!("mail-{kind}")} bare=true label={t!("notice.mail_of", kind = name)} checked={of.mail && mails} disabled={!mails} onchange={switch(|kind, on| kind.mail = on)} /></td>
        </tr>
    }
}
