//! Departments over HTTP.

use kpi_api::{
    department::{DepartmentNew, DepartmentPatch, DepartmentView},
    id::DepartmentId,
    page::Page,
};

use super::service;
pub use super::service::DepartmentQuery;
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

/// The tree of departments as a list: each one before those below it.
#[utoipa::path(get, path = "/departments", tag = "departments", params(DepartmentQuery),
    responses((status = 200, body = Page<DepartmentView>)))]
pub async fn list(call: Entered, query: Outcome<DepartmentQuery>) -> Answer<Page<DepartmentView>> {
    Ok(Reply::Ok(service::list(&call?, &query?).await?))
}

/// A new department.
#[utoipa::path(post, path = "/departments", tag = "departments", request_body = DepartmentNew,
    responses((status = 201, body = DepartmentView)))]
pub async fn create(call: Entered, body: Outcome<DepartmentNew>) -> Answer<DepartmentView> {
    let body = service::create(&call?, body?).await?;
    Ok(Reply::CreatedVersioned { at: format!("/departments/{}", body.id), version: body.version, body })
}

/// A department.
#[utoipa::path(get, path = "/departments/{id}", tag = "departments", params(("id" = i64, Path)),
    responses((status = 200, body = DepartmentView)))]
pub async fn get(id: DepartmentId, call: Entered) -> Answer<DepartmentView> {
    let department = service::get(&call?, id).await?;
    Ok(Reply::Versioned(department.version, department))
}

/// Changes a department's name, place or manager.
#[utoipa::path(patch, path = "/departments/{id}", tag = "departments", params(("id" = i64, Path)),
    request_body = DepartmentPatch, responses((status = 200, body = DepartmentView)))]
pub async fn update(
    id: DepartmentId,
    call: Entered,
    body: Outcome<DepartmentPatch>,
) -> Answer<DepartmentView> {
    let department = service::update(&call?, id, body?).await?;
    Ok(Reply::Versioned(department.version, department))
}

/// Deletes a department that nothing belongs to.
#[utoipa::path(delete, path = "/departments/{id}", tag = "departments", params(("id" = i64, Path)),
    responses((status = 204)))]
pub async fn delete(id: DepartmentId, call: Entered) -> Answer<()> {
    service::delete(&call?, id).await?;
    Ok(Reply::NoContent)
}
