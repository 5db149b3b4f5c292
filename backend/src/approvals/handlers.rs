//! The queue over HTTP.

use kpi_api::{
    approvals::{ApprovalRow, BulkDecisions, DecisionResults},
    page::Page,
};

pub use super::filter::QueueQuery;
use super::{bulk, service};
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

/// What waits for a decision that the caller may take, oldest first.
#[utoipa::path(get, path = "/approvals", tag = "approvals", params(QueueQuery),
    responses((status = 200, body = Page<ApprovalRow>)))]
pub async fn queue(call: Entered, query: Outcome<QueueQuery>) -> Answer<Page<ApprovalRow>> {
    Ok(Reply::Ok(service::queue(&call?, &query?).await?))
}

/// Decides about several KPIs at once; what became of each is told in its place.
#[utoipa::path(post, path = "/approvals/bulk", tag = "approvals", request_body = BulkDecisions,
    responses((status = 200, body = DecisionResults)))]
pub async fn decide(call: Entered, body: Outcome<BulkDecisions>) -> Answer<DecisionResults> {
    Ok(Reply::Ok(bulk::decide(&call?, body?).await?))
}
