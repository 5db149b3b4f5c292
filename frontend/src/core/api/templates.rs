//! Templates.

use kpi_api::{
    id::{TemplateId, Version},
    page::Page,
    template::{TemplateNew, TemplatePatch, TemplateView},
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
