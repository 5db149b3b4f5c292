//! Previews over HTTP.

use kpi_api::{
    id::RuleId,
    rule_effects::{Impact, ImpactProgress, ImpactRequest},
};

use super::service;
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

/// What a source, or the rule's draft, would change over all stored KPIs or those of one quarter. Nothing is written. 409
/// `cancelled` when it was cancelled meanwhile.
#[utoipa::path(post, path = "/rules/{id}/preview", tag = "rules", params(("id" = i64, Path)),
    request_body = ImpactRequest, responses((status = 200, body = Impact)))]
pub async fn preview(id: RuleId, call: Entered, body: Outcome<ImpactRequest>) -> Answer<Impact> {
    let (call, body) = (call?, body?);
    Ok(Reply::Ok(service::preview(&call, id, body).await?))
}

/// How far a preview is that the caller has begun with this ticket.
#[utoipa::path(get, path = "/rules/previews/{ticket}", tag = "rules", params(("ticket" = String, Path)),
    responses((status = 200, body = ImpactProgress)))]
pub async fn progress(ticket: String, call: Entered) -> Answer<ImpactProgress> {
    Ok(Reply::Ok(service::progress(&call?, ticket)?))
}

/// Cancels a preview that the caller has begun with this ticket.
#[utoipa::path(delete, path = "/rules/previews/{ticket}", tag = "rules", params(("ticket" = String, Path)),
    responses((status = 204)))]
pub async fn cancel(ticket: String, call: Entered) -> Answer<()> {
    service::cancel(&call?, ticket)?;
    Ok(Reply::NoContent)
}
