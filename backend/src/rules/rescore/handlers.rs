//! Re-scores over HTTP.

use kpi_api::{
    id::{RescoreId, RuleId},
    rule_effects::{RescoreDetail, RescoreList},
};

use super::service;
use crate::{
    auth::actor::Entered,
    platform::http::{Answer, Reply},
};

/// The re-scores that the publishing of a rule's versions asked for, newest first, at most 100.
#[utoipa::path(get, path = "/rules/{id}/rescores", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = RescoreList)))]
pub async fn of_rule(id: RuleId, call: Entered) -> Answer<RescoreList> {
    Ok(Reply::Ok(service::of_rule(&call?.ctx, id).await?))
}

/// A re-score: how far it is, and what it came to for each person.
#[utoipa::path(get, path = "/rescores/{id}", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = RescoreDetail)))]
pub async fn get(id: RescoreId, call: Entered) -> Answer<RescoreDetail> {
    Ok(Reply::Ok(service::get(&call?.ctx, id).await?))
}
