//! Recording a value in seconds: last and expected value beside the field, the score while typing, Enter saves.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use kpi_api::{
    checkin::{CheckInNew, CheckedIn},
    id::KpiId,
    kpi::{KpiView, Preview, PreviewBody},
    scoring::Kind,
    time::Date,
};
use yew::prelude::*;

use super::{
    findings::FindingsList,
    marks::{BandMark, PaceMark},
    measure::{Measure, after_check_in},
};
use crate::{
    core::{api, error, format, remote::use_remote, session::use_me, submit::use_submit, toast::use_toaster},
    t,
    ui::{
        Button, ButtonKind, Checkbox, DateInput, FormError, NumberInput, Segmented, Select, SkeletonLines,
        TextInput, remote,
    },
};

const PREVIEW_DELAY_MS: u32 = 300;

/// Fetches the KPI, then shows the form.
#[derive(Properties, PartialEq)]
pub struct CheckInByIdProps {
    pub id: KpiId,
    pub ondone: Callback<CheckedIn>,
    pub oncancel: Callback<()>,
}

#[component]
pub fn CheckInById(props: &CheckInByIdProps) -> Html {
    let kpi = use_remote(props.id, |id| async move { api::kpis::get(id).await });
    remote::show(&kpi, html! { <SkeletonLines lines={2} /> }, |kpi| {
        html! { <CheckInForm kpi={Rc::clone(kpi)} ondone={props.ondone.clone()} oncancel={props.oncancel.clone()} /> }
    })
}

#[derive(Properties, PartialEq)]
pub struct CheckInFormProps {
    pub kpi: Rc<KpiView>,
    pub ondone: Callback<CheckedIn>,
    pub oncancel: Callback<()>,
}

/// What is typed so far.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    value: Option<f64>,
    /// Whether what stands in the field is no number.
    junk: bool,
    milestones: Vec<bool>,
    on: Option<Date>,
    note: String,
    confidence: Option<u8>,
}

impl Entry {
    fn of(kpi: &KpiView) -> Self {
        Self {
            value: None,
            junk: false,
            milestones: kpi.milestones.iter().map(|milestone| milestone.done).collect(),
            on: None,
            note: String::new(),
            confidence: None,
        }
    }

    /// The request, once there is something to record.
    fn body(&self, kind: Kind) -> Option<CheckInNew> {
        let is_list = kind == Kind::Milestones;
        if self.junk || (!is_list && self.value.is_none()) {
            return None;
        }
        Some(CheckInNew {
            value: self.value.filter(|_| !is_list),
            on: self.on,
            note: self.note.trim().to_owned(),
            confidence: self.confidence,
            milestones: is_list.then(|| self.milestones.clone()),
        })
    }

    /// What to ask the server for the score to come; none where it cannot be told yet.
    fn preview(&self, kpi: &KpiView) -> Option<PreviewBody> {
        let body = self.body(kpi.kind)?;
        let mut definition = kpi.definition();
        let current_value = match body.value {
            Some(value) => Some(after_check_in(kpi.rollup, kpi.current_value, value)?),
            None => {
                for (milestone, done) in definition.milestones.iter_mut().zip(&self.milestones) {
                    milestone.done = *done;
                }
                None
            }
        };
        Some(PreviewBody::of(definition, Some(kpi.id), current_value))
    }
}

