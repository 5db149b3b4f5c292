//! The rows of the queue: who wants what decided, for how long it has waited, and what stands out.

use kpi_api::{
    approvals::{ApprovalRow, QueueReason},
    id::KpiId,
};
use yew::prelude::*;

use crate::{
    core::{format, i18n, navigate::use_navigate},
    route::Route,
    t, tn,
    ui::{Badge, Checkbox, Icon, IconName, Tone},
    widgets::{BandMark, measure::Measure},
};

/// A decision is late after so many days.
const LATE_DAYS: i64 = 7;

#[derive(Properties, PartialEq)]
pub struct QueueListProps {
    pub rows: Vec<ApprovalRow>,
    pub selected: Option<KpiId>,
    pub onselect: Callback<KpiId>,
    /// Of the rows, those chosen to be decided together.
    pub chosen: Vec<KpiId>,
    pub onchoose: Callback<(KpiId, bool)>,
    pub onchoose_all: Callback<bool>,
}

#[component]
pub fn QueueList(props: &QueueListProps) -> Html {
    let all = props.chosen.len() == props.rows.len();
    html! {
        <div class="surface overflow-hidden">
            <div class="flex items-center justify-between gap-2 border-b border-base-300 px-3.5 py-2">
                <Checkbox id="queue-all" label={t!("approvals.choose_all")} checked={all} onchange={props.onchoose_all.clone()} />
            </div>
            <ul aria-label={t!("approvals.queue")}>
                { for props.rows.iter().map(|row| html! {
                    <QueueRow
                        key={row.kpi.id.0}
                        row={row.clone()}
                        selected={props.selected == Some(row.kpi.id)}
                        onselect={props.onselect.clone()}
                        chosen={props.chosen.contains(&row.kpi.id)}
                        onchoose={props.onchoose.clone()}
                    />
                }) }
            </ul>
        </div>
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
    chosen: bool,
    onchoose: Callback<(KpiId, bool)>,
}

#[component]
fn QueueRow(props: &QueueRowProps) -> Html {
    let row = &props.row;
    let kpi = &row.kpi;
    let id = kpi.id;
    let onclick = props.onselect.reform(move |_: MouseEvent| id);
    // Enter opens the whole KPI, a click or Space only shows it beside the queue.
    let onkeydown = {
        let navigate = use_navigate();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                navigate.push(Route::Kpi { id });
            }
        })
    };
    html! {
        <li class={classes!("queue-row", props.selected.then_some("is-selected"), props.chosen.then_some("is-chosen"))}>
            <div class="ps-3.5 pt-3.5">
                <Checkbox id={format!("choose-{id}")} label={t!("kpi.list.choose", title = kpi.title)} bare=true checked={props.chosen}
                    onchange={props.onchoose.reform(move |on: bool| (id, on))} />
            </div>
            <button type="button" id={row_id(id)} class="queue-knob" aria-current={props.selected.then_some("true")} {onclick} {onkeydown}>
                <span class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
                    <span class="text-xs font-medium text-primary">{ i18n::word("queue_reason", row.reason.as_str()) }</span>
                    <Age days={row.waiting_days} since={format::date_time(row.waiting_since)} />
                </span>
                <span class="mt-0.5 block font-medium break-words">{ kpi.title.clone() }</span>
                <span class="mt-0.5 block text-sm text-muted">{ owner(row) }</span>
                <Figures row={row.clone()} />
                <Warnings row={row.clone()} />
            </button>
        </li>
    }
}

/// Whose it is, for which quarter, and in whose place one would decide.
fn owner(row: &ApprovalRow) -> String {
    let kpi = &row.kpi;
    let parts = [
        Some(kpi.user_name.clone()),
        Some(t!("kpi.period", quarter = kpi.quarter, year = kpi.year).to_string()),
        row.on_behalf_of.as_ref().map(|manager| t!("approvals.for", name = manager.name).to_string()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[derive(Properties, PartialEq)]
struct AgeProps {
    days: i64,
    since: AttrValue,
}

#[component]
fn Age(props: &AgeProps) -> Html {
    let text =
        if props.days == 0 { t!("approvals.since_today") } else { tn!("approvals.waiting", props.days) };
    let late = props.days > LATE_DAYS;
    html! {
        <span class={classes!("inline-flex", "items-center", "gap-1", "text-xs", "tabular-nums", if late { "font-medium text-error" } else { "text-muted" })} title={t!("approvals.since", at = props.since)}>
            if late { <Icon name={IconName::Clock} class="size-3.5" /> }
            { text }
        </span>
    }
}

#[derive(Properties, PartialEq)]
struct RowPartProps {
    row: ApprovalRow,
}

#[component]
fn Figures(props: &RowPartProps) -> Html {
    let kpi = &props.row.kpi;
    let measure = Measure::from(kpi);
    let files = props.row.evidence.count;
    html! {
        <span class="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <span class="tabular-nums">
                if kpi.current_value.is_some() {
                    { t!("approvals.value_of", value = measure.value(kpi.current_value), target = measure.target()) }
                } else {
                    { t!("approvals.target", target = measure.target()) }
                }
            </span>
            if kpi.score.is_some() { <BandMark band={kpi.band} score={kpi.score} is_flagged={kpi.is_flagged} /> }
            if files > 0 { { hint(IconName::File, tn!("approvals.files", files)) } }
            if props.row.comment.is_some() { { hint(IconName::Info, t!("approvals.has_comment")) } }
        </span>
    }
}

fn hint(name: IconName, text: AttrValue) -> Html {
    html! { <span class="inline-flex items-center gap-1 text-xs text-muted"><Icon {name} class="size-3.5" />{ text }</span> }
}

/// What the rules say, the first in full, and what is to be noted about the evidence.
#[component]
fn Warnings(props: &RowPartProps) -> Html {
    let flags = &props.row.flags;
    let evidence = evidence_marks(&props.row);
    html! {
        <>
            if let Some(first) = flags.first() {
                <span class="mt-1.5 flex items-start gap-1.5 text-sm">
                    <span class="mark-text tone-warn"><Icon name={IconName::Alert} class="mt-0.5 size-4" /><span class="sr-only">{ t!("findings.warning") }</span></span>
                    <span class="line-clamp-2">{ i18n::said(&first.message) }</span>
                    if flags.len() > 1 { <span class="shrink-0 text-muted">{ t!("approvals.more_flags", count = flags.len() - 1) }</span> }
                </span>
            }
            if !evidence.is_empty() {
                <span class="mt-1.5 flex flex-wrap gap-1.5">{ for evidence.into_iter() }</span>
            }
        </>
    }
}

/// A definition need not be proved yet.
pub fn lacks_evidence(row: &ApprovalRow) -> bool {
    row.reason == QueueReason::Result && !row.evidence.is_complete
}

/// Evidence that is missing, and content that hangs on another KPI too; unless a rule has said so already.
pub fn evidence_marks(row: &ApprovalRow) -> Vec<Html> {
    let evidence = row.evidence;
    let mut marks = Vec::new();
    if row.flags.iter().any(|flag| flag.field == "evidence") {
        return marks;
    }
    if lacks_evidence(row) {
        marks.push(html! { <Badge label={t!("approvals.evidence_missing")} tone={Tone::Warn} icon={IconName::Alert} /> });
    }
    if evidence.reused > 0 {
        marks.push(html! { <Badge label={tn!("approvals.evidence_reused", evidence.reused)} tone={Tone::Warn} icon={IconName::Copy} /> });
    }
    marks
}
