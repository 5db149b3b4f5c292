//! Templates.

use kpi_api::{
    id::{AssignmentId, TemplateId, Version},
    page::Page,
    template::{
        TemplateNew, TemplatePatch, TemplateView,
        assign::{AssignBody, Assignment, AssignmentUndone, Assignments},
        change::TemplateVersions,
    },
};

use crate::core::{
    client::{Answer, Call},
    query::Params,
};

pub async fn list(query: &Params) -> Answer<Page<TemplateView>> {
    Call::get("/templates").query(query).send().await
}

pub async fn get(id: TemplateId) -> Answer<TemplateView> {
    Call::get(format!("/templates/{id}")).send().await
}

pub async fn create(body: &TemplateNew, key: &str) -> Answer<TemplateView> {
    Call::post("/templates").key(key).json(body).send().await
}

pub async fn update(id: TemplateId, version: Version, patch: &TemplatePatch) -> Answer<TemplateView> {
    Call::patch(format!("/templates/{id}")).version(version).json(patch).send().await
}

pub async fn delete(id: TemplateId, version: Version) -> Answer<()> {
    Call::delete(format!("/templates/{id}")).version(version).done().await
}

/// Newest first.
pub async fn versions(id: TemplateId) -> Answer<TemplateVersions> {
    Call::get(format!("/templates/{id}/versions")).send().await
}

/// Who would get what; nothing is stored.
pub async fn rehearse(id: TemplateId, body: &AssignBody) -> Answer<Assignment> {
    let query = Params::new().with("dry_run", "true");
    Call::post(format!("/templates/{id}/assign")).query(&query).json(body).send().await
}

pub async fn assign(id: TemplateId, body: &AssignBody, key: &str) -> Answer<Assignment> {
    Call::post(format!("/templates/{id}/assign")).key(key).json(body).send().await
}

/// Newest first.
pub async fn assignments(id: TemplateId) -> Answer<Assignments> {
    Call::get(format!("/templates/{id}/assignments")).send().await
}

pub async fn undo_assignment(id: AssignmentId) -> Answer<AssignmentUndone> {
    Call::post(format!("/assignments/{id}/undo")).send().await
}
