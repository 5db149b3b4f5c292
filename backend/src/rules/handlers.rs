//! Rules over HTTP.

use kpi_api::{
    id::RuleId,
    rules::{RuleDetail, RuleList},
};

use super::service;
use crate::{
    auth::actor::Entered,
    platform::http::{Answer, Reply},
};

/// The published rules.
#[utoipa::path(get, path = "/rules", tag = "rules", responses((status = 200, body = RuleList)))]
pub async fn list(call: Entered) -> Answer<RuleList> {
    Ok(Reply::Ok(service::list(&call?.ctx).await?))
}

/// A rule with the source and the cases of its published version.
#[utoipa::path(get, path = "/rules/{id}", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = RuleDetail)))]
pub async fn get(id: RuleId, call: Entered) -> Answer<RuleDetail> {
    Ok(Reply::Ok(service::get(&call?.ctx, id).await?))
}
