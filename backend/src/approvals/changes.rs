//! Why a row is in the queue, and what has changed since the last decision about it.

use std::collections::HashMap;

use kpi_api::{
    approvals::QueueReason,
    history::Change,
    kpi::{Act, Status},
};
use sea_orm::ConnectionTrait;

use crate::{
    entity::kpi_history,
    kpi::{history, repo},
    platform::failure::Outcome,
};

/// What a revision, or the work after a rejection, has changed.
#[derive(Debug, Clone, Default)]
pub struct Changed {
    pub was_rejected: bool,
    pub fields: Vec<Change>,
}

/// Of several KPIs; those with a blank history are left out.
pub async fn of(db: &impl ConnectionTrait, ids: &[i64]) -> Outcome<HashMap<i64, Changed>> {
    let acts = ["reject", "edit", "revise", "approve", "undo"];
    let rows = repo::last_history(db, ids, &acts).await?;
    let mut by_kpi: HashMap<i64, Vec<kpi_history::Model>> = HashMap::new();
    for row in rows {
        by_kpi.entry(row.kpi_id).or_default().push(row);
    }
    by_kpi.into_iter().map(|(id, rows)| Ok((id, since_last_decision(rows)?))).collect()
}

/// Why it waits.
pub fn reason(status: Status, is_revision: bool, changed: &Changed) -> QueueReason {
    if status == Status::InReview {
        QueueReason::Result
    } else if is_revision {
        QueueReason::Revised
    } else if changed.was_rejected {
        QueueReason::Resubmitted
    } else {
        QueueReason::NewKpi
    }
}

/// The acts that decide it.
pub fn decisions(status: Status) -> Vec<Act> {
    match status {
        Status::InReview => vec![Act::Accept, Act::Return],
        _ => vec![Act::Approve, Act::Reject],
    }
}

/// Rows oldest first. Only what came after the last decision counts, and one that was taken back never was; a field
/// changed twice is told once, from its first value to its last.
fn since_last_decision(rows: Vec<kpi_history::Model>) -> Outcome<Changed> {
    let mut changed = Changed::default();
    // Nothing but an undo comes between a decision and the undo of it.
    let mut undecided = Changed::default();
    for row in rows {
        match row.act.as_str() {
            "reject" => {
                let decided = Changed { was_rejected: true, fields: Vec::new() };
                undecided = std::mem::replace(&mut changed, decided);
            }
            "approve" => undecided = std::mem::take(&mut changed),
            "undo" if is_about_definition(&row) => changed = std::mem::take(&mut undecided),
            "undo" => {}
            // Before the first decision, edits are just how the draft came about.
            "edit" if !changed.was_rejected => {}
            _ => {
                for change in history::changes(&row.old, &row.new)? {
                    if matches!(change.field.as_str(), "status" | "score" | "band") {
                        continue;
                    }
                    match changed.fields.iter_mut().find(|known| known.field == change.field) {
                        Some(known) => known.new = change.new,
                        None => changed.fields.push(change),
                    }
                }
            }
        }
    }
    changed.fields.retain(|change| change.old != change.new);
    Ok(changed)
}

/// Whether an undo took back an approval or a rejection, not a decision about a result.
fn is_about_definition(row: &kpi_history::Model) -> bool {
    row.to_status.as_deref() == Some(Status::Submitted.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(act: &str, old: serde_json::Value, new: serde_json::Value) -> kpi_history::Model {
        kpi_history::Model {
            id: 1,
            kpi_id: 1,
            at: 0,
            act: act.into(),
            by_id: 1,
            on_behalf_of: None,
            from_status: None,
            to_status: None,
            reason: None,
            old: old.to_string(),
            new: new.to_string(),
            score: None,
            band: "none".into(),
            receipt: None,
            kpi_version: 1,
            request_id: String::new(),
        }
    }

    fn undo(to: &str) -> kpi_history::Model {
        kpi_history::Model { to_status: Some(to.into()), ..row("undo", json!({}), json!({})) }
    }

    fn told(changed: &Changed) -> Vec<(&str, i64, i64)> {
        let number = |value: &serde_json::Value| value.as_i64().unwrap_or_default();
        changed.fields.iter().map(|c| (c.field.as_str(), number(&c.old), number(&c.new))).collect()
    }

    #[test]
    fn changes_are_told_from_the_last_decision_on() {
        let changed = since_last_decision(vec![
            row("edit", json!({"title": "a"}), json!({"title": "b"})),
            row("reject", json!({"status": "submitted"}), json!({"status": "rejected"})),
            row("edit", json!({"target": 1}), json!({"target": 2})),
            row("edit", json!({"target": 2, "unit": "h"}), json!({"target": 3, "unit": "d"})),
            row("edit", json!({"unit": "d"}), json!({"unit": "h"})),
        ])
        .unwrap();
        assert!(changed.was_rejected);
        assert_eq!(told(&changed), [("target", 1, 3)]);
    }

    #[test]
    fn a_decision_taken_back_never_was() {
        let revised = || row("revise", json!({"target": 1}), json!({"target": 2}));
        let none = || json!({});
        for decision in ["approve", "reject"] {
            let rows = vec![
                row("approve", none(), none()),
                revised(),
                row(decision, none(), none()),
                undo("submitted"),
            ];
            let changed = since_last_decision(rows).unwrap();
            assert_eq!((told(&changed), changed.was_rejected), (vec![("target", 1, 2)], false), "{decision}");
        }
        let twice = vec![
            revised(),
            row("reject", none(), none()),
            undo("submitted"),
            row("approve", none(), none()),
            undo("submitted"),
        ];
        assert_eq!(told(&since_last_decision(twice).unwrap()), [("target", 1, 2)]);
    }

    #[test]
    fn taking_back_an_acceptance_changes_no_definition() {
        let rows = vec![row("approve", json!({}), json!({})), undo("in_review")];
        assert!(since_last_decision(rows).unwrap().fields.is_empty());
    }
}
