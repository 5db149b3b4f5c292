//! What administrators see of the jobs, and asking for a run.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use kpi_api::{
    error::Code,
    id::UserId,
    job::{JobCause, JobList, JobRunView, JobState, JobView, Rehearsal},
    page::Page,
    time::{Date, Timestamp},
    user::PersonRef,
};
use serde_json::json;

use super::{registry::Job, repo};
use crate::{
    app::Ctx,
    auth::actor::Call,
    entity::job_run,
    kpi::convert::word,
    people::directory::Directory,
    platform::{
        failure::{Failure, Outcome},
        paging::Paging,
    },
    reminders::{self, Limit},
};

/// How long a rehearsal waits for the one before it.
const REHEARSAL_WAIT: Duration = Duration::from_secs(10);

pub async fn list(ctx: &Ctx) -> Outcome<JobList> {
    let settings = ctx.settings().await?;
    let directory = ctx.directory().await?;
    let last = repo::last_runs(ctx.db.read()).await?;
    let mut last: HashMap<String, job_run::Model> =
        last.into_iter().map(|run| (run.job.clone(), run)).collect();
    let jobs = Job::all(ctx).await?;
    let items = jobs.iter().map(|job| {
        let schedule = job.schedule(ctx, &settings)?;
        let last_run = last.remove(job.name()).map(|run| view(run, &directory)).transpose()?;
        Ok(JobView {
            name: job.name().into(),
            description: job.description().into(),
            schedule: schedule.text().into(),
            zone: schedule.zone().into(),
            next_run: schedule.next(ctx.clock.now()),
            running: last_run.as_ref().is_some_and(|run| run.state == JobState::Running),
            last_run,
        })
    });
    Ok(JobList { items: items.collect::<Outcome<_>>()? })
}

/// Begins a run now; how it goes is told by its row. 409 while the job is running.
pub async fn run(call: &Call, name: &str) -> Outcome<JobRunView> {
    let ctx = &call.ctx;
    let job = Job::named(ctx, name).await?.ok_or_else(Failure::not_found)?;
    let directory = ctx.directory().await?;
    let mut work = call.begin().await?;
    if let Some(before) = work.replay("jobs.run", &job.name()).await? {
        return Ok(before);
    }
    let at = work.at();
    let by_id = Some(call.who.id().0);
    let fresh = repo::Fresh { job: job.name(), cause: JobCause::Hand, by_id, scheduled_for: at.0, at: at.0 };
    let Some(row) = repo::begin(work.tx(), fresh).await? else {
        return Err(Failure::new(Code::JobRunning, Code::JobRunning.title()));
    };
    let begun = ctx.jobs.take_up(row.id, job.clone(), at);
    work.audit("job.run", "job", Some(row.id), json!({ "job": job.name() })).await?;
    let answer = view(row, &directory)?;
    work.commit(&answer).await?;
    ctx.jobs.ask_for(begun);
    Ok(answer)
}

/// Newest first. Those of a plugin are told for as long as they are kept, whether it runs or not.
pub async fn runs(ctx: &Ctx, name: &str, paging: Paging) -> Outcome<Page<JobRunView>> {
    let (rows, total) = repo::page(ctx.db.read(), name, paging).await?;
    if total == 0 && Job::named(ctx, name).await?.is_none() {
        return Err(Failure::not_found());
    }
    let directory = ctx.directory().await?;
    let items = rows.into_iter().map(|row| view(row, &directory)).collect::<Outcome<_>>()?;
    Ok(paging.page(items, total))
}

/// Which reminders the next `days` days would bring.
pub async fn rehearse(ctx: &Ctx, days: u16) -> Outcome<Rehearsal> {
    let Some(job) = Job::named(ctx, "reminders").await? else { return Err(Failure::not_found()) };
    let schedule = job.schedule(ctx, &*ctx.settings().await?)?;
    let now = ctx.clock.now();
    let until = now.plus_seconds(i64::from(days) * 24 * 3600);
    let mut on: Vec<Date> = schedule
        .between(now, until, usize::from(days) + 1)
        .into_iter()
        .map(|at: Timestamp| ctx.clock.date_of(at))
        .collect();
    on.dedup();
    let turn = tokio::time::timeout(REHEARSAL_WAIT, ctx.jobs.rehearsing().acquire_owned()).await;
    let Ok(Ok(place)) = turn else {
        return Err(Failure::new(Code::Busy, "Another rehearsal is under way.").retry_after(5));
    };
    let limit = Limit { until: Instant::now() + reminders::LONGEST, place: Arc::new(place) };
    reminders::rehearse(ctx, &on, limit).await
}

pub fn view(run: job_run::Model, directory: &Directory) -> Outcome<JobRunView> {
    Ok(JobRunView {
        id: run.id,
        cause: word(&run.cause)?,
        by: run.by_id.map(|id| PersonRef { id: UserId(id), full_name: directory.name(UserId(id)) }),
        scheduled_for: Timestamp(run.scheduled_for),
        started_at: Timestamp(run.started_at),
        finished_at: run.finished_at.map(Timestamp),
        took_ms: match word(&run.state)? {
            JobState::Done | JobState::Failed => run.finished_at.map(|finished| finished - run.started_at),
            JobState::Running | JobState::Interrupted => None,
        },
        state: word(&run.state)?,
        result: if run.result.is_empty() { None } else { Some(serde_json::from_str(&run.result)?) },
        job: run.job,
    })
}
