//! The history of a KPI: what each act changed, and the receipt of the score it left.

use std::collections::BTreeSet;

use kpi_api::{
    history::{Change, HistoryRow},
    id::{HistoryId, UserId, Version},
    time::Timestamp,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Map, Value};

use super::convert::{self, word};
use crate::{
    entity::{kpi, kpi_history},
    people::directory::Directory,
    platform::{db::work::Work, failure::Outcome},
};

/// A KPI as history compares it: the definition and what else people care about.
pub fn snapshot(kpi: &kpi::Model) -> Outcome<Map<String, Value>> {
    let Value::Object(mut fields) = serde_json::to_value(convert::definition(kpi)?)? else {
        return Ok(Map::new());
    };
    fields.insert("status".into(), Value::from(kpi.status.as_str()));
    fields.insert("current_value".into(), serde_json::json!(kpi.current_value));
    fields.insert("score".into(), serde_json::json!(kpi.score));
    fields.insert("band".into(), Value::from(kpi.band.as_str()));
    Ok(fields)
}

/// Old and new values of the fields that differ.
pub fn difference(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let (mut before, mut after) = (Map::new(), Map::new());
    for key in keys {
        let (was, is) = (old.get(key).unwrap_or(&Value::Null), new.get(key).unwrap_or(&Value::Null));
        if was != is {
            before.insert(key.clone(), was.clone());
            after.insert(key.clone(), is.clone());
        }
    }
    (before, after)
}

/// Pairs old and new values by field.
pub fn changes(old: &str, new: &str) -> Outcome<Vec<Change>> {
    let old: Map<String, Value> = serde_json::from_str(old)?;
    let mut new: Map<String, Value> = serde_json::from_str(new)?;
    let mut changes: Vec<Change> = old
        .into_iter()
        .map(|(field, old)| Change { new: new.remove(&field).unwrap_or(Value::Null), field, old })
        .collect();
    changes.extend(new.into_iter().map(|(field, new)| Change { field, old: Value::Null, new }));
    Ok(changes)
}

/// What is recorded about an act.
pub struct Record<'a> {
    pub act: &'a str,
    pub by: UserId,
    /// In whose place it was decided.
    pub on_behalf_of: Option<UserId>,
    pub reason: Option<&'a str>,
    /// The KPI before; absent when it was created.
    pub before: Option<&'a kpi::Model>,
    pub after: &'a kpi::Model,
}

/// Writes the history row, with the receipt where the act has made a score.
pub async fn write(work: &Work, record: Record<'_>) -> Outcome<(Map<String, Value>, Map<String, Value>)> {
    let old = record.before.map(snapshot).transpose()?.unwrap_or_default();
    let (before, after) = difference(&old, &snapshot(record.after)?);
    let row = kpi_history::ActiveModel {
        kpi_id: Set(record.after.id),
        at: Set(work.at().0),
        act: Set(record.act.to_owned()),
        by_id: Set(record.by.0),
        on_behalf_of: Set(record.on_behalf_of.map(|id| id.0)),
        from_status: Set(record.before.map(|was| was.status.clone())),
        to_status: Set(Some(record.after.status.clone())),
        reason: Set(record.reason.map(str::to_owned)),
        old: Set(Value::Object(before.clone()).to_string()),
        new: Set(Value::Object(after.clone()).to_string()),
        score: Set(record.after.score),
        band: Set(record.after.band.clone()),
        receipt: Set(record.after.receipt.clone()),
        kpi_version: Set(record.after.version),
        request_id: Set(work.by().request_id.clone()),
        ..Default::default()
    };
    row.insert(work.tx()).await?;
    Ok((before, after))
}

