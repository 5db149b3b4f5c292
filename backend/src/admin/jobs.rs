//! How the jobs went.

use kpi_api::{
    audit::{JobList, JobView},
    time::Timestamp,
};

use super::repo;
use crate::{app::Ctx, platform::failure::Outcome};

pub async fn list(ctx: &Ctx) -> Outcome<JobList> {
    let runs = repo::last_runs(ctx.db.read()).await?;
    let items = runs.into_iter().map(|run| JobView {
        name: run.job,
        last_run_at: Some(Timestamp(run.started_at)),
        last_state: Some(run.state),
        last_duration_ms: run.finished_at.map(|finished| finished - run.started_at),
        next_run_at: None,
    });
    Ok(JobList { items: items.collect() })
}
