//! Recording a value in seconds: last and expected value beside the field, the score while typing, Enter saves.

mod attach;
mod entry;
mod preview;
mod ready;
mod value;

use std::rc::Rc;

use kpi_api::{
    checkin::{CheckInNew, CheckedIn},
    id::KpiId,
    kpi::KpiView,
    permission::Role,
    scoring::{Kind, Severity},
};
use web_sys::File;
use yew::prelude::*;

pub use self::ready::prepare;
use self::{
    attach::Attach,
    entry::Entry,
    preview::{preview_view, use_preview},
    value::value_field,
};
use super::{findings::about, measure::Measure};
use crate::{
    core::{
        api, browser, error,
        outbox::{Recorded, Typed, use_outbox},
        remote::{Remote, use_remote},
        session::use_me,
        submit::use_submit,
        toast::use_toaster,
    },
    t,
    ui::{
        Button, ButtonKind, DateInput, ErrorState, FormError, Note, Select, SkeletonLines, TextInput, Tone,
    },
};

/// Fetches the KPI, then shows the form; at once where the KPI is known already.
#[derive(Properties, PartialEq)]
pub struct CheckInByIdProps {
    pub id: KpiId,
    pub ondone: Callback<CheckedIn>,
    pub oncancel: Callback<()>,
}

#[component]
pub fn CheckInById(props: &CheckInByIdProps) -> Html {
    let me = use_me();
    let found = use_remote(props.id, |id| async move { api::kpis::get(id).await });
    let kpi = match &found.remote {
        Remote::Ready(kpi) => {
            ready::keep(me.user.id, kpi);
            Some(Rc::clone(kpi))
        }
        Remote::Loading => ready::known(me.user.id, props.id),
        // Without a network what was seen last is enough to type a value.
        Remote::Failed(error) => ready::known(me.user.id, props.id).filter(|_| error.is_passing()),
    };
    match (kpi, &found.remote) {
        (Some(kpi), _) => {
            html! { <CheckInForm {kpi} ondone={props.ondone.clone()} oncancel={props.oncancel.clone()} /> }
        }
        (None, Remote::Failed(error)) => {
            html! { <ErrorState error={error.clone()} onretry={found.reload.clone()} /> }
        }
        (None, _) => html! { <SkeletonLines lines={2} /> },
    }
}

#[derive(Properties, PartialEq)]
pub struct CheckInFormProps {
    pub kpi: Rc<KpiView>,
    pub ondone: Callback<CheckedIn>,
    pub oncancel: Callback<()>,
}

