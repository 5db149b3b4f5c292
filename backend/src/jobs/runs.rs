//! Beginning the runs that are due, doing their work, and writing down how they ended.

use std::{collections::HashMap, panic::AssertUnwindSafe};

use futures_util::FutureExt;
use kpi_api::{
    error::Code,
    job::{JobCause, JobRunView, JobState},
    scoring::Said,
    time::Timestamp,
};
use serde_json::json;

use super::{
    desk::Begun,
    plan::{self, LastRun},
    registry::{Ending, Job},
    repo,
    schedule::Schedule,
    service,
};
use crate::{
    app::Ctx,
    entity::job_run,
    kpi::convert::word,
    platform::{
        db::work::{By, Event},
        failure::{Failure, Outcome},
    },
};

/// As whom jobs write.
pub fn by(job: &str) -> By {
    By::system(&format!("job {job}"))
}

/// Begins what is due now, and hands over what was asked for by hand. Runs that another process left behind are
/// closed first. What has begun is handed over even where the rest cannot be begun; that is tried again the next time.
pub async fn begin_due(ctx: &Ctx) -> Outcome<Vec<Begun>> {
    let mut begun = ctx.jobs.asked_for();
    match begin_planned(ctx, &mut begun).await {
        Err(cause) if !begun.is_empty() => {
            tracing::error!(?cause, "some of the jobs that are due could not be begun");
        }
        other => other?,
    }
    Ok(begun)
}

async fn begin_planned(ctx: &Ctx, begun: &mut Vec<Begun>) -> Outcome<()> {
    close_interrupted(ctx).await?;
    let settings = ctx.settings().await?;
    let known: HashMap<String, (String, i64)> = repo::schedules(ctx.db.read())
        .await?
        .into_iter()
        .map(|row| (row.job, (row.schedule, row.since)))
        .collect();
    for job in Job::all(ctx).await? {
        let schedule = job.schedule(ctx, &settings)?;
        let text = format!("{} {}", schedule.text(), schedule.zone());
        match known.get(job.name()) {
            Some((planned, since)) if *planned == text => {
                begun.extend(begin_if_due(ctx, &job, &schedule, Timestamp(*since)).await?);
            }
            _ => {
                let work = ctx.begin(by(job.name())).await?;
                repo::put_schedule(work.tx(), job.name(), &text, work.at().0).await?;
                work.commit(&()).await?;
            }
        }
    }
    Ok(())
}

async fn begin_if_due(ctx: &Ctx, job: &Job, schedule: &Schedule, since: Timestamp) -> Outcome<Option<Begun>> {
    let now = ctx.clock.now();
    let last = repo::last_scheduled(ctx.db.read(), job.name(), now.0).await?;
    let last = last.map(|row| last_run(&row)).transpose()?;
    let Some((scheduled_for, cause)) = plan::due(schedule, since, last, now) else {
        return Ok(None);
    };
    let work = ctx.begin(by(job.name())).await?;
    let at = work.at();
    let fresh = repo::Fresh { job: job.name(), cause, by_id: None, scheduled_for: scheduled_for.0, at: at.0 };
    let Some(row) = repo::begin(work.tx(), fresh).await? else { return Ok(None) };
    let begun = ctx.jobs.take_up(row.id, job.clone(), at);
    work.commit(&()).await?;
    if cause == JobCause::CatchUp {
        tracing::info!(job = job.name(), missed = %scheduled_for, "a job makes up for a missed time");
    }
    Ok(Some(begun))
}

fn last_run(row: &job_run::Model) -> Outcome<LastRun> {
    Ok(LastRun {
        scheduled_for: Timestamp(row.scheduled_for),
        cause: word(&row.cause)?,
        state: word(&row.state)?,
    })
}

/// Runs that are called running while nobody is at work on them.
async fn close_interrupted(ctx: &Ctx) -> Outcome<()> {
    let running = repo::running(ctx.db.read()).await?;
    let left: Vec<i64> = running.into_iter().filter(|id| !ctx.jobs.is_at_work(*id)).collect();
    if left.is_empty() {
        return Ok(());
    }
    tracing::warn!(runs = ?left, "runs of jobs were interrupted");
    let work = ctx.begin(By::system("jobs")).await?;
    let result = said("The server ended before the job did.", &[]);
    let at = work.at().0;
    repo::finish(work.tx(), &left, at, JobState::Interrupted, &serde_json::to_string(&result)?).await?;
    work.commit(&()).await
}

