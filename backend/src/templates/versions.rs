//! The versions of templates: what their KPIs started with, kept at every change. An inherited change is one too, so
//! that the difference can be told even when another template was changed.

use std::collections::HashMap;

use kpi_api::{
    history::Change,
    id::{TemplateId, UserId},
    template::{
        TemplateFields,
        change::{TemplateVersion, TemplateVersions},
    },
    time::Timestamp,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::{Map, Value};

use super::{catalogue::Catalogue, repo};
use crate::{
    app::Ctx,
    auth::actor::Call,
    entity::template_version,
    platform::{
        db::work::{By, Work},
        failure::{Failure, Outcome},
        signals::Topic,
    },
};

/// How many are shown of one template.
const SHOWN: u64 = 100;

/// Keeps a version of every template whose KPIs start with something else than before. Belongs into every transaction
/// that writes templates; `cause` is the one that was changed.
pub async fn record(work: &Work, cause: Option<TemplateId>) -> Outcome<()> {
    let catalogue = Catalogue::read(&repo::all(work.tx()).await?)?;
    let latest: HashMap<i64, template_version::Model> =
        repo::latest_versions(work.tx()).await?.into_iter().map(|row| (row.template_id, row)).collect();
    let mut fresh = Vec::new();
    for effective in catalogue.all() {
        let known = latest.get(&effective.id.0);
        if known.is_some_and(|row| fields_of(row).is_ok_and(|fields| fields == effective.fields)) {
            continue;
        }
        fresh.push(template_version::ActiveModel {
            template_id: Set(effective.id.0),
            number: Set(known.map_or(1, |row| row.number + 1)),
            at: Set(work.at().0),
            by_id: Set(work.by().user_id.map(|id| id.0)),
            cause_id: Set(cause.map(|id| id.0)),
            fields: Set(serde_json::to_string(&effective.fields)?),
            ..Default::default()
        });
    }
    Ok(repo::insert_versions(work.tx(), fresh).await?)
}

/// At the start: templates that have no version yet get their first, and their KPIs hold to it.
pub async fn keep_up(ctx: &Ctx) -> Outcome<()> {
    let without = repo::without_version(ctx.db.read()).await?;
    if without.is_empty() {
        return Ok(());
    }
    let mut work = ctx.begin(By::system("start")).await?;
    record(&work, None).await?;
    let catalogue = Catalogue::read(&repo::all(work.tx()).await?)?;
    for id in without {
        let Some(effective) = catalogue.effective(TemplateId(id)) else { continue };
        let custom = effective.fields.custom_fields.unwrap_or_default();
        repo::hold_to_first(work.tx(), id, serde_json::to_string(&custom)?).await?;
    }
    work.touch(Topic::Templates);
    work.commit(&()).await
}

/// Two versions of a template: the one named and the present one; `None` where that is the same.
pub async fn since(
    db: &impl ConnectionTrait,
    id: i64,
    from: i64,
) -> Outcome<Option<(TemplateFields, i64, TemplateFields)>> {
    let Some(now) = repo::latest_version(db, id).await? else { return Ok(None) };
    if now.number <= from {
        return Ok(None);
    }
    let Some(then) = repo::version(db, id, from).await? else { return Ok(None) };
    Ok(Some((fields_of(&then)?, now.number, fields_of(&now)?)))
}

/// The versions of a template, newest first.
pub async fn list(call: &Call, id: TemplateId) -> Outcome<TemplateVersions> {
    let db = call.ctx.db.read();
    let names = call.ctx.template_names().await?;
    if !names.contains_key(&id.0) {
        return Err(Failure::not_found());
    }
    let directory = call.ctx.directory().await?;
    let rows = repo::versions(db, id.0, SHOWN + 1).await?;
    let mut items = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().take(SHOWN as usize).enumerate() {
        let fields = fields_of(row)?;
        let changes = match rows.get(index + 1) {
            Some(before) => changes(&fields_of(before)?, &fields),
            None => Vec::new(),
        };
        let by = row.by_id.map(UserId);
        items.push(TemplateVersion {
            number: row.number as u32,
            at: Timestamp(row.at),
            by,
            by_name: by.map(|id| directory.name(id)),
            cause_id: row.cause_id.map(TemplateId),
            cause_name: row.cause_id.and_then(|id| names.get(&id).cloned()),
            changes,
            fields,
        });
    }
    Ok(TemplateVersions { items })
}

fn fields_of(row: &template_version::Model) -> Outcome<TemplateFields> {
    Ok(serde_json::from_str(&row.fields)?)
}

/// Fields by their name; what is not set is absent.
pub fn by_name(fields: &TemplateFields) -> Map<String, Value> {
    match serde_json::to_value(fields) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// Which fields differ, in the template's order.
pub fn changes(old: &TemplateFields, new: &TemplateFields) -> Vec<Change> {
    let (old, new) = (by_name(old), by_name(new));
    TemplateFields::NAMES
        .iter()
        .map(|name| Change {
            field: (*name).to_owned(),
            old: old.get(*name).cloned().unwrap_or_default(),
            new: new.get(*name).cloned().unwrap_or_default(),
        })
        .filter(|change| change.old != change.new)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_stand_in_the_order_of_the_template() {
        let old = TemplateFields { target: Some(1.0), unit: Some("h".into()), ..Default::default() };
        let new = TemplateFields { target: Some(2.0), title: Some("Calls".into()), ..Default::default() };
        let found: Vec<(String, Value, Value)> =
            changes(&old, &new).into_iter().map(|c| (c.field, c.old, c.new)).collect();
        let expected = [
            ("title".to_owned(), Value::Null, json!("Calls")),
            ("unit".to_owned(), json!("h"), Value::Null),
            ("target".to_owned(), json!(1.0), json!(2.0)),
        ];
        assert_eq!(found, expected);
        assert!(changes(&old, &old).is_empty());
    }
}
