//! What waits for me, and for my decision; deciding, also about several at once, and taking a decision back.

use kpi_api::{
    approvals::{ApprovalRow, BulkDecisions, DecisionResults},
    id::{KpiId, Version},
    kpi::KpiView,
    my_work::MyWork,
    page::Page,
};

use crate::core::{
    client::{Answer, Call},
    query::Params,
};

pub async fn my_work() -> Answer<MyWork> {
    Call::get("/my-work").send().await
}

pub async fn queue(query: &Params) -> Answer<Page<ApprovalRow>> {
    Call::get("/approvals").query(query).send().await
}

/// Each decision by itself: one that is refused does not hold up the others.
pub async fn decide(body: &BulkDecisions, key: &str) -> Answer<DecisionResults> {
    Call::post("/approvals/bulk").key(key).json(body).send().await
}

/// Puts the KPI back as it was before one's own decision; `version` is the one after it.
pub async fn undo(id: KpiId, version: Version) -> Answer<KpiView> {
    Call::post(format!("/kpis/{id}/undo-decision")).version(version).send().await
}