#[component]
pub fn CheckInForm(props: &CheckInFormProps) -> Html {
    let kpi = &props.kpi;
    let me = use_me();
    let toaster = use_toaster();
    let outbox = use_outbox();
    // A value that was sent later and refused is put right here.
    let refused = use_memo(kpi.id, |id| {
        outbox.of(*id).find(|waiting| waiting.check_in.is_none() && waiting.refusal().is_some()).cloned()
    });
    let entry = use_state(|| match &*refused {
        Some(waiting) => Entry::again(kpi, &waiting.body),
        None => Entry::of(kpi),
    });
    let files = use_state(Vec::<File>::new);
    let tried = use_state(|| false);
    let last_day = me.today.min(kpi.ends_on);
    let save = {
        let (kpi, outbox) = (Rc::clone(kpi), outbox.clone());
        let (ondone, onkept) = (props.ondone.clone(), props.oncancel.clone());
        let (files, title) = (files.clone(), kpi.title.clone());
        let instead_of = refused.as_ref().as_ref().map(|waiting| waiting.key.clone());
        use_submit(
            move |body: CheckInNew, key| {
                let typed = Typed {
                    kpi: kpi.id,
                    title: kpi.title.clone(),
                    shown: shown(&kpi, &body),
                    // With its day, also when it is sent on another one.
                    body: CheckInNew { on: body.on.or(Some(last_day)), ..body },
                    files: (*files).clone(),
                    instead_of: instead_of.clone(),
                };
                let outbox = outbox.clone();
                async move { outbox.record(typed, key).await }
            },
            Callback::from(move |done: Recorded| match done {
                Recorded::Now(done) => {
                    toaster.success(t!(
                        "check_in.saved",
                        title = done.kpi.title,
                        value = Measure::from(&done.kpi).value(Some(done.check_in.value))
                    ));
                    ondone.emit(*done);
                }
                Recorded::Later => {
                    toaster.info(t!("check_in.kept", title = title));
                    onkept.emit(());
                }
            }),
        )
    };
    let preview = use_preview(kpi, &entry);
    let wants_note = preview.as_ref().and_then(|preview| about(&preview.findings, "note", Severity::Error));
    let needs_note = wants_note.is_some() && entry.note.trim().is_empty();
    // Whoever opened the form came to type the value.
    use_effect_with(kpi.id, |id| browser::focus(&format!("check-in-{id}-value")));

    let change = |apply: fn(&mut Entry, String)| {
        let entry = entry.clone();
        Callback::from(move |text: String| {
            let mut next = (*entry).clone();
            apply(&mut next, text);
            entry.set(next);
        })
    };
    let onsubmit = {
        let (entry, run, tried, kind) = (entry.clone(), save.run.clone(), tried.clone(), kpi.kind);
        let id = kpi.id;
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            match entry.body(kind) {
                Some(_) if needs_note => browser::focus(&format!("check-in-{id}-note")),
                Some(body) => run.emit(body),
                None => {}
            }
        })
    };
    let cancel = props.oncancel.reform(|_: MouseEvent| ());
    let errors = save.error.as_ref().map_or(&[][..], |error| error.fields());
    let missing = (*tried && entry.body(kpi.kind).is_none()).then(|| t!("check_in.value_missing"));
    let prefix = format!("check-in-{}", kpi.id);
    let note_error =
        error::of_field(errors, "note").or_else(|| wants_note.clone().filter(|_| *tried && needs_note));
    use_effect_with((note_error.is_some(), format!("{prefix}-note")), |(faulty, id)| {
        if *faulty {
            browser::focus(id);
        }
    });
    let onfiles = {
        let files = files.clone();
        Callback::from(move |chosen: Vec<File>| files.set(chosen))
    };
    let may_attach = kpi.user_id == me.user.id || me.user.role == Role::Admin;

    html! {
        <form {onsubmit} class="space-y-4" novalidate=true aria-label={t!("check_in.form", title = kpi.title)}>
            if let Some(error) = refused.as_ref().as_ref().and_then(|waiting| waiting.refusal()) {
                <Note tone={Tone::Warn}>{ t!("check_in.refused", reason = error.fields().first().map_or_else(|| error.sentence(), error::field_sentence)) }</Note>
            }
            <FormError error={save.error.clone().filter(|error| error.fields().is_empty())} />
            <div class="grid items-start gap-4 sm:grid-cols-2">
                { value_field(kpi, &entry, &prefix, error::of_field(errors, "value").or(missing)) }
                <div class="rounded-box bg-base-200 p-3 text-sm" aria-live="polite">
                    <div class="mb-1 text-muted">{ t!("check_in.score_after") }</div>
                    { preview_view(preview.as_ref()) }
                </div>
            </div>
            <TextInput
                id={format!("{prefix}-note")}
                label={t!("check_in.note")}
                optional={wants_note.is_none()}
                value={entry.note.clone()}
                oninput={change(|entry, text| entry.note = text)}
                hint={wants_note.clone().filter(|_| note_error.is_none())}
                error={note_error}
            />
            if may_attach { <Attach id={format!("{prefix}-files")} files={(*files).clone()} onchange={onfiles} /> }
            <details open={error::of_field(errors, "on").is_some()}>
                <summary class="cursor-pointer text-sm text-muted">{ t!("check_in.more") }</summary>
                <div class="mt-3 grid gap-4 sm:grid-cols-2">
                    <DateInput
                        id={format!("{prefix}-on")}
                        label={t!("check_in.on")}
                        value={entry.on.or(Some(last_day))}
                        min={kpi.starts_on}
                        max={last_day}
                        onchange={{
                            let entry = entry.clone();
                            Callback::from(move |on| entry.set(Entry { on, ..(*entry).clone() }))
                        }}
                        error={error::of_field(errors, "on")}
                    />
                    <Select
                        id={format!("{prefix}-confidence")}
                        label={t!("check_in.confidence")}
                        optional=true
                        value={entry.confidence.map(|confidence| confidence.to_string()).unwrap_or_default()}
                        options={confidence_options()}
                        onchange={change(|entry, text| entry.confidence = text.parse().ok())}
                        hint={t!("check_in.confidence_hint")}
                        error={error::of_field(errors, "confidence")}
                    />
                </div>
            </details>
            <div class="flex flex-wrap justify-end gap-2">
                <Button label={t!("ui.cancel")} kind={ButtonKind::Ghost} onclick={cancel} />
                <Button label={t!("check_in.save")} kind={ButtonKind::Primary} submit=true busy={save.busy} />
            </div>
        </form>
    }
}

/// What is recorded, in words.
fn shown(kpi: &KpiView, body: &CheckInNew) -> String {
    let words = match (kpi.kind, &body.milestones) {
        (Kind::Milestones, Some(milestones)) => {
            let done = milestones.iter().filter(|done| **done).count();
            t!("kpi.detail.milestones", done = done, all = milestones.len())
        }
        _ => Measure::from(kpi).value(body.value),
    };
    words.to_string()
}

fn confidence_options() -> Vec<(AttrValue, AttrValue)> {
    let mut options = vec![(AttrValue::default(), t!("check_in.no_confidence"))];
    options.extend(
        (1..=10).map(|level: u8| (AttrValue::from(level.to_string()), AttrValue::from(level.to_string()))),
    );
    options
}
