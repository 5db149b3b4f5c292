//! Looks at the clock. tokio-cron-scheduler says when a minute begins; what is due then is decided here, because its own
//! times keep a fixed offset from UTC and it knows neither overlap nor a missed time.

use std::time::Duration;

use anyhow::Context;
use tokio::task::JoinSet;
use tokio_cron_scheduler::{Job as Tick, JobScheduler};

use super::runs;
use crate::{app::Ctx, platform::lifecycle::Lifecycle};

/// Second 0 of every minute.
const EVERY_MINUTE: &str = "0 * * * * *";

/// How long jobs under way may go on when the server stops. What is cut off is in transactions, and is made up for at
/// the next start.
const PATIENCE: Duration = Duration::from_millis(500);

/// Runs the jobs at their times until the server stops.
pub async fn run(ctx: Ctx, lifecycle: Lifecycle) {
    let mut ticker = match ticker(&ctx).await {
        Ok(ticker) => ticker,
        Err(cause) => {
            tracing::error!(?cause, "the ticker of the jobs did not start");
            return;
        }
    };
    let mut at_work = JoinSet::new();
    loop {
        match runs::begin_due(&ctx).await {
            Ok(begun) => {
                for begun in begun {
                    let ctx = ctx.clone();
                    at_work.spawn(async move { runs::carry_out(&ctx, begun).await });
                }
            }
            Err(cause) => tracing::error!(?cause, "the jobs that are due could not be begun"),
        }
        tokio::select! {
            () = lifecycle.stopping() => break,
            () = ctx.jobs.rung() => {}
            // What came due while it was at work begins now.
            Some(_) = at_work.join_next() => {}
        }
    }
    if let Err(cause) = ticker.shutdown().await {
        tracing::warn!(%cause, "the ticker of the jobs did not stop");
    }
    let all = async { while at_work.join_next().await.is_some() {} };
    if tokio::time::timeout(PATIENCE, all).await.is_err() {
        tracing::warn!("jobs under way were cut off by the stop");
        at_work.shutdown().await;
    }
}

async fn ticker(ctx: &Ctx) -> anyhow::Result<JobScheduler> {
    let scheduler = JobScheduler::new().await.context("making the scheduler")?;
    let desk = ctx.jobs.clone();
    let tick = Tick::new(EVERY_MINUTE, move |_, _| desk.ring()).context("planning the tick")?;
    scheduler.add(tick).await.context("adding the tick")?;
    scheduler.start().await.context("starting the scheduler")?;
    Ok(scheduler)
}
