//! Drafts in the shadow over HTTP.

use kpi_api::{
    id::RuleId,
    rule_effects::{ShadowBody, ShadowReport, ShadowView},
};

use super::service;
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

/// Lets the rule's draft run beside the published version in these quarters, without effect.
#[utoipa::path(put, path = "/rules/{id}/shadow", tag = "rules", params(("id" = i64, Path)),
    request_body = ShadowBody, responses((status = 200, body = ShadowView)))]
pub async fn put(id: RuleId, call: Entered, body: Outcome<ShadowBody>) -> Answer<ShadowView> {
    let (call, body) = (call?, body?);
    Ok(Reply::Ok(service::put(&call, id, body).await?))
}

/// Ends it, and forgets what the draft said.
#[utoipa::path(delete, path = "/rules/{id}/shadow", tag = "rules", params(("id" = i64, Path)),
    responses((status = 204)))]
pub async fn remove(id: RuleId, call: Entered) -> Answer<()> {
    service::remove(&call?, id).await?;
    Ok(Reply::NoContent)
}

/// Where the draft and the published version differ: over all KPIs of these quarters as they stand, and in what was
/// noted when people changed them.
#[utoipa::path(get, path = "/rules/{id}/shadow", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = ShadowReport)))]
pub async fn report(id: RuleId, call: Entered) -> Answer<ShadowReport> {
    Ok(Reply::Ok(service::report(&call?, id).await?))
}
