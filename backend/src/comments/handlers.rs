//! Comments over HTTP.

use kpi_api::{
    comment::{CommentList, CommentNew, CommentPatch, CommentRevisions, CommentView, MentionableList},
    id::{CommentId, KpiId},
};
use serde::Deserialize;

use super::service;
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

/// What was said about a KPI: threads in the order in which they were opened, each followed by its answers.
#[utoipa::path(get, path = "/kpis/{id}/comments", tag = "comments", params(("id" = i64, Path)),
    responses((status = 200, body = CommentList)))]
pub async fn list(id: KpiId, call: Entered) -> Answer<CommentList> {
    Ok(Reply::Ok(service::list(&call?, id).await?))
}

/// Says something, or answers. `@username` names somebody who may see the KPI; they are told.
#[utoipa::path(post, path = "/kpis/{id}/comments", tag = "comments", params(("id" = i64, Path)),
    request_body = CommentNew, responses((status = 201, body = CommentView)))]
pub async fn create(id: KpiId, call: Entered, body: Outcome<CommentNew>) -> Answer<CommentView> {
    let body = service::create(&call?, id, body?).await?;
    Ok(Reply::CreatedVersioned { at: format!("/kpis/{id}/comments"), version: body.version, body })
}

/// Puts another text in place of one's own. The earlier one stays readable; who is newly named is told.
#[utoipa::path(patch, path = "/comments/{id}", tag = "comments", params(("id" = i64, Path)),
    request_body = CommentPatch, responses((status = 200, body = CommentView)))]
pub async fn update(id: CommentId, call: Entered, body: Outcome<CommentPatch>) -> Answer<CommentView> {
    let comment = service::update(&call?, id, body?).await?;
    Ok(Reply::Versioned(comment.version, comment))
}

/// Deletes one's own, or as an administrator anybody's. Its place in the thread stays.
#[utoipa::path(delete, path = "/comments/{id}", tag = "comments", params(("id" = i64, Path)),
    responses((status = 204)))]
pub async fn delete(id: CommentId, call: Entered) -> Answer<()> {
    service::delete(&call?, id).await?;
    Ok(Reply::NoContent)
}

/// The texts that a comment had before, newest first; of more than 100 the newest 100.
#[utoipa::path(get, path = "/comments/{id}/revisions", tag = "comments", params(("id" = i64, Path)),
    responses((status = 200, body = CommentRevisions)))]
pub async fn revisions(id: CommentId, call: Entered) -> Answer<CommentRevisions> {
    Ok(Reply::Ok(service::revisions(&call?, id).await?))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MentionableQuery {
    /// What stands after the `@` so far: a part of a user name or of a name.
    q: Option<String>,
}

/// Who can be named in a comment on a KPI: active people who may see it.
#[utoipa::path(get, path = "/kpis/{id}/mentionable", tag = "comments",
    params(("id" = i64, Path), MentionableQuery), responses((status = 200, body = MentionableList)))]
pub async fn mentionable(
    id: KpiId,
    call: Entered,
    query: Outcome<MentionableQuery>,
) -> Answer<MentionableList> {
    let (call, query) = (call?, query?);
    Ok(Reply::Ok(service::mentionable(&call, id, query.q.as_deref().unwrap_or_default()).await?))
}
