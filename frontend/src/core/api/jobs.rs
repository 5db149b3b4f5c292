//! The server's own jobs, and what its reminders would be.

use kpi_api::{
    job::{JobList, JobRunView, Rehearsal},
    page::Page,
};

use crate::core::{
    client::{Answer, Call},
    query::Params,
};

pub async fn list() -> Answer<JobList> {
    Call::get("/jobs").send().await
}

/// Starts a run; how it goes is told by its runs.
pub async fn run(name: &str) -> Answer<()> {
    Call::post(format!("/jobs/{name}/run")).done().await
}

/// Newest first.
pub async fn runs(name: &str, query: &Params) -> Answer<Page<JobRunView>> {
    Call::get(format!("/jobs/{name}/runs")).query(query).send().await
}

pub async fn rehearsal(query: &Params) -> Answer<Rehearsal> {
    Call::get("/jobs/reminders/rehearsal").query(query).send().await
}
