//! The queue over HTTP.

use kpi_api::{approvals::ApprovalRow, page::Page};

use super::service;
pub use super::service::QueueQuery;
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
