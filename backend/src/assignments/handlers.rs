//! Assignments over HTTP.

use kpi_api::{
    id::{AssignmentId, TemplateId},
    template::assign::{AssignBody, Assignment, AssignmentUndone, Assignments},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{service, undo};
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AssignQuery {
    /// Only says who would get what; nothing is stored.
    #[serde(default)]
    dry_run: bool,
}

/// Gives a template to many people: each gets a draft, all of them or nobody. With `dry_run` it only says who would get
/// what, who is skipped and why, and what the validation rules say to each draft. Whoever the rules refuse has to be left
/// out or given other values first.
#[utoipa::path(post, path = "/templates/{id}/assign", tag = "templates", params(("id" = i64, Path), AssignQuery),
    request_body = AssignBody,
    responses((status = 200, body = Assignment)))]
pub async fn assign(
    id: TemplateId,
    call: Entered,
    query: Outcome<AssignQuery>,
    body: Outcome<AssignBody>,
) -> Answer<Assignment> {
    let (call, query, body) = (call?, query?, body?);
    Ok(Reply::Ok(if query.dry_run {
        service::rehearse(&call, id, body).await?
    } else {
        service::assign(&call, id, body).await?
    }))
}

/// What was assigned from a template lately, newest first.
#[utoipa::path(get, path = "/templates/{id}/assignments", tag = "templates", params(("id" = i64, Path)),
    responses((status = 200, body = Assignments)))]
pub async fn list(id: TemplateId, call: Entered) -> Answer<Assignments> {
    Ok(Reply::Ok(service::list(&call?, id).await?))
}

/// Takes an assignment back within ten minutes: drafts that nobody has worked on are deleted, the others are named.
#[utoipa::path(post, path = "/assignments/{id}/undo", tag = "templates", params(("id" = i64, Path)),
    responses((status = 200, body = AssignmentUndone)))]
pub async fn undo(id: AssignmentId, call: Entered) -> Answer<AssignmentUndone> {
    Ok(Reply::Ok(undo::undo(&call?, id).await?))
}
