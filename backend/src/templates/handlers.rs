//! Templates over HTTP.

use kpi_api::{
    id::TemplateId,
    page::Page,
    template::{TemplateNew, TemplatePatch, TemplateView, change::TemplateVersions},
};

pub use super::service::TemplateQuery;
use super::{service, versions};
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

/// The templates that the caller's role and department may use; all of them for administrators.
#[utoipa::path(get, path = "/templates", tag = "templates", params(TemplateQuery),
    responses((status = 200, body = Page<TemplateView>)))]
pub async fn list(call: Entered, query: Outcome<TemplateQuery>) -> Answer<Page<TemplateView>> {
    Ok(Reply::Ok(service::list(&call?, &query?).await?))
}

/// A template for a role and department; it may extend another.
#[utoipa::path(post, path = "/templates", tag = "templates", request_body = TemplateNew,
    responses((status = 201, body = TemplateView)))]
pub async fn create(call: Entered, body: Outcome<TemplateNew>) -> Answer<TemplateView> {
    let body = service::create(&call?, body?).await?;
    Ok(Reply::CreatedVersioned { at: format!("/templates/{}", body.id), version: body.version, body })
}

/// A template: what it sets itself and what a KPI made from it starts with.
#[utoipa::path(get, path = "/templates/{id}", tag = "templates", params(("id" = i64, Path)),
    responses((status = 200, body = TemplateView)))]
pub async fn get(id: TemplateId, call: Entered) -> Answer<TemplateView> {
    let template = service::get(&call?, id).await?;
    Ok(Reply::Versioned(template.version, template))
}

/// Changes a template. KPIs made from it keep what they started with.
#[utoipa::path(patch, path = "/templates/{id}", tag = "templates", params(("id" = i64, Path)),
    request_body = TemplatePatch, responses((status = 200, body = TemplateView)))]
pub async fn update(id: TemplateId, call: Entered, body: Outcome<TemplatePatch>) -> Answer<TemplateView> {
    let template = service::update(&call?, id, body?).await?;
    Ok(Reply::Versioned(template.version, template))
}

/// Deletes a template that nothing was made from.
#[utoipa::path(delete, path = "/templates/{id}", tag = "templates", params(("id" = i64, Path)),
    responses((status = 204)))]
pub async fn delete(id: TemplateId, call: Entered) -> Answer<()> {
    service::delete(&call?, id).await?;
    Ok(Reply::NoContent)
}

/// What KPIs made from the template started with, at each of its changes and of those it inherited; newest first.
#[utoipa::path(get, path = "/templates/{id}/versions", tag = "templates", params(("id" = i64, Path)),
    responses((status = 200, body = TemplateVersions)))]
pub async fn list_versions(id: TemplateId, call: Entered) -> Answer<TemplateVersions> {
    Ok(Reply::Ok(versions::list(&call?, id).await?))
}
