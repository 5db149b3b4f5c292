//! Departments.

use kpi_api::{
    department::{DepartmentNew, DepartmentPatch, DepartmentView},
    id::{DepartmentId, Version},
    page::Page,
};

use crate::core::{
    client::{Answer, Call},
    query::Params,
};

pub async fn list(query: &Params) -> Answer<Page<DepartmentView>> {
    Call::get("/departments").query(query).send().await
}

pub async fn get(id: DepartmentId) -> Answer<DepartmentView> {
    Call::get(format!("/departments/{id}")).send().await
}

pub async fn create(body: &DepartmentNew, key: &str) -> Answer<DepartmentView> {
    Call::post("/departments").key(key).json(body).send().await
}

pub async fn update(id: DepartmentId, version: Version, patch: &DepartmentPatch) -> Answer<DepartmentView> {
    Call::patch(format!("/departments/{id}")).version(version).json(patch).send().await
}

pub async fn delete(id: DepartmentId, version: Version) -> Answer<()> {
    Call::delete(format!("/departments/{id}")).version(version).done().await
}
