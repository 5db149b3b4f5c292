//! The history of a KPI in sentences: who did what, when, what it changed, and the receipt of the moment.

use std::rc::Rc;

use kpi_api::{
    history::{Change, HistoryRow},
    id::HistoryId,
    kpi::KpiView,
};
use serde_json::Value;
use yew::prelude::*;

use super::{changes::ChangesLines, marks::BandMark, measure::Measure};
use crate::{
    core::{format, i18n},
    t,
    ui::{Button, ButtonKind, ButtonSize, Icon, IconName},
};

/// What happened, in one sentence.
pub fn sentence(row: &HistoryRow, measure: Measure<'_>) -> AttrValue {
    let who = match &row.on_behalf_of_name {
        Some(other) => t!("kpi.history.for", name = row.by_name, other = other),
        None => row.by_name.clone().into(),
    };
    match row.act.as_str() {
        "create" => t!("kpi.history.create", who = who),
        "copy" => t!("kpi.history.copy", who = who),
        "edit" => t!("kpi.history.edit", who = who),
        "submit" => t!("kpi.history.submit", who = who),
        "recall" => t!("kpi.history.recall", who = who),
        "approve" => t!("kpi.history.approve", who = who),
        "reject" => t!("kpi.history.reject", who = who),
        "check_in" => match value_change(row) {
            Some((None, new)) => t!("kpi.history.first_value", who = who, new = measure.value(new)),
            Some((old, new)) => {
                t!("kpi.history.check_in", who = who, old = measure.value(old), new = measure.value(new))
            }
            None => t!("kpi.history.check_in_same", who = who),
        },
        "correct" => match value_change(row) {
            Some((old, new)) => {
                t!("kpi.history.correct", who = who, old = measure.value(old), new = measure.value(new))
            }
            None => t!("kpi.history.correct_same", who = who),
        },
        "submit_result" => t!("kpi.history.submit_result", who = who),
        "accept" => t!("kpi.history.accept", who = who),
        "return" => t!("kpi.history.return", who = who),
        "revise" => t!("kpi.history.revise", who = who),
        "reopen" => t!("kpi.history.reopen", who = who),
        "undo" => t!("kpi.history.undo", who = who),
        "apply_template" => t!("kpi.history.apply_template", who = who),
        "evidence_added" => t!("kpi.history.evidence_added", who = who, name = file_name(row)),
        "evidence_deleted" => t!("kpi.history.evidence_deleted", who = who, name = file_name(row)),
        "rescore" => t!("kpi.history.rescore", who = who),
        act => t!("kpi.history.other", who = who, act = i18n::word("act", act)),
    }
}

/// The file that was added or deleted.
fn file_name(row: &HistoryRow) -> String {
    let change = row.changes.iter().find(|change| change.field == "evidence");
    let name = change.and_then(|change| change.new.as_str().or(change.old.as_str()));
    name.unwrap_or_default().to_owned()
}

/// The change of the quarter's value, when there is one.
fn value_change(row: &HistoryRow) -> Option<(Option<f64>, Option<f64>)> {
    let change = row.changes.iter().find(|change| change.field == "current_value")?;
    Some((change.old.as_f64(), change.new.as_f64()))
}

/// Changes of the definition; what the sentence and the score beside it already say is left out, and so is
/// everything at the beginning, when nothing was there before.
fn told(row: &HistoryRow) -> Vec<Change> {
    if matches!(row.act.as_str(), "create" | "copy") {
        return Vec::new();
    }
    let said = ["status", "score", "band", "current_value", "evidence"];
    row.changes
        .iter()
        .filter(|change| !said.contains(&change.field.as_str()))
        .filter(|change| !(is_blank(&change.old) && is_blank(&change.new)))
        .cloned()
        .collect()
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

const fn icon(act: &[u8]) -> IconName {
    match act {
        b"create" | b"copy" => IconName::Plus,
        b"submit" | b"submit_result" => IconName::Send,
        b"approve" | b"accept" => IconName::Check,
        b"reject" | b"return" | b"recall" | b"reopen" | b"undo" => IconName::Undo,
        b"check_in" => IconName::Gauge,
        b"evidence_added" | b"evidence_deleted" => IconName::File,
        _ => IconName::Pencil,
    }
}

#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    pub kpi: Rc<KpiView>,
    /// Newest first.
    pub rows: Vec<HistoryRow>,
    /// Opens the receipt of a moment.
    pub onreceipt: Callback<HistoryId>,
}

