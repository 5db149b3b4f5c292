//! How the KPI stands: value against target and expectation, score, band, pace, progress.

use std::rc::Rc;

use kpi_api::{kpi::KpiView, scoring::Kind};
use yew::prelude::*;

use crate::{
    core::{format, i18n},
    t,
    ui::{ProgressBar, ScoreRing},
    widgets::{BandMark, DirectionMark, PaceMark, band_tone, measure::Measure},
};

#[derive(Properties, PartialEq)]
pub struct StandingProps {
    pub kpi: Rc<KpiView>,
    /// Opens the receipt.
    pub onreceipt: Callback<()>,
}

#[component]
pub fn Standing(props: &StandingProps) -> Html {
    let kpi = &props.kpi;
    let measure = Measure::from(&**kpi);
    let receipt = props.onreceipt.reform(|_: MouseEvent| ());
    let milestones = (kpi.kind == Kind::Milestones).then(|| {
        let done = kpi.milestones.iter().filter(|milestone| milestone.done).count();
        t!("kpi.detail.milestones", done = done, all = kpi.milestones.len())
    });
    let value = match kpi.current_value {
        Some(_) => milestones.unwrap_or_else(|| measure.value(kpi.current_value)),
        None => t!("kpi.no_value"),
    };
    html! {
        <section class="surface flex flex-wrap items-center gap-x-8 gap-y-5 p-5" aria-label={t!("kpi.detail.standing")}>
            <button type="button" class="flex cursor-pointer items-center gap-4 rounded-box text-start" onclick={receipt} title={t!("kpi.detail.open_receipt")}>
                <ScoreRing score={kpi.score} tone={band_tone(kpi.band)} label={i18n::field_name("score")} />
                <span class="space-y-1.5">
                    <span class="block"><BandMark band={kpi.band} /></span>
                    <span class="block text-sm"><PaceMark pace={kpi.pace} /></span>
                    <span class="link block text-sm">{ t!("kpi.detail.open_receipt") }</span>
                </span>
            </button>
            <dl class="flex flex-1 basis-72 flex-wrap gap-x-8 gap-y-3">
                { figure(t!("kpi.detail.value"), html! { <span class={classes!(kpi.current_value.is_none().then_some("text-muted text-base font-normal"))}>{ value }</span> }) }
                { figure(i18n::field_name("target"), html! {
                    <>
                        { measure.target() }
                        <span class="mt-0.5 block text-xs font-normal"><DirectionMark kind={kpi.kind} direction={kpi.direction} /></span>
                    </>
                }) }
                if kpi.expected_value.is_some() {
                    { figure(t!("kpi.detail.expected"), html! { measure.value(kpi.expected_value) }) }
                }
            </dl>
            <div class="w-full basis-60 sm:w-60 sm:flex-none">
                <div class="mb-1 flex items-baseline justify-between gap-2 text-sm">
                    <span class="font-medium">{ t!("kpi.progress") }</span>
                    <span class="text-muted tabular-nums">{ format::percent(kpi.progress_percentage) }</span>
                </div>
                <ProgressBar value={kpi.progress_percentage} tone={band_tone(kpi.band)} label={t!("kpi.progress")} height="h-2" />
                <p class="mt-2 text-sm text-muted">{ t!("kpi.detail.weight", weight = format::percent(Some(kpi.weight))) }</p>
            </div>
        </section>
    }
}

fn figure(name: AttrValue, value: Html) -> Html {
    html! {
        <div>
            <dt class="text-sm text-muted">{ name }</dt>
            <dd class="text-lg font-semibold break-words tabular-nums">{ value }</dd>
        </div>
    }
}