/// Does the work of a run and writes down how it ended. A panic of the job is an ending like others.
pub async fn carry_out(ctx: &Ctx, begun: Begun) {
    let job = &begun.job;
    let ended = AssertUnwindSafe(job.work(ctx.clone())).catch_unwind().await;
    let ending = match ended {
        Ok(Ok(ending)) => ending,
        Ok(Err(failure)) => {
            tracing::error!(job = job.name(), cause = ?failure, "a job failed");
            Ending::Trouble(failed(&failure))
        }
        Err(_) => {
            tracing::error!(job = job.name(), "a job panicked");
            Ending::Trouble(said("It broke off; the server's log has the cause.", &[]))
        }
    };
    if let Err(failure) = write_down(ctx, &begun, &ending).await {
        // The row stays "running" and is closed as interrupted when the desk is asked next.
        tracing::error!(job = job.name(), cause = ?failure, "how a job ended could not be written down");
    }
}

fn failed(failure: &Failure) -> Said {
    match failure {
        Failure::Known { detail, .. } => said("It failed: {cause}", &[("cause", detail.clone())]),
        Failure::Internal(_) => said("It failed; the server's log has the cause.", &[]),
    }
}

async fn write_down(ctx: &Ctx, begun: &Begun, ending: &Ending) -> Outcome<()> {
    let (state, result) = match ending {
        Ending::Done(result) => (JobState::Done, result),
        Ending::Incomplete(result) | Ending::Trouble(result) => (JobState::Failed, result),
    };
    let mut work = ctx.begin(by(begun.job.name())).await?;
    let at = work.at();
    repo::finish(work.tx(), &[begun.id], at.0, state, &serde_json::to_string(result)?).await?;
    let took_ms = at.0 - begun.started_at.0;
    let payload = json!({ "job": begun.job.name(), "run_id": begun.id, "state": state, "took_ms": took_ms });
    work.emit(Event { name: "job.finished", entity: "job", entity_id: begun.id, payload }).await?;
    if let Ending::Trouble(text) = ending {
        let payload = json!({ "name": begun.job.name(), "run_id": begun.id, "text": text });
        work.emit(Event { name: "job.failed", entity: "job", entity_id: begun.id, payload }).await?;
    }
    work.commit(&()).await?;
    tracing::info!(
        job = begun.job.name(),
        state = state.as_str(),
        took_ms,
        result = result.text,
        "a job ended"
    );
    Ok(())
}

/// Everything that is due, one after another; for the command line and tests, where no ticker runs.
pub async fn run_due(ctx: &Ctx) -> Outcome<()> {
    for begun in begin_due(ctx).await? {
        carry_out(ctx, begun).await;
    }
    Ok(())
}

/// Runs a job to its end, whatever its times; for the command line. 409 while it is running.
pub async fn run_now(ctx: &Ctx, job: &Job) -> Outcome<JobRunView> {
    close_interrupted(ctx).await?;
    let work = ctx.begin(by(job.name())).await?;
    let at = work.at();
    let fresh =
        repo::Fresh { job: job.name(), cause: JobCause::Hand, by_id: None, scheduled_for: at.0, at: at.0 };
    let Some(row) = repo::begin(work.tx(), fresh).await? else {
        return Err(Failure::new(Code::JobRunning, Code::JobRunning.title()));
    };
    let begun = ctx.jobs.take_up(row.id, job.clone(), at);
    work.commit(&()).await?;
    carry_out(ctx, begun).await;
    let row = repo::by_id(ctx.db.read(), row.id).await?.ok_or_else(Failure::not_found)?;
    service::view(row, &*ctx.directory().await?)
}

/// A sentence with values.
pub fn said(pattern: &str, values: &[(&str, String)]) -> Said {
    Said::new(pattern, values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}
