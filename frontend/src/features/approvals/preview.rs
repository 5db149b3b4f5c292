//! What has to be known to decide: who, what, what changed, how it scored, how it came about.

use std::rc::Rc;

use kpi_api::{
    approvals::{ApprovalRow, QueueReason},
    checkin::CheckInView,
    evidence::EvidenceList,
    history::HistoryRow,
    id::HistoryId,
    kpi::{Act, KpiView},
    scoring::Kind,
};
use yew::prelude::*;

use super::{evidence::EvidenceCard, facts::ResultCard, queue::evidence_marks};
use crate::{
    core::{
        api, format, i18n,
        live::{About, use_fresh},
        query::Params,
        remote::use_remote,
    },
    route::Route,
    t, tn,
    ui::{
        Button, ButtonKind, ButtonSize, Card, IconName, LinkKind, Note, RouteLink, SkeletonLines, Tone,
        remote,
    },
    widgets::{
        ChangesTable, CourseChart, DefinitionList, FindingsList, ReceiptDialog, Timeline, definition::facts,
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
    /// Absent where they could not be had; the decision does not hang on them.
    evidence: Option<Rc<EvidenceList>>,
    comments: u32,
}

#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let row = &props.row;
    let found = use_remote((row.kpi.id, row.kpi.version), |(id, _)| async move {
        let (kpi, check_ins, history, evidence, comments) = futures_util::join!(
            api::kpis::get(id),
            api::kpis::check_ins(id),
            api::kpis::history(id),
            api::evidence::list(id),
            api::comments::list(id),
        );
        Ok(Found {
            kpi: Rc::new(kpi?),
            check_ins: check_ins?.items,
            history: history?.items,
            evidence: evidence.ok().map(Rc::new),
            comments: comments.map_or(0, |list| list.count),
        })
    });
    use_fresh(&found.refresh, About::Kpi(row.kpi.id));
    let seen = use_state(|| row.kpi.version);
    let receipt = use_state(|| None::<HistoryId>);
    let onreceipt = {
        let receipt = receipt.clone();
        Callback::from(move |id| receipt.set(Some(id)))
    };
    let close = {
        let receipt = receipt.clone();
        Callback::from(move |()| receipt.set(None))
    };
    let comments = found.remote.ready().map_or(0, |found| found.comments);
    html! {
        <article class="flex flex-col gap-5" aria-labelledby="preview-title">
            { bar(props) }
            { head(row, comments, changed(&seen, row)) }
            if !row.changes.is_empty() {
                <Card title={t!("approvals.changes")}><ChangesTable caption={t!("approvals.changes")} changes={row.changes.clone()} /></Card>
            }
            { remote::show(&found, html! { <SkeletonLines lines={6} /> }, |found| facts_of(found, row, &onreceipt)) }
            <ReceiptDialog kpi={row.kpi.id} at={*receipt} open={receipt.is_some()} onclose={close} />
        </article>
    }
}

/// Who asks for what, what they say about it, and what the rules say.
fn head(row: &ApprovalRow, comments: u32, changed: Html) -> Html {
    let marks = evidence_marks(row);
    html! {
        <div class="surface p-4 sm:p-5">
            <p class="text-sm font-medium text-primary">{ i18n::word("queue_reason", row.reason.as_str()) }</p>
            // On wide screens the bar above shows it.
            <h2 id="preview-title" class="text-lg font-semibold break-words lg:sr-only">{ row.kpi.title.clone() }</h2>
            <p class="text-sm text-muted">
                { row.kpi.user_name.clone() }
                if let Some(department) = &row.kpi.department_name { { " · " }{ department.clone() } }
                { " · " }{ t!("kpi.period", quarter = row.kpi.quarter, year = row.kpi.year) }
                { " · " }{ t!("approvals.since", at = format::date_time(row.waiting_since)) }
            </p>
            if let Some(manager) = &row.on_behalf_of {
                <p class="mt-1 text-sm">{ t!("approvals.in_place_of", name = manager.name) }</p>
            }
            if let Some(comment) = row.comment.as_deref().filter(|comment| !comment.is_empty()) {
                <Note class="mt-4">
                    <p class="text-sm text-muted">{ t!("approvals.comment", name = row.kpi.user_name) }</p>
                    <p class="break-words whitespace-pre-line">{ comment.to_owned() }</p>
                </Note>
            }
            if !row.flags.is_empty() {
                <div class="note tone-warn mt-4"><FindingsList findings={row.flags.clone()} /></div>
            }
            if !marks.is_empty() { <p class="mt-3 flex flex-wrap gap-1.5">{ for marks.into_iter() }</p> }
            <p class="mt-4 flex flex-wrap gap-x-5 gap-y-1 text-sm">
                <RouteLink to={Route::Kpi { id: row.kpi.id }} kind={LinkKind::Text}>{ t!("approvals.open") }</RouteLink>
                <RouteLink to={Route::Kpi { id: row.kpi.id }} query={Params::new().with("tab", "comments")} kind={LinkKind::Text}>{ tn!("approvals.comments", comments) }</RouteLink>
            </p>
            { changed }
        </div>
    }
}

/// The KPI changed under one's eyes: nobody should say yes to what they have not seen.
fn changed(seen: &UseStateHandle<kpi_api::id::Version>, row: &ApprovalRow) -> Html {
    let version = row.kpi.version;
    let dismiss = {
        let seen = seen.clone();
        Callback::from(move |_: MouseEvent| seen.set(version))
    };
    html! {
        <div role="status">
            if **seen != version {
                <Note class="mt-4" tone={Tone::Accent} actions={html! { <Button label={t!("approvals.looked")} size={ButtonSize::Small} onclick={dismiss} /> }}>
                    { t!("approvals.changed_meanwhile") }
                </Note>
            }
        </div>
    }
}

fn bar(props: &PreviewProps) -> Html {
    html! {
        <div class="decision-bar order-last lg:order-none" role="group" aria-label={t!("approvals.decide")}>
            <span class="me-auto hidden min-w-0 flex-1 text-base font-semibold break-words lg:block" aria-hidden="true">{ props.row.kpi.title.clone() }</span>
            { for props.row.decisions.iter().map(|act| decision(*act, props)) }
        </div>
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
    let is_result = row.reason == QueueReason::Result;
    html! {
        <div class="space-y-5">
            if is_result { <ResultCard kpi={Rc::clone(kpi)} facts={row.result.clone()} check_ins={found.check_ins.clone()} /> }
            if let Some(evidence) = &found.evidence { <EvidenceCard evidence={Rc::clone(evidence)} is_due={is_result} /> }
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