#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let measure = Measure::from(&*props.kpi);
    html! {
        <ol class="space-y-5">
            { for props.rows.iter().map(|row| entry(row, measure, &props.onreceipt)) }
        </ol>
    }
}

fn entry(row: &HistoryRow, measure: Measure<'_>, onreceipt: &Callback<HistoryId>) -> Html {
    let changes = told(row);
    let scored =
        row.score.is_some() && (row.has_receipt || row.changes.iter().any(|change| change.field == "score"));
    let open = {
        let (onreceipt, id) = (onreceipt.clone(), row.id);
        Callback::from(move |_: MouseEvent| onreceipt.emit(id))
    };
    html! {
        <li key={row.id.0} class="flex gap-3">
            <span class="mt-0.5 grid size-7 shrink-0 place-items-center rounded-full bg-base-200 text-muted"><Icon name={icon(row.act.as_bytes())} class="size-3.5" /></span>
            <div class="min-w-0 flex-1">
                <p class="text-sm">{ sentence(row, measure) }</p>
                <p class="text-xs text-muted"><time datetime={row.at.to_string()}>{ format::date_time(row.at) }</time></p>
                if let Some(reason) = row.reason.as_deref().filter(|reason| !reason.is_empty()) {
                    <blockquote class="mt-1.5 border-s-2 border-base-300 ps-3 text-sm whitespace-pre-line break-words">{ reason.to_owned() }</blockquote>
                }
                if !changes.is_empty() { <ChangesLines caption={t!("kpi.changes.caption")} {changes} /> }
                if scored {
                    <div class="mt-1.5 flex flex-wrap items-center gap-2">
                        <BandMark band={row.band} score={row.score} />
                        if row.has_receipt {
                            <Button label={t!("kpi.history.receipt")} icon={IconName::Receipt} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={open} />
                        }
                    </div>
                }
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::{
        id::{UserId, Version},
        kpi::Status,
        scoring::{Band, Direction, Kind},
        time::Timestamp,
    };
    use serde_json::json;

    use super::*;

    fn measure() -> Measure<'static> {
        Measure {
            kind: Kind::Number,
            direction: Direction::Increase,
            unit: "h",
            decimals: 0,
            target: None,
            lower: None,
            upper: None,
        }
    }

    fn row(act: &str, changes: Vec<Change>) -> HistoryRow {
        HistoryRow {
            id: HistoryId(1),
            at: Timestamp(0),
            act: act.into(),
            by: UserId(1),
            by_name: "Ada".into(),
            on_behalf_of: None,
            on_behalf_of_name: None,
            from_status: Some(Status::Draft),
            to_status: Some(Status::Submitted),
            reason: None,
            changes,
            score: None,
            band: Band::None,
            has_receipt: false,
            version: Version(2),
        }
    }

    fn change(field: &str, old: Value, new: Value) -> Change {
        Change { field: field.into(), old, new }
    }

    #[test]
    fn a_check_in_says_the_values_before_and_after() {
        let first = row("check_in", vec![change("current_value", json!(null), json!(4.0))]);
        assert_eq!(sentence(&first, measure()), "Ada recorded the first value: 4\u{a0}h");
        let later = row("check_in", vec![change("current_value", json!(4.0), json!(6.0))]);
        let said = sentence(&later, measure());
        assert!(said.contains("4\u{a0}h") && said.contains("6\u{a0}h"), "{said}");
        assert!(!sentence(&row("check_in", Vec::new()), measure()).contains('–'));
    }

    #[test]
    fn a_decision_for_somebody_else_names_both() {
        let approved = HistoryRow { on_behalf_of_name: Some("Grace".into()), ..row("approve", Vec::new()) };
        let said = sentence(&approved, measure());
        assert!(said.contains("Ada") && said.contains("Grace"), "{said}");
    }

    #[test]
    fn only_the_definition_is_told_field_by_field() {
        let edited = row(
            "edit",
            vec![
                change("status", json!("draft"), json!("submitted")),
                change("target", json!(1), json!(2)),
                change("unit", json!(null), json!("")),
            ],
        );
        assert_eq!(told(&edited).len(), 1);
        assert!(told(&row("create", vec![change("target", json!(null), json!(2))])).is_empty());
    }

    #[test]
    fn an_unknown_act_still_makes_a_sentence() {
        assert!(sentence(&row("delegate", Vec::new()), measure()).contains("Ada"));
    }
}
