//! A KPI in one line (or one card on a phone): title, whose, value against target, progress, band, pace, status.

use kpi_api::kpi::KpiRow;
use yew::prelude::*;

use super::{
    marks::{BandMark, PaceMark, StatusPill, band_tone},
    measure::Measure,
};
use crate::{
    core::format,
    route::Route,
    t,
    ui::{LinkKind, ProgressBar, RouteLink},
};

#[derive(Properties, PartialEq)]
pub struct KpiLineProps {
    pub kpi: KpiRow,
    /// Shows whose it is.
    #[prop_or_default]
    pub with_owner: bool,
    #[prop_or(true)]
    pub with_status: bool,
    /// A line below the title, e.g. why it is in a list.
    #[prop_or_default]
    pub note: Html,
    /// At the end, e.g. a button.
    #[prop_or_default]
    pub actions: Html,
}

#[component]
pub fn KpiLine(props: &KpiLineProps) -> Html {
    let kpi = &props.kpi;
    let measure = Measure::from(kpi);
    html! {
        <div class="flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3">
            <div class="min-w-0 flex-1 basis-64">
                <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <RouteLink to={Route::Kpi { id: kpi.id }} kind={LinkKind::Bare} class="font-medium break-words hover:underline">{ kpi.title.clone() }</RouteLink>
                    if props.with_status { <StatusPill status={kpi.status} /> }
                </div>
                <div class="mt-0.5 flex flex-wrap gap-x-2 text-sm text-muted">
                    if props.with_owner { <span>{ kpi.user_name.clone() }</span> }
                    <span>{ t!("kpi.period", quarter = kpi.quarter, year = kpi.year) }</span>
                    { props.note.clone() }
                </div>
            </div>
            <div class="basis-full sm:flex-none sm:basis-48">
                <div class="flex flex-wrap items-baseline justify-between gap-x-2 text-sm whitespace-nowrap tabular-nums">
                    <span class="font-medium">{ measure.value(kpi.current_value) }</span>
                    <span class="text-muted">{ measure.target() }</span>
                </div>
                <div class="mt-1"><ProgressBar value={kpi.progress_percentage} tone={band_tone(kpi.band)} label={t!("kpi.progress")} /></div>
                <div class="mt-1 flex items-center justify-between gap-2 text-xs">
                    <span class="text-muted tabular-nums">{ format::percent(kpi.progress_percentage) }</span>
                    <PaceMark pace={kpi.pace} />
                </div>
            </div>
            <div class="flex items-center gap-2 sm:w-36 sm:justify-end"><BandMark band={kpi.band} score={kpi.score} is_flagged={kpi.is_flagged} /></div>
            if props.actions != Html::default() {
                <div class="flex items-center gap-2 sm:w-32 sm:justify-end">{ props.actions.clone() }</div>
            }
        </div>
    }
}
