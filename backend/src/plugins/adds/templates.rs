//! The templates of plugins.

use std::collections::HashMap;

use anyhow::anyhow;
use kpi_api::{error::HolderKind, id::TemplateId, template::TemplateFields};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::json;

use super::checksum;
use crate::{
    entity::{plugin_part, template},
    platform::{db::work::Work, failure::Outcome, signals::Topic},
    plugins::{
        bundle::{Bundle, BundleTemplate},
        repo::parts,
    },
    templates::{repo, versions},
};

/// The parts of a plugin that are templates, with their rows where they are still there.
async fn of(
    db: &impl ConnectionTrait,
    plugin: i64,
) -> Outcome<Vec<(plugin_part::Model, Option<template::Model>)>> {
    let parts = parts::of(db, plugin).await?;
    let mut found = Vec::new();
    for part in parts.into_iter().filter(|part| part.kind == parts::TEMPLATE) {
        let row = template::Entity::find_by_id(part.entity_id).one(db).await?;
        found.push((part, row));
    }
    Ok(found)
}

/// What a plugin puts into a template, as one text.
fn content(
    name: &str,
    description: &str,
    role: Option<&str>,
    extends: Option<i64>,
    fields: &str,
) -> Outcome<String> {
    // Read and written again, so that the order of keys and spaces make no difference.
    let fields: TemplateFields = serde_json::from_str(fields)?;
    Ok(checksum(&json!([name, description, role, extends, fields]).to_string()))
}

fn content_of(row: &template::Model) -> Outcome<String> {
    content(&row.name, &row.description, row.role.as_deref(), row.extends_id, &row.fields)
}

/// The ids of all of them, by their keys.
pub async fn bring(work: &mut Work, plugin: i64, bundle: &Bundle) -> Outcome<HashMap<String, i64>> {
    let there = of(work.tx(), plugin).await?;
    let mut ids: HashMap<&str, i64> = HashMap::new();
    for wanted in &bundle.templates {
        let extends = match &wanted.extends {
            None => None,
            Some(key) => {
                Some(*ids.get(key.as_str()).ok_or_else(|| anyhow!("the template {key} comes later"))?)
            }
        };
        let known = there.iter().find(|(part, row)| part.key == wanted.key && row.is_some());
        let id = match known {
            Some((part, Some(row))) => renew(work, part, row, wanted, extends).await?,
            _ => add(work, plugin, wanted, extends).await?,
        };
        ids.insert(&wanted.key, id);
    }
    // Those that this version does not bring any more.
    for (part, row) in there.iter().filter(|(part, _)| !ids.contains_key(part.key.as_str())) {
        if let Some(row) = row {
            set_active(work, row, false).await?;
        }
        parts::delete(work.tx(), part.id).await?;
    }
    if !bundle.templates.is_empty() || !there.is_empty() {
        work.touch(Topic::Templates);
    }
    Ok(ids.into_iter().map(|(key, id)| (key.to_owned(), id)).collect())
}

async fn add(work: &mut Work, plugin: i64, wanted: &BundleTemplate, extends: Option<i64>) -> Outcome<i64> {
    let at = work.at().0;
    let row = template::ActiveModel {
        name: Set(wanted.name.clone()),
        description: Set(wanted.description.clone()),
        role: Set(wanted.role.map(|role| role.to_string())),
        department_id: Set(None),
        extends_id: Set(extends),
        is_active: Set(true),
        fields: Set(serde_json::to_string(&wanted.fields)?),
        created_at: Set(at),
        updated_at: Set(at),
        version: Set(1),
        ..Default::default()
    };
    let row = repo::insert(work.tx(), row).await?;
    parts::put(work.tx(), plugin, parts::TEMPLATE, &wanted.key, row.id, &content_of(&row)?).await?;
    let detail = json!({ "name": row.name, "plugin_id": plugin, "key": wanted.key });
    work.audit("template.create", "template", Some(row.id), detail).await?;
    versions::record(work, Some(TemplateId(row.id))).await?;
    Ok(row.id)
}

/// Puts a template that nobody has changed into its newest form, and to use again.
async fn renew(
    work: &mut Work,
    part: &plugin_part::Model,
    row: &template::Model,
    wanted: &BundleTemplate,
    extends: Option<i64>,
) -> Outcome<i64> {
    let role = wanted.role.map(|role| role.to_string());
    let fields = serde_json::to_string(&wanted.fields)?;
    let new = content(&wanted.name, &wanted.description, role.as_deref(), extends, &fields)?;
    let is_untouched = content_of(row)? == part.checksum;
    if !is_untouched || new == part.checksum {
        set_active(work, row, true).await?;
        return Ok(row.id);
    }
    let change = template::ActiveModel {
        name: Set(wanted.name.clone()),
        description: Set(wanted.description.clone()),
        role: Set(role),
        extends_id: Set(extends),
        is_active: Set(true),
        fields: Set(fields),
        updated_at: Set(work.at().0),
        version: Set(row.version + 1),
        ..Default::default()
    };
    repo::update(work.tx(), row.id, row.version, change).await?;
    parts::put(work.tx(), part.plugin_id, parts::TEMPLATE, &part.key, row.id, &new).await?;
    let detail = json!({ "name": wanted.name, "plugin_id": part.plugin_id, "key": part.key });
    work.audit("template.update", "template", Some(row.id), detail).await?;
    versions::record(work, Some(TemplateId(row.id))).await?;
    Ok(row.id)
}

async fn set_active(work: &mut Work, row: &template::Model, is_active: bool) -> Outcome<()> {
    if row.is_active == is_active {
        return Ok(());
    }
    let change = template::ActiveModel {
        is_active: Set(is_active),
        updated_at: Set(work.at().0),
        version: Set(row.version + 1),
        ..Default::default()
    };
    repo::update(work.tx(), row.id, row.version, change).await?;
    let detail = json!({ "old": { "is_active": row.is_active }, "new": { "is_active": is_active } });
    work.audit("template.update", "template", Some(row.id), detail).await
}

/// Offers them to nobody.
pub async fn rest(work: &mut Work, plugin: i64) -> Outcome<()> {
    for (_, row) in of(work.tx(), plugin).await? {
        if let Some(row) = row {
            set_active(work, &row, false).await?;
        }
    }
    work.touch(Topic::Templates);
    Ok(())
}

/// Deletes those that nothing rests on; how many were deleted, and how many stay.
pub async fn remove(work: &mut Work, plugin: i64) -> Outcome<(u64, u64)> {
    let (mut deleted, mut kept) = (0, 0);
    // What extends another was added after it.
    for (_, row) in of(work.tx(), plugin).await?.into_iter().rev() {
        let Some(row) = row else { continue };
        let holders = repo::holders(work.tx(), row.id).await?;
        if holders.iter().all(|holder| holder.what == HolderKind::Rules) {
            repo::delete(work.tx(), row.id, row.version).await?;
            let detail = json!({ "name": row.name, "plugin_id": plugin });
            work.audit("template.delete", "template", Some(row.id), detail).await?;
            deleted += 1;
        } else {
            set_active(work, &row, false).await?;
            kept += 1;
        }
    }
    work.touch(Topic::Templates);
    Ok((deleted, kept))
}
