//! What waits for me, and for my decision.

use kpi_api::{approvals::ApprovalRow, my_work::MyWork, page::Page};

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
