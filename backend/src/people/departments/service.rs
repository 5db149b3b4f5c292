//! Commands and questions about departments.

use kpi_api::{
    department::{DepartmentNew, DepartmentPatch, DepartmentView},
    error::Code,
    id::{DepartmentId, UserId, Version},
    page::Page,
    time::Timestamp,
};
use sea_orm::ActiveValue::Set;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::repo;
use crate::{
    auth::actor::Call,
    entity::department,
    people::{directory::Directory, users::service::changes},
    platform::{
        failure::{Failure, Outcome},
        paging::Paging,
        signals::Topic,
    },
};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DepartmentQuery {
    /// From 1; without it and `per_page` the whole tree comes on one page.
    page: Option<u32>,
    /// 1 to 100.
    per_page: Option<u32>,
    /// Stands anywhere in the name, in whatever case.
    q: Option<String>,
}

/// The tree as a list: each department before those below it, siblings by name.
pub async fn list(call: &Call, query: &DepartmentQuery) -> Outcome<Page<DepartmentView>> {
    let directory = call.ctx.directory().await?;
    let rows = repo::all(call.ctx.db.read()).await?;
    let mut views: Vec<DepartmentView> = rows.into_iter().map(|row| view(row, &directory)).collect();
    if let Some(text) = query.q.as_deref().map(str::to_lowercase) {
        views.retain(|view| view.name.to_lowercase().contains(&text));
    }
    views.sort_by_cached_key(|view| {
        (view.path.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>(), view.id)
    });
    if query.page.is_none() && query.per_page.is_none() {
        let total = views.len() as u64;
        return Ok(Page {
            items: views,
            page: 1,
            per_page: u32::try_from(total.max(1)).unwrap_or(u32::MAX),
            total,
        });
    }
    Ok(Paging::read(query.page, query.per_page)?.cut(views))
}

pub async fn get(call: &Call, id: DepartmentId) -> Outcome<DepartmentView> {
    let row = repo::by_id(call.ctx.db.read(), id.0).await?.ok_or_else(Failure::not_found)?;
    Ok(view(row, &*call.ctx.directory().await?))
}

pub async fn create(call: &Call, new: DepartmentNew) -> Outcome<DepartmentView> {
    new.check().map_err(Failure::invalid)?;
    let mut work = call.begin().await?;
    if let Some(answer) = work.replay("department.create", &new).await? {
        return Ok(answer);
    }
    ensure_known(&Directory::load(work.tx(), call.ctx.today()).await?, new.parent_id, new.manager_id)?;
    let at = work.at().0;
    let row = department::ActiveModel {
        name: Set(new.name.trim().to_owned()),
        parent_id: Set(new.parent_id.map(|id| id.0)),
        manager_id: Set(new.manager_id.map(|id| id.0)),
        created_at: Set(at),
        updated_at: Set(at),
        version: Set(1),
        ..Default::default()
    };
    let row = repo::insert(work.tx(), row).await?;
    work.audit("department.create", "department", Some(row.id), outline(&row)).await?;
    work.touch(Topic::People);
    let answer = view(row, &Directory::load(work.tx(), call.ctx.today()).await?);
    work.commit(&answer).await?;
    Ok(answer)
}

pub async fn update(call: &Call, id: DepartmentId, patch: DepartmentPatch) -> Outcome<DepartmentView> {
    patch.check().map_err(Failure::invalid)?;
    let seen = call.who.version()?;
    let mut work = call.begin().await?;
    let old = repo::by_id(work.tx(), id.0).await?.ok_or_else(Failure::not_found)?;
    if old.version != seen.0 {
        return Err(stale());
    }
    let parent_id = patch.parent_id.apply(old.parent_id.map(DepartmentId));
    let manager_id = patch.manager_id.apply(old.manager_id.map(UserId));
    let directory = Directory::load(work.tx(), call.ctx.today()).await?;
    ensure_known(&directory, parent_id, manager_id)?;
    if parent_id.is_some_and(|parent| directory.subtree(id).contains(&parent)) {
        let message = "A department cannot stand below itself.";
        return Err(Failure::field("parent_id", "cycle", message));
    }
    let row = department::ActiveModel {
        name: Set(patch.name.map_or_else(|| old.name.clone(), |name| name.trim().to_owned())),
        parent_id: Set(parent_id.map(|id| id.0)),
        manager_id: Set(manager_id.map(|id| id.0)),
        updated_at: Set(work.at().0),
        version: Set(seen.0 + 1),
        ..Default::default()
    };
    if !repo::update(work.tx(), id.0, seen.0, row).await? {
        return Err(stale());
    }
    let new = repo::by_id(work.tx(), id.0).await?.ok_or_else(Failure::not_found)?;
    work.audit("department.update", "department", Some(id.0), changes(&outline(&old), &outline(&new)))
        .await?;
    work.touch(Topic::People);
    let answer = view(new, &Directory::load(work.tx(), call.ctx.today()).await?);
    work.commit(&answer).await?;
    Ok(answer)
}

/// Deletes a department that nothing belongs to.
pub async fn delete(call: &Call, id: DepartmentId) -> Outcome<()> {
    let seen = call.who.version()?;
    let mut work = call.begin().await?;
    let old = repo::by_id(work.tx(), id.0).await?.ok_or_else(Failure::not_found)?;
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
    work.audit("department.delete", "department", Some(id.0), outline(&old)).await?;
    work.touch(Topic::People);
    work.commit(&()).await
}

fn ensure_known(directory: &Directory, parent: Option<DepartmentId>, manager: Option<UserId>) -> Outcome<()> {
    if parent.is_some_and(|id| directory.department(id).is_none()) {
        return Err(Failure::field("parent_id", "unknown", "There is no such department."));
    }
    if manager.is_some_and(|id| directory.person(id).is_none()) {
        return Err(Failure::field("manager_id", "unknown", "There is no such person."));
    }
    Ok(())
}

fn view(row: department::Model, directory: &Directory) -> DepartmentView {
    let id = DepartmentId(row.id);
    let manager_id = row.manager_id.map(UserId);
    let path = directory.path(id);
    DepartmentView {
        id,
        path: if path.is_empty() { vec![row.name.clone()] } else { path },
        name: row.name,
        parent_id: row.parent_id.map(DepartmentId),
        manager_id,
        manager_name: manager_id.and_then(|id| directory.person(id)).map(|person| person.full_name.clone()),
        people: directory.headcount(id),
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
        version: Version(row.version),
    }
}

/// A department as the audit log keeps it.
fn outline(row: &department::Model) -> Value {
    json!({ "name": row.name, "parent_id": row.parent_id, "manager_id": row.manager_id })
}

fn stale() -> Failure {
    Failure::new(Code::StaleVersion, Code::StaleVersion.title())
}
