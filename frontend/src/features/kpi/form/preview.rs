//! What the KPI as typed would score: asked of the server a moment after the last key.

use gloo_timers::callback::Timeout;
use kpi_api::{
    id::KpiId,
    kpi::{KpiNew, Preview, PreviewBody},
    scoring::Kind,
};
use yew::prelude::*;

use super::entry::{Editor, Entry};
use crate::{
    core::{api, error::ApiError, format, i18n},
    t,
    ui::{Checkbox, NumberInput, ProgressBar, ScoreRing, Segmented, number_input::Typed},
    widgets::{BandMark, FindingsList, PaceMark, band_tone, measure::Measure},
};

const TYPING_MS: u32 = 300;

/// The last answer, whether a newer one is on its way, and why there is none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Previewed {
    pub shown: Option<Preview>,
    pub busy: bool,
    pub failed: Option<ApiError>,
}

#[hook]
pub fn use_preview(kpi: &KpiNew, id: Option<KpiId>, value: Option<f64>) -> Previewed {
    let state = use_state(Previewed::default);
    let latest = use_mut_ref(|| 0_u32);
    let last = use_mut_ref(|| None::<Preview>);
    use_effect_with((kpi.clone(), id, value), {
        let state = state.clone();
        move |(kpi, id, value)| {
            let run = {
                let mut latest = latest.borrow_mut();
                *latest = latest.wrapping_add(1);
                *latest
            };
            let body = PreviewBody::of(kpi.clone(), *id, *value);
            let timeout = Timeout::new(TYPING_MS, move || {
                state.set(Previewed { shown: last.borrow().clone(), busy: true, failed: None });
                yew::platform::spawn_local(async move {
                    let answer = api::kpis::preview(&body).await;
                    if *latest.borrow() != run {
                        return;
                    }
                    match answer {
                        Ok(preview) => {
                            *last.borrow_mut() = Some(preview.clone());
                            state.set(Previewed { shown: Some(preview), busy: false, failed: None });
                        }
                        Err(error) => state.set(Previewed { shown: None, busy: false, failed: Some(error) }),
                    }
                });
            });
            move || drop(timeout)
        }
    });
    (*state).clone()
}

#[derive(Properties, PartialEq)]
pub struct PreviewPanelProps {
    pub preview: Previewed,
    pub entry: Entry,
    pub editor: Editor,
}

#[component]
pub fn PreviewPanel(props: &PreviewPanelProps) -> Html {
    let preview = &props.preview;
    html! {
        <aside class="surface p-4 sm:p-5 lg:sticky lg:top-20" aria-labelledby="preview-title">
            <h2 id="preview-title" class="text-base font-semibold">{ t!("kpi.preview.title") }</h2>
            <p class="mt-0.5 mb-4 text-sm text-muted">{ t!("kpi.preview.lead") }</p>
            { what_if(props) }
            <div class={classes!("mt-4", "space-y-4", preview.busy.then_some("is-refreshing"))} aria-live="polite" aria-busy={preview.busy.then_some("true")}>
                if let Some(error) = &preview.failed {
                    <p class="text-sm text-error">{ error.sentence() }</p>
                    <ul class="list-disc ps-5 text-sm">
                        { for error.fields().iter().map(|fault| html! { <li>{ i18n::field_name(&fault.field) }{ ": " }{ crate::core::error::field_sentence(fault) }</li> }) }
                    </ul>
                }
                if let Some(shown) = &preview.shown { { outcome(shown) } }
            </div>
        </aside>
    }
}

fn what_if(props: &PreviewPanelProps) -> Html {
    let kpi = &props.entry.kpi;
    let editor = props.editor.clone();
    match kpi.kind {
        Kind::Number | Kind::Percentage => {
            let onchange = Callback::from(move |typed: Typed| {
                if let Ok(value) = typed {
                    editor.change(move |entry| entry.what_if = value);
                }
            });
            html! { <NumberInput id="preview-value" label={t!("kpi.preview.if_value")} value={props.entry.what_if} unit={Measure::from(kpi).shown_unit()} {onchange} /> }
        }
        Kind::Boolean => {
            let onchange = Callback::from(move |text: String| {
                editor.change(move |entry| entry.what_if = text.parse().ok());
            });
            html! {
                <Segmented name="preview-value" label={t!("kpi.preview.if_done")} value={props.entry.what_if.map(|value| format!("{value:.0}")).unwrap_or_default()}
                    options={vec![("1".into(), t!("measure.yes")), ("0".into(), t!("measure.no"))]} {onchange} />
            }
        }
        Kind::Milestones if kpi.milestones.is_empty() => Html::default(),
        Kind::Milestones => html! {
            <fieldset class="space-y-2">
                <legend class="mb-1.5 text-sm font-medium">{ t!("kpi.preview.if_milestones") }</legend>
                { for kpi.milestones.iter().enumerate().map(|(index, milestone)| {
                    let editor = editor.clone();
                    let onchange = Callback::from(move |done| editor.change(move |entry| {
                        if let Some(milestone) = entry.kpi.milestones.get_mut(index) {
                            milestone.done = done;
                        }
                    }));
                    let label = if milestone.title.trim().is_empty() { t!("kpi.form.milestone_nr", number = index + 1) } else { milestone.title.clone().into() };
                    html! { <Checkbox key={index} id={format!("preview-milestone-{index}")} {label} checked={milestone.done} {onchange} /> }
                }) }
            </fieldset>
        },
    }
}

fn outcome(preview: &Preview) -> Html {
    html! {
        <>
            <div class="flex items-center gap-4">
                <ScoreRing score={preview.score} tone={band_tone(preview.band)} label={i18n::field_name("score")} size="size-20" />
                <div class="min-w-0 flex-1 space-y-1.5">
                    <div><BandMark band={preview.band} /></div>
                    <div class="text-sm"><PaceMark pace={preview.pace} /></div>
                    <ProgressBar value={preview.progress_percentage} tone={band_tone(preview.band)} label={t!("kpi.progress")} />
                    <div class="text-xs text-muted tabular-nums">{ t!("kpi.preview.progress", value = format::percent(preview.progress_percentage)) }</div>
                </div>
            </div>
            if !preview.receipt.steps.is_empty() {
                <section>
                    <h3 class="mb-1 text-sm font-semibold">{ t!("receipt.steps") }</h3>
                    <ol class="list-decimal space-y-1 ps-5 text-sm">
                        { for preview.receipt.steps.iter().map(|step| html! { <li>{ i18n::said(step) }</li> }) }
                    </ol>
                </section>
            }
            <section>
                <h3 class="mb-1 text-sm font-semibold">{ t!("kpi.preview.findings") }</h3>
                if preview.findings.is_empty() {
                    <p class="text-sm text-muted">{ t!("kpi.preview.no_findings") }</p>
                } else {
                    <FindingsList findings={preview.findings.clone()} />
                }
            </section>
        </>
    }
}
