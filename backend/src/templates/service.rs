//! Commands and questions about templates.

use std::collections::HashMap;

use kpi_api::{
    error::Code,
    id::{DepartmentId, TemplateId, Version},
    page::Page,
    permission::{Capability, Relation, Role},
    template::{TemplateNew, TemplatePatch, TemplateView},
    time::Timestamp,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

pub use super::catalogue::Effective;
use super::{catalogue::Catalogue, repo, versions};
use crate::{
    auth::actor::Call,
    entity::template,
    people::directory::Directory,
    platform::{
        failure::{Failure, Outcome},
        paging::{Paging, Way, sort},
        signals::Topic,
    },
};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TemplateQuery {
    /// From 1.
    page: Option<u32>,
    /// 1 to 100.
    per_page: Option<u32>,
    /// `name` (the default), `created_at` or `updated_at`; `-` in front for downwards.
    sort: Option<String>,
    #[param(value_type = Option<i64>)]
    department_id: Option<DepartmentId>,
    role: Option<Role>,
    is_active: Option<bool>,
    /// Stands anywhere in name or description, in whatever case.
    q: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Key {
    Name,
    CreatedAt,
    UpdatedAt,
}

/// What a KPI made from the template starts with; `None` when there is no such template.
pub async fn effective(db: &impl ConnectionTrait, id: TemplateId) -> Outcome<Option<Effective>> {
    let found = Catalogue::read(&repo::all(db).await?)?.effective(id);
    let Some(effective) = found else { return Ok(None) };
    let version = repo::latest_version(db, id.0).await?.map(|row| row.number);
    Ok(Some(Effective { version, ..effective }))
}

/// The templates that the caller may use; all of them for those who manage them.
pub async fn list(call: &Call, query: &TemplateQuery) -> Outcome<Page<TemplateView>> {
    let paging = Paging::read(query.page, query.per_page)?;
    let keys = [("name", Key::Name), ("created_at", Key::CreatedAt), ("updated_at", Key::UpdatedAt)];
    let (key, way) = sort(query.sort.as_deref(), &keys, (Key::Name, Way::Up))?;
    let text = query.q.as_deref().unwrap_or_default().to_lowercase();
    let library = Library::load(call, call.ctx.db.read()).await?;
    let mut views: Vec<TemplateView> = library.visible(call).collect();
    views.retain(|view| {
        query.department_id.is_none_or(|id| view.department_id == Some(id))
            && query.role.is_none_or(|role| view.role == Some(role))
            && query.is_active.is_none_or(|active| view.is_active == active)
            && (text.is_empty()
                || view.name.to_lowercase().contains(&text)
                || view.description.to_lowercase().contains(&text))
    });
    views.sort_by(|a, b| {
        let order = match key {
            Key::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            Key::CreatedAt => a.created_at.cmp(&b.created_at),
            Key::UpdatedAt => a.updated_at.cmp(&b.updated_at),
        };
        let order = if way == Way::Down { order.reverse() } else { order };
        order.then(a.id.cmp(&b.id))
    });
    Ok(paging.cut(views))
}

pub async fn get(call: &Call, id: TemplateId) -> Outcome<TemplateView> {
    let library = Library::load(call, call.ctx.db.read()).await?;
    library.visible(call).find(|view| view.id == id).ok_or_else(Failure::not_found)
}

pub async fn create(call: &Call, new: TemplateNew) -> Outcome<TemplateView> {
    new.check().map_err(Failure::invalid)?;
    let mut work = call.begin().await?;
    if let Some(answer) = work.replay("template.create", &new).await? {
        return Ok(answer);
    }
    let library = Library::load(call, work.tx()).await?;
    library.known_department(new.department_id)?;
    library.known_base(new.extends_id)?;
    let at = work.at().0;
    let row = template::ActiveModel {
        name: Set(new.name.trim().to_owned()),
        description: Set(new.description),
        role: Set(new.role.map(|role| role.to_string())),
        department_id: Set(new.department_id.map(|id| id.0)),
        extends_id: Set(new.extends_id.map(|id| id.0)),
        is_active: Set(true),
        fields: Set(serde_json::to_string(&new.fields)?),
        created_at: Set(at),
        updated_at: Set(at),
        version: Set(1),
        ..Default::default()
    };
    let row = repo::insert(work.tx(), row).await?;
    let detail = json!({ "name": row.name, "sets": new.fields.set_fields() });
    work.audit("template.create", "template", Some(row.id), detail).await?;
    versions::record(&work, Some(TemplateId(row.id))).await?;
    work.touch(Topic::Templates);
    let answer = Library::load(call, work.tx()).await?.view(row.id)?;
    work.commit(&answer).await?;
    Ok(answer)
}

pub async fn update(call: &Call, id: TemplateId, patch: TemplatePatch) -> Outcome<TemplateView> {
    patch.check().map_err(Failure::invalid)?;
    let seen = call.who.version()?;
    let mut work = call.begin().await?;
    let library = Library::load(call, work.tx()).await?;
    let old = library.row(id.0).ok_or_else(Failure::not_found)?;
    if old.version != seen.0 {
        return Err(stale());
    }
    let department_id = patch.department_id.apply(old.department_id.map(DepartmentId));
    let extends_id = patch.extends_id.apply(old.extends_id.map(TemplateId));
    library.known_department(department_id)?;
    library.known_base(extends_id)?;
    if extends_id.is_some_and(|base| library.catalogue.would_cycle(id, base)) {
        let message = "A template cannot extend itself, directly or through others.";
        return Err(Failure::field("extends_id", "cycle", message));
    }
    let own = library.catalogue.get(id).map(|template| template.own.clone()).unwrap_or_default();
    let old_role = library.catalogue.get(id).and_then(|template| template.role);
    let row = template::ActiveModel {
        name: Set(patch.name.map_or_else(|| old.name.clone(), |name| name.trim().to_owned())),
        description: Set(patch.description.unwrap_or_else(|| old.description.clone())),
        role: Set(patch.role.apply(old_role).map(|role| role.to_string())),
        department_id: Set(department_id.map(|id| id.0)),
        extends_id: Set(extends_id.map(|id| id.0)),
        is_active: Set(patch.is_active.unwrap_or(old.is_active)),
        fields: Set(serde_json::to_string(&patch.fields.unwrap_or(own))?),
        updated_at: Set(work.at().0),
        version: Set(seen.0 + 1),
        ..Default::default()
    };
    let before = outline(old)?;
    if !repo::update(work.tx(), id.0, seen.0, row).await? {
        return Err(stale());
    }
    versions::record(&work, Some(id)).await?;
    let library = Library::load(call, work.tx()).await?;
    let after = library.row(id.0).map(outline).transpose()?;
    let detail = json!({ "old": before, "new": after });
    work.audit("template.update", "template", Some(id.0), detail).await?;
    work.touch(Topic::Templates);
    let answer = library.view(id.0)?;
    work.commit(&answer).await?;
    Ok(answer)
}

pub async fn delete(call: &Call, id: TemplateId) -> Outcome<()> {
    let seen = call.who.version()?;
    let mut work = call.begin().await?;
    let library = Library::load(call, work.tx()).await?;
    let old = library.row(id.0).ok_or_else(Failure::not_found)?;
    if old.version != seen.0 {
        return Err(stale());
    }
    let holders = repo::holders(work.tx(), id.0).await?;
    if !holders.is_empty() {
        return Err(Failure::in_use(holders));
    }
    if !repo::delete(work.tx(), id.0, seen.0).await? {
        return Err(stale());
    }
    work.audit("template.delete", "template", Some(id.0), outline(old)?).await?;
    work.touch(Topic::Templates);
    work.commit(&()).await
}

/// Everything a view of a template is made of.
struct Library {
    rows: Vec<template::Model>,
    catalogue: Catalogue,
    usage: HashMap<i64, u64>,
    versions: HashMap<i64, i64>,
    directory: std::sync::Arc<Directory>,
}

impl Library {
    async fn load(call: &Call, db: &impl ConnectionTrait) -> Outcome<Self> {
        let rows = repo::all(db).await?;
        let catalogue = Catalogue::read(&rows)?;
        let (usage, versions) = (repo::usage(db).await?, repo::version_numbers(db).await?);
        Ok(Self { rows, catalogue, usage, versions, directory: call.ctx.directory().await? })
    }

    fn row(&self, id: i64) -> Option<&template::Model> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// The views that the caller may see.
    fn visible<'a>(&'a self, call: &'a Call) -> impl Iterator<Item = TemplateView> + 'a {
        let manages = call.who.may(Capability::ManageTemplates, Relation::Stranger);
        self.rows.iter().filter_map(move |row| {
            let effective = self.catalogue.effective(TemplateId(row.id))?;
            let may_see = manages || effective.usable_by(&call.who.person, &self.directory);
            may_see.then(|| self.shown(row, effective))
        })
    }

    fn view(&self, id: i64) -> Outcome<TemplateView> {
        let row = self.row(id).ok_or_else(Failure::not_found)?;
        let effective = self.catalogue.effective(TemplateId(id)).ok_or_else(Failure::not_found)?;
        Ok(self.shown(row, effective))
    }

    fn shown(&self, row: &template::Model, effective: Effective) -> TemplateView {
        let own = self.catalogue.get(effective.id);
        let extends_id = row.extends_id.map(TemplateId);
        TemplateView {
            id: effective.id,
            name: effective.name,
            description: row.description.clone(),
            role: effective.role,
            department_id: effective.department_id,
            department_name: effective.department_id.and_then(|id| self.directory.department_name(id)),
            extends_id,
            extends_name: extends_id.and_then(|id| self.catalogue.get(id)).map(|base| base.name.clone()),
            is_active: effective.is_active,
            own: own.map(|template| template.own.clone()).unwrap_or_default(),
            effective: effective.fields,
            fields_version: self.versions.get(&row.id).map_or(0, |number| *number as u32),
            used_by: self.usage.get(&row.id).copied().unwrap_or_default(),
            created_at: Timestamp(row.created_at),
            updated_at: Timestamp(row.updated_at),
            version: Version(row.version),
        }
    }

    fn known_department(&self, id: Option<DepartmentId>) -> Outcome<()> {
        match id {
            Some(id) if self.directory.department(id).is_none() => {
                Err(Failure::field("department_id", "unknown", "There is no such department."))
            }
            _ => Ok(()),
        }
    }

    fn known_base(&self, id: Option<TemplateId>) -> Outcome<()> {
        match id {
            Some(id) if self.catalogue.get(id).is_none() => {
                Err(Failure::field("extends_id", "unknown", "There is no such template."))
            }
            _ => Ok(()),
        }
    }
}

/// A template as the audit log keeps it.
fn outline(row: &template::Model) -> Outcome<Value> {
    Ok(json!({
        "name": row.name,
        "role": row.role,
        "department_id": row.department_id,
        "extends_id": row.extends_id,
        "is_active": row.is_active,
        "fields": serde_json::from_str::<Value>(&row.fields)?,
    }))
}

fn stale() -> Failure {
    Failure::new(Code::StaleVersion, Code::StaleVersion.title())
}