#[component]
pub fn CheckInForm(props: &CheckInFormProps) -> Html {
    let kpi = &props.kpi;
    let me = use_me();
    let toaster = use_toaster();
    let entry = use_state(|| Entry::of(kpi));
    let tried = use_state(|| false);
    let save = {
        let (id, ondone) = (kpi.id, props.ondone.clone());
        use_submit(
            move |body: CheckInNew, key| async move { api::kpis::check_in(id, &body, &key).await },
            Callback::from(move |done: CheckedIn| {
                toaster.success(t!(
                    "check_in.saved",
                    title = done.kpi.title,
                    value = Measure::from(&done.kpi).value(Some(done.check_in.value))
                ));
                ondone.emit(done);
            }),
        )
    };
    let preview = use_preview(kpi, &entry);

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
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match entry.body(kind) {
                Some(body) => run.emit(body),
                None => tried.set(true),
            }
        })
    };
    let cancel = props.oncancel.reform(|_: MouseEvent| ());
    let errors = save.error.as_ref().map_or(&[][..], |error| error.fields());
    let missing = (*tried && entry.body(kpi.kind).is_none()).then(|| t!("check_in.value_missing"));
    let prefix = format!("check-in-{}", kpi.id);

    html! {
        <form {onsubmit} class="space-y-4" novalidate=true aria-label={t!("check_in.form", title = kpi.title)}>
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
                optional=true
                value={entry.note.clone()}
                oninput={change(|entry, text| entry.note = text)}
                error={error::of_field(errors, "note")}
            />
            <details open={error::of_field(errors, "on").is_some()}>
                <summary class="cursor-pointer text-sm text-muted">{ t!("check_in.more") }</summary>
                <div class="mt-3 grid gap-4 sm:grid-cols-2">
                    <DateInput
                        id={format!("{prefix}-on")}
                        label={t!("check_in.on")}
                        value={entry.on.or(Some(me.today.min(kpi.ends_on)))}
                        min={kpi.starts_on}
                        max={me.today.min(kpi.ends_on)}
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

fn value_field(kpi: &KpiView, entry: &UseStateHandle<Entry>, prefix: &str, error: Option<AttrValue>) -> Html {
    let measure = Measure::from(kpi);
    match kpi.kind {
        Kind::Boolean => {
            let onchange = {
                let entry = entry.clone();
                Callback::from(move |text: String| {
                    entry.set(Entry { value: Some(if text == "1" { 1.0 } else { 0.0 }), ..(*entry).clone() });
                })
            };
            html! {
                <div>
                    <Segmented
                        name={format!("{prefix}-value")}
                        label={t!("check_in.achieved")}
                        value={entry.value.map(|value| format!("{value:.0}")).unwrap_or_default()}
                        options={vec![("1".into(), t!("measure.yes")), ("0".into(), t!("measure.no"))]}
                        {onchange}
                    />
                    if let Some(error) = error { <p class="mt-1 text-sm text-error">{ error }</p> }
                </div>
            }
        }
        Kind::Milestones => html! {
            <fieldset class="space-y-2">
                <legend class="mb-1.5 text-sm font-medium">{ t!("check_in.milestones") }</legend>
                { for kpi.milestones.iter().enumerate().map(|(index, milestone)| {
                    let entry = entry.clone();
                    let checked = entry.milestones.get(index).copied().unwrap_or(false);
                    let onchange = Callback::from(move |done| {
                        let mut next = (*entry).clone();
                        if let Some(slot) = next.milestones.get_mut(index) {
                            *slot = done;
                        }
                        entry.set(next);
                    });
                    html! { <Checkbox id={format!("{prefix}-milestone-{index}")} label={milestone.title.clone()} {checked} {onchange} /> }
                }) }
                if let Some(error) = error { <p class="text-sm text-error">{ error }</p> }
            </fieldset>
        },
        Kind::Number | Kind::Percentage => {
            let onchange = {
                let entry = entry.clone();
                Callback::from(move |typed: crate::ui::number_input::Typed| {
                    let (value, junk) = (typed.ok().flatten(), typed.is_err());
                    entry.set(Entry { value, junk, ..(*entry).clone() });
                })
            };
            let hint =
                t!("check_in.hint", last = measure.value(kpi.current_value), target = measure.target());
            let hint = match kpi.expected_value {
                Some(expected) => {
                    format!("{hint} · {}", t!("check_in.expected", value = measure.value(Some(expected))))
                        .into()
                }
                None => hint,
            };
            html! {
                <NumberInput
                    id={format!("{prefix}-value")}
                    label={t!("check_in.value")}
                    value={entry.value}
                    unit={measure.shown_unit()}
                    {hint}
                    {error}
                    autofocus=true
                    {onchange}
                />
            }
        }
    }
}

fn preview_view(preview: Option<&Preview>) -> Html {
    match preview {
        None => html! { <div class="min-h-6 text-muted">{ t!("check_in.type_a_value") }</div> },
        Some(preview) => html! {
            <div class="space-y-2">
                <div class="flex min-h-6 flex-wrap items-center gap-2">
                    <BandMark band={preview.band} score={preview.score} />
                    <PaceMark pace={preview.pace} />
                    <span class="text-muted tabular-nums">{ format::percent(preview.progress_percentage) }</span>
                </div>
                if !preview.findings.is_empty() { <FindingsList findings={preview.findings.clone()} /> }
            </div>
        },
    }
}

/// Asks for the score to come a moment after the last key.
#[hook]
fn use_preview(kpi: &Rc<KpiView>, entry: &UseStateHandle<Entry>) -> Option<Preview> {
    let preview = use_state(|| None::<Preview>);
    let latest = use_mut_ref(|| 0_u32);
    use_effect_with(entry.preview(kpi), {
        let preview = preview.clone();
        move |body| {
            let run = {
                let mut latest = latest.borrow_mut();
                *latest = latest.wrapping_add(1);
                *latest
            };
            let timeout = match body.clone() {
                None => {
                    preview.set(None);
                    None
                }
                Some(body) => Some(Timeout::new(PREVIEW_DELAY_MS, move || {
                    yew::platform::spawn_local(async move {
                        // No preview is better than a wrong one: a refusal or an overtaken answer shows nothing new.
                        if let Ok(answer) = api::kpis::preview(&body).await
                            && *latest.borrow() == run
                        {
                            preview.set(Some(answer));
                        }
                    });
                })),
            };
            move || drop(timeout)
        }
    });
    (*preview).clone()
}

fn confidence_options() -> Vec<(AttrValue, AttrValue)> {
    let mut options = vec![(AttrValue::default(), t!("check_in.no_confidence"))];
    options.extend(
        (1..=10).map(|level: u8| (AttrValue::from(level.to_string()), AttrValue::from(level.to_string()))),
    );
    options
}
