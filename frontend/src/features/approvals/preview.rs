//! What has to be known to decide: who, what, what changed, how it scored, how it came about.

use std::rc::Rc;

use kpi_api::{
    approvals::{ApprovalRow, QueueReason},
    checkin::CheckInView,
    history::HistoryRow,
    id::HistoryId,
    kpi::{Act, KpiView},
    scoring::Kind,
};
use yew::prelude::*;

use crate::{
    core::{api, format, i18n, remote::use_remote},
    route::Route,
    t,
    ui::{Button, ButtonKind, Card, IconName, LinkKind, Note, RouteLink, SkeletonLines, remote},
    widgets::{
        BandMark, ChangesTable, CourseChart, DefinitionList, FindingsList, PaceMark, ReceiptDialog, Timeline,
        definition::facts, measure::Measure, receipt::FetchedReceipt,
    },
};

/// Rows of the history shown; the whole stands on the KPI's own page.
const SHORT: usize = 4;

#[derive(Properties, PartialEq)]
pub struct PreviewProps {
    pub row: ApprovalRow,
    pub busy: bool,
    pub ondecide: Callback<Act>,
}

struct Found {
    kpi: Rc<KpiView>,
    check_ins: Vec<CheckInView>,
    history: Vec<HistoryRow>,
}

#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let row = &props.row;
    let found = use_remote((row.kpi.id, row.kpi.version), |(id, _)| async move {
        let (kpi, check_ins, history) =
            futures_util::join!(api::kpis::get(id), api::kpis::check_ins(id), api::kpis::history(id));
        Ok(Found { kpi: Rc::new(kpi?), check_ins: check_ins?.items, history: history?.items })
    });
    let receipt = use_state(|| None::<HistoryId>);
    let onreceipt = {
        let receipt = receipt.clone();
        Callback::from(move |id| receipt.set(Some(id)))
    };
    let close = {
        let receipt = receipt.clone();
        Callback::from(move |()| receipt.set(None))
    };
    html! {
        <article class="space-y-5" aria-labelledby="preview-title">
            <div class="surface p-4 sm:p-5">
                <div class="flex flex-wrap items-start justify-between gap-4">
                    <div class="min-w-0 flex-1 basis-64">
                        <p class="text-sm font-medium text-primary">{ i18n::word("queue_reason", row.reason.as_str()) }</p>
                        <h2 id="preview-title" class="text-lg font-semibold break-words">{ row.kpi.title.clone() }</h2>
                        <p class="text-sm text-muted">
                            { row.kpi.user_name.clone() }
                            if let Some(department) = &row.kpi.department_name { { " · " }{ department.clone() } }
                            { " · " }{ t!("kpi.period", quarter = row.kpi.quarter, year = row.kpi.year) }
                            { " · " }{ t!("approvals.since", at = format::date_time(row.waiting_since)) }
                        </p>
                    </div>
                    <div class="flex flex-wrap gap-2">{ for row.decisions.iter().map(|act| decision(*act, props)) }</div>
                </div>
                if let Some(comment) = row.comment.as_deref().filter(|comment| !comment.is_empty()) {
                    <Note class="mt-4">
                        <p class="text-sm text-muted">{ t!("approvals.comment", name = row.kpi.user_name) }</p>
                        <p class="break-words whitespace-pre-line">{ comment.to_owned() }</p>
                    </Note>
                }
                if !row.flags.is_empty() {
                    <div class="note tone-warn mt-4"><FindingsList findings={row.flags.clone()} /></div>
                }
                <p class="mt-4 text-sm"><RouteLink to={Route::Kpi { id: row.kpi.id }} kind={LinkKind::Text}>{ t!("approvals.open") }</RouteLink></p>
            </div>
            if !row.changes.is_empty() {
                <Card title={t!("approvals.changes")}><ChangesTable caption={t!("approvals.changes")} changes={row.changes.clone()} /></Card>
            }
            { remote::show(&found, html! { <SkeletonLines lines={6} /> }, |found| facts_of(found, row, &onreceipt)) }
            <ReceiptDialog kpi={row.kpi.id} at={*receipt} open={receipt.is_some()} onclose={close} />
        </article>
    }
}

fn decision(act: Act, props: &PreviewProps) -> Html {
    let onclick = props.ondecide.reform(move |_: MouseEvent| act);
    let (kind, icon) = if act.needs_reason() {
        (ButtonKind::Secondary, IconName::Undo)
    } else {
        (ButtonKind::Primary, IconName::Check)
    };
    html! { <Button key={act.as_str()} label={i18n::word("act", act.as_str())} {kind} {icon} busy={props.busy && !act.needs_reason()} {onclick} /> }
}

fn facts_of(found: &Found, row: &ApprovalRow, onreceipt: &Callback<HistoryId>) -> Html {
    let kpi = &found.kpi;
    let measure = Measure::from(&**kpi);
    let is_result = row.reason == QueueReason::Result;
    html! {
        <div class="space-y-5">
            if is_result {
                <Card title={t!("approvals.result")} actions={html! { <span class="flex flex-wrap items-center gap-3 text-sm"><BandMark band={kpi.band} score={kpi.score} /><PaceMark pace={kpi.pace} /></span> }}>
                    <p class="mb-3 text-lg font-semibold tabular-nums">{ t!("approvals.value_of", value = measure.value(kpi.current_value), target = measure.target()) }</p>
                    if !found.check_ins.is_empty() && kpi.kind != Kind::Boolean {
                        <CourseChart kpi={Rc::clone(kpi)} check_ins={found.check_ins.clone()} height="h-48" />
                    }
                    <details class="mt-4">
                        <summary class="cursor-pointer text-sm font-medium">{ t!("receipt.title") }</summary>
                        <div class="mt-3"><FetchedReceipt kpi={kpi.id} /></div>
                    </details>
                </Card>
            }
            <Card title={t!("approvals.definition")}>
                if !kpi.description.is_empty() { <p class="mb-4 break-words whitespace-pre-line">{ kpi.description.clone() }</p> }
                <DefinitionList rows={facts(&kpi.definition())} />
                if !kpi.measurement_method.is_empty() {
                    <h3 class="mt-4 text-sm text-muted">{ i18n::field_name("measurement_method") }</h3>
                    <p class="text-sm break-words whitespace-pre-line">{ kpi.measurement_method.clone() }</p>
                }
            </Card>
            if !is_result && !found.check_ins.is_empty() && kpi.kind != Kind::Boolean {
                <Card title={t!("approvals.values")}><CourseChart kpi={Rc::clone(kpi)} check_ins={found.check_ins.clone()} height="h-48" /></Card>
            }
            <Card title={t!("approvals.history")}>
                <Timeline kpi={Rc::clone(kpi)} rows={found.history.iter().take(SHORT).cloned().collect::<Vec<_>>()} onreceipt={onreceipt.clone()} />
            </Card>
        </div>
    }
}