/// A row about a KPI that was scored anew, and the old and new values of what that changed.
pub fn rescored(
    work: &Work,
    by: UserId,
    before: &kpi::Model,
    after: &kpi::Model,
) -> (kpi_history::ActiveModel, Value, Value) {
    let standing = |row: &kpi::Model| {
        Map::from_iter([
            ("current_value".to_owned(), serde_json::json!(row.current_value)),
            ("score".to_owned(), serde_json::json!(row.score)),
            ("band".to_owned(), Value::from(row.band.as_str())),
        ])
    };
    let (old, new) = difference(&standing(before), &standing(after));
    let (old, new) = (Value::Object(old), Value::Object(new));
    let row = kpi_history::ActiveModel {
        kpi_id: Set(after.id),
        at: Set(work.at().0),
        act: Set(RESCORE.to_owned()),
        by_id: Set(by.0),
        from_status: Set(Some(before.status.clone())),
        to_status: Set(Some(after.status.clone())),
        // All of these are inserted with one statement, so each names every column.
        on_behalf_of: Set(None),
        reason: Set(None),
        old: Set(old.to_string()),
        new: Set(new.to_string()),
        score: Set(after.score),
        band: Set(after.band.clone()),
        receipt: Set(after.receipt.clone()),
        kpi_version: Set(after.version),
        request_id: Set(work.by().request_id.clone()),
        ..Default::default()
    };
    (row, old, new)
}

/// The act that [`rescored`] writes.
pub const RESCORE: &str = "rescore";

/// Writes a row about something that belongs to a KPI and leaves the KPI itself as it is.
pub async fn note(work: &Work, act: &str, by: UserId, kpi: &kpi::Model, change: Change) -> Outcome<()> {
    let one = |value: Value| Value::Object(Map::from_iter([(change.field.clone(), value)])).to_string();
    let row = kpi_history::ActiveModel {
        kpi_id: Set(kpi.id),
        at: Set(work.at().0),
        act: Set(act.to_owned()),
        by_id: Set(by.0),
        from_status: Set(Some(kpi.status.clone())),
        to_status: Set(Some(kpi.status.clone())),
        old: Set(one(change.old.clone())),
        new: Set(one(change.new.clone())),
        score: Set(kpi.score),
        band: Set(kpi.band.clone()),
        kpi_version: Set(kpi.version),
        request_id: Set(work.by().request_id.clone()),
        ..Default::default()
    };
    row.insert(work.tx()).await?;
    Ok(())
}

/// Acts that [`note`] writes of the files of a KPI.
pub const FILE_ADDED: &str = "evidence_added";
pub const FILE_DELETED: &str = "evidence_deleted";

/// Whether a row tells of a file, by its name.
pub fn is_about_files(row: &kpi_history::Model) -> bool {
    matches!(row.act.as_str(), FILE_ADDED | FILE_DELETED)
}

pub fn view(row: kpi_history::Model, directory: &Directory) -> Outcome<HistoryRow> {
    Ok(HistoryRow {
        id: HistoryId(row.id),
        at: Timestamp(row.at),
        act: row.act,
        by: UserId(row.by_id),
        by_name: directory.name(UserId(row.by_id)),
        on_behalf_of: row.on_behalf_of.map(UserId),
        on_behalf_of_name: row.on_behalf_of.map(|id| directory.name(UserId(id))),
        from_status: row.from_status.as_deref().map(word).transpose()?,
        to_status: row.to_status.as_deref().map(word).transpose()?,
        reason: row.reason,
        changes: changes(&row.old, &row.new)?,
        score: row.score,
        band: word(&row.band)?,
        has_receipt: row.receipt.is_some(),
        version: Version(row.kpi_version),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_kept() {
        let of = |value: Value| value.as_object().cloned().unwrap();
        let (old, new) = difference(&of(json!({"a": 1, "b": 2})), &of(json!({"a": 1, "b": 3, "c": 4})));
        assert_eq!(Value::Object(old.clone()), json!({"b": 2, "c": null}));
        let changes = changes(&Value::Object(old).to_string(), &Value::Object(new).to_string()).unwrap();
        assert_eq!(changes.len(), 2);
        assert_eq!(
            (changes[0].field.as_str(), &changes[0].old, &changes[0].new),
            ("b", &json!(2), &json!(3))
        );
    }
}
