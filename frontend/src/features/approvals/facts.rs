//! What a result rests on: where it should stand, what it came to before, and how it scored.

use std::rc::Rc;

use kpi_api::{
    approvals::{EarlierResult, ResultFacts},
    checkin::CheckInView,
    kpi::KpiView,
    scoring::Kind,
};
use yew::prelude::*;

use crate::{
    core::format,
    route::Route,
    t,
    ui::{Card, LinkKind, RouteLink},
    widgets::{BandMark, CourseChart, PaceMark, measure::Measure, receipt::FetchedReceipt},
};

#[derive(Properties, PartialEq)]
pub struct ResultCardProps {
    pub kpi: Rc<KpiView>,
    pub facts: Option<ResultFacts>,
    pub check_ins: Vec<CheckInView>,
}

#[component]
pub fn ResultCard(props: &ResultCardProps) -> Html {
    let kpi = &props.kpi;
    let measure = Measure::from(&**kpi);
    let expected = props.facts.as_ref().and_then(|facts| facts.expected_value);
    let earlier = props.facts.as_ref().map(|facts| facts.earlier.as_slice()).unwrap_or_default();
    let actions = html! {
        <span class="flex flex-wrap items-center gap-3 text-sm"><BandMark band={kpi.band} score={kpi.score} is_flagged={kpi.is_flagged} /><PaceMark pace={kpi.pace} /></span>
    };
    html! {
        <Card title={t!("approvals.result")} {actions}>
            <p class="text-lg font-semibold tabular-nums">{ t!("approvals.value_of", value = measure.value(kpi.current_value), target = measure.target()) }</p>
            if expected.is_some() {
                <p class="text-sm text-muted tabular-nums">{ t!("kpi.detail.expected") }{ ": " }{ measure.value(expected) }</p>
            }
            if !props.check_ins.is_empty() && kpi.kind != Kind::Boolean {
                <div class="mt-3"><CourseChart kpi={Rc::clone(kpi)} check_ins={props.check_ins.clone()} height="h-48" /></div>
            }
            if !earlier.is_empty() {
                <h3 class="mt-4 mb-1 text-sm text-muted">{ t!("approvals.earlier") }</h3>
                <ul class="flex flex-wrap gap-x-6 gap-y-1 text-sm tabular-nums">{ for earlier.iter().map(|result| quarter(result, measure)) }</ul>
            }
            <details class="mt-4">
                <summary class="cursor-pointer text-sm font-medium">{ t!("receipt.title") }</summary>
                <div class="mt-3"><FetchedReceipt kpi={kpi.id} /></div>
            </details>
        </Card>
    }
}

fn quarter(result: &EarlierResult, measure: Measure<'_>) -> Html {
    html! {
        <li key={result.kpi_id.0}>
            <RouteLink to={Route::Kpi { id: result.kpi_id }} kind={LinkKind::Bare} class="underline">{ t!("kpi.period", quarter = result.quarter, year = result.year) }</RouteLink>
            { ": " }<span class="font-medium">{ measure.value(Some(result.value)) }</span>
            if result.score.is_some() { <span class="text-muted">{ " · " }{ t!("approvals.score", score = format::points(result.score)) }</span> }
        </li>
    }
}
