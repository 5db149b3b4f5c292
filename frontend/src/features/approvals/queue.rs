//! The rows of the queue, and which comes after which.

use std::rc::Rc;

use kpi_api::{approvals::ApprovalRow, id::KpiId, page::Page};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    core::{i18n, session::use_me},
    route::Route,
    t, tn,
    ui::{Badge, Icon, IconName, Tone},
    widgets::{BandMark, measure::Measure},
};

/// The row after (or before) the selected one; stays at the ends.
pub fn neighbour(rows: &[ApprovalRow], selected: Option<KpiId>, forward: bool) -> Option<KpiId> {
    let now = rows.iter().position(|row| Some(row.kpi.id) == selected);
    let index = match (now, forward) {
        (None, _) => 0,
        (Some(index), true) => (index + 1).min(rows.len().saturating_sub(1)),
        (Some(index), false) => index.saturating_sub(1),
    };
    rows.get(index).map(|row| row.kpi.id)
}

/// Where to go on once the selected row is decided: the next one, at the end the one before.
pub fn after(rows: &[ApprovalRow], decided: KpiId) -> Option<KpiId> {
    let index = rows.iter().position(|row| row.kpi.id == decided)?;
    rows.get(index + 1).or_else(|| rows.get(index.checked_sub(1)?)).map(|row| row.kpi.id)
}

#[derive(Properties, PartialEq)]
pub struct QueueListProps {
    pub page: Rc<Page<ApprovalRow>>,
    pub selected: Option<KpiId>,
    pub onselect: Callback<KpiId>,
}

#[component]
pub fn QueueList(props: &QueueListProps) -> Html {
    html! {
        <ul class="surface divide-y divide-base-300 overflow-hidden" aria-label={t!("approvals.queue")}>
            { for props.page.items.iter().map(|row| html! {
                <QueueRow key={row.kpi.id.0} row={row.clone()} selected={props.selected == Some(row.kpi.id)} onselect={props.onselect.clone()} />
            }) }
        </ul>
    }
}

/// Id of a row's button.
pub fn row_id(id: KpiId) -> String {
    format!("queue-{id}")
}

#[derive(Properties, PartialEq)]
struct QueueRowProps {
    row: ApprovalRow,
    selected: bool,
    onselect: Callback<KpiId>,
}

#[component]
fn QueueRow(props: &QueueRowProps) -> Html {
    let me = use_me();
    let row = &props.row;
    let kpi = &row.kpi;
    let measure = Measure::from(kpi);
    let onclick = {
        let id = kpi.id;
        props.onselect.reform(move |_: MouseEvent| id)
    };
    // Enter opens the whole KPI, a click or Space only shows it beside the queue.
    let onkeydown = {
        let (navigator, id) = (use_navigator(), kpi.id);
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter"
                && let Some(navigator) = &navigator
            {
                event.prevent_default();
                navigator.push(&Route::Kpi { id });
            }
        })
    };
    let waiting = (me.today - row.waiting_since.date()).whole_days().max(0);
    html! {
        <li>
            <button
                type="button"
                id={row_id(kpi.id)}
                class={classes!("block", "w-full", "cursor-pointer", "border-s-3", "px-4", "py-3", "text-start", if props.selected { "border-primary bg-base-200" } else { "border-transparent hover:bg-base-200" })}
                aria-current={props.selected.then_some("true")}
                {onclick}
                {onkeydown}
            >
                <span class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
                    <span class="text-xs font-medium text-primary">{ i18n::word("queue_reason", row.reason.as_str()) }</span>
                    <span class={classes!("text-xs", "tabular-nums", if waiting > 7 { "font-medium text-error" } else { "text-muted" })}>
                        { if waiting == 0 { t!("approvals.since_today") } else { tn!("approvals.waiting", waiting) } }
                    </span>
                </span>
                <span class="mt-0.5 block font-medium break-words">{ kpi.title.clone() }</span>
                <span class="mt-0.5 block text-sm text-muted">
                    { kpi.user_name.clone() }{ " · " }{ t!("kpi.period", quarter = kpi.quarter, year = kpi.year) }
                </span>
                <span class="mt-1.5 flex flex-wrap items-center gap-2 text-sm">
                    <span class="tabular-nums">
                        if kpi.current_value.is_some() {
                            { t!("approvals.value_of", value = measure.value(kpi.current_value), target = measure.target()) }
                        } else {
                            { t!("approvals.target", target = measure.target()) }
                        }
                    </span>
                    if kpi.score.is_some() { <BandMark band={kpi.band} score={kpi.score} /> }
                    if !row.flags.is_empty() { <Badge label={tn!("approvals.flags", row.flags.len())} tone={Tone::Warn} icon={IconName::Alert} /> }
                    if row.comment.is_some() { <span class="inline-flex items-center gap-1 text-xs text-muted"><Icon name={IconName::Info} class="size-3.5" />{ t!("approvals.has_comment") }</span> }
                </span>
            </button>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::{
        approvals::QueueReason,
        evidence::EvidenceSummary,
        id::{UserId, Version},
        kpi::{Category, KpiRow, Status},
        scoring::{Band, Direction, Kind, Pace},
        time::{Quarter, Timestamp},
    };

    use super::*;

    fn row(id: i64) -> ApprovalRow {
        ApprovalRow {
            kpi: KpiRow {
                id: KpiId(id),
                title: "T".into(),
                category: Category::Goal,
                user_id: UserId(1),
                user_name: "Ada".into(),
                department_id: None,
                department_name: None,
                template_id: None,
                year: 2026,
                quarter: Quarter::Q1,
                kind: Kind::Number,
                unit: String::new(),
                decimals: 0,
                direction: Direction::Increase,
                baseline: None,
                target: None,
                lower: None,
                upper: None,
                weight: 1.0,
                current_value: None,
                progress_percentage: None,
                score: None,
                band: Band::None,
                pace: Pace::None,
                status: Status::Submitted,
                due_date: None,
                updated_at: Timestamp(0),
                version: Version(1),
            },
            reason: QueueReason::NewKpi,
            waiting_since: Timestamp(0),
            waiting_days: 0,
            comment: None,
            flags: Vec::new(),
            changes: Vec::new(),
            result: None,
            evidence: EvidenceSummary::default(),
            on_behalf_of: None,
            decisions: Vec::new(),
        }
    }

    #[test]
    fn keys_walk_the_queue_and_stop_at_its_ends() {
        let rows = [row(1), row(2), row(3)];
        let from = |id, forward| neighbour(&rows, id, forward).map(|id| id.0);
        assert_eq!(from(None, true), Some(1));
        assert_eq!((from(Some(KpiId(1)), true), from(Some(KpiId(3)), true)), (Some(2), Some(3)));
        assert_eq!((from(Some(KpiId(2)), false), from(Some(KpiId(1)), false)), (Some(1), Some(1)));
        assert_eq!(neighbour(&[], None, true), None);
    }

    #[test]
    fn after_a_decision_the_next_row_is_up() {
        let rows = [row(1), row(2), row(3)];
        assert_eq!(after(&rows, KpiId(2)), Some(KpiId(3)));
        assert_eq!(after(&rows, KpiId(3)), Some(KpiId(2)));
        assert_eq!(after(&rows[..1], KpiId(1)), None);
        assert_eq!(after(&rows, KpiId(9)), None);
    }
}
