//! Calls the functions that wait to be told of something: the plugins side by side, each one event after another. What
//! fails is told again after 1 s, 2 s, 4 s and so on; the plugin's other events rest as long as its last failures tell.

use std::{collections::HashSet, sync::Arc, time::Duration};

use kpi_api::time::Timestamp;
use tokio::task::JoinSet;

use super::event;
use crate::{
    app::Ctx,
    entity::plugin_delivery,
    platform::{failure::Outcome, lifecycle::Lifecycle},
    plugins::{
        calling::{self, Called, Occasion},
        installed::Installed,
        repo::{self, deliveries},
    },
};

/// Attempts before an event is given up.
const MOST_ATTEMPTS: i64 = 10;

/// Milliseconds before the second attempt; each further one waits twice as long.
const FIRST_PAUSE: i64 = 1000;

/// Milliseconds of the longest pause.
const LONGEST_PAUSE: i64 = 5 * 60 * 1000;

/// The longest sleep; a clock that was set forward is noticed by then.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// Pause after the database could not be asked.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Calls until the server stops.
pub async fn run(ctx: Ctx, lifecycle: Lifecycle) {
    if ctx.config.safe_mode {
        return lifecycle.stopping().await;
    }
    let mut at_work: JoinSet<i64> = JoinSet::new();
    let mut busy: HashSet<i64> = HashSet::new();
    loop {
        let sleep = match begin(&ctx, &mut at_work, &mut busy).await {
            Ok(sleep) => sleep,
            Err(cause) => {
                tracing::error!(?cause, "the plugins' events could not be looked up; it is tried again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = lifecycle.stopping() => break,
            () = ctx.fleet.rung() => {}
            () = tokio::time::sleep(sleep) => {}
            Some(ended) = at_work.join_next() => match ended {
                Ok(plugin) => {
                    busy.remove(&plugin);
                }
                // Whose turn broke off is not told; all of them are looked at again.
                Err(_) => busy.clear(),
            },
        }
    }
    // What is cut off is told again at the next start.
    at_work.shutdown().await;
}

/// Sets every plugin to work that something is due for. How long nothing else can be.
async fn begin(ctx: &Ctx, at_work: &mut JoinSet<i64>, busy: &mut HashSet<i64>) -> Outcome<Duration> {
    let now = ctx.clock.now();
    let mut next: Option<i64> = None;
    for installed in ctx.plugins().await?.running() {
        let plugin = installed.row.id;
        if busy.contains(&plugin) {
            continue;
        }
        let Some(due) = due(ctx, plugin).await? else { continue };
        if due <= now.0 {
            busy.insert(plugin);
            let (ctx, installed) = (ctx.clone(), Arc::clone(installed));
            at_work.spawn(async move {
                if let Err(cause) = work_off_one(&ctx, &installed).await {
                    tracing::error!(
                        plugin = installed.id(),
                        ?cause,
                        "a plugin could not be told of its events"
                    );
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
                installed.row.id
            });
        } else {
            next = Some(next.map_or(due, |next| next.min(due)));
        }
    }
    let until = next.map(|due| u64::try_from(due - now.0).unwrap_or(0));
    Ok(until.map_or(LOOK_AGAIN, |until| Duration::from_millis(until.max(1)).min(LOOK_AGAIN)))
}

/// When the plugin's next event is due; `None` where none waits.
async fn due(ctx: &Ctx, plugin: i64) -> Outcome<Option<i64>> {
    let Some(first) = deliveries::next_due(ctx.db.read(), plugin).await? else { return Ok(None) };
    let rests = repo::by_id(ctx.db.read(), plugin).await?.map_or(0, |row| row.not_before);
    Ok(Some(first.max(rests)))
}

/// Tells every plugin what is due by the clock, here and now; how many calls that were. For those who run without
/// background tasks: tests and the command line.
pub async fn work_off(ctx: &Ctx) -> Outcome<usize> {
    let mut calls = 0;
    for installed in ctx.plugins().await?.running() {
        calls += work_off_one(ctx, installed).await?;
    }
    Ok(calls)
}

async fn work_off_one(ctx: &Ctx, installed: &Installed) -> Outcome<usize> {
    let mut calls = 0;
    loop {
        let now = ctx.clock.now().0;
        // Its row is read again each time: it may have been stopped, or be resting since the last call.
        let row = repo::by_id(ctx.db.read(), installed.row.id).await?;
        let goes_on = row.is_some_and(|row| {
            row.state == installed.row.state
                && row.checksum == installed.row.checksum
                && row.not_before <= now
        });
        if !goes_on {
            return Ok(calls);
        }
        let Some(next) = deliveries::next(ctx.db.read(), installed.row.id, now).await? else {
            return Ok(calls);
        };
        tell(ctx, installed, &next).await?;
        calls += 1;
    }
}

async fn tell(ctx: &Ctx, installed: &Installed, row: &plugin_delivery::Model) -> Outcome<()> {
    let place = ctx.fleet.place(installed.row.id).await;
    // It may have been told or forgotten while the turn was waited for.
    if deliveries::by_id(ctx.db.read(), row.id).await?.is_none_or(|row| row.state != deliveries::WAITING) {
        return Ok(());
    }
    let loaded = installed.loaded.as_ref().map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let called = match event::posted(row) {
        Ok(posted) => {
            let argument = event::argument(ctx, &loaded.bundle, &posted).await?;
            let argument = serde_json::to_value(argument)?;
            calling::call_in(ctx, installed, &row.function, argument, Occasion::Hook, Some(&place)).await?
        }
        Err(_) => Called::broken(&row.function, "The event that was kept for it cannot be read.".into()),
    };

    let mut work = ctx.begin(calling::by(installed.id())).await?;
    let at = work.at();
    match &called.outcome {
        Ok(_) => {
            deliveries::done(work.tx(), row.id).await?;
            calling::settle(&mut work, installed, &row.function, &called, None).await?;
        }
        Err(failed) => {
            let (attempts, error) = (row.attempts + 1, failed.to_string());
            if attempts >= MOST_ATTEMPTS {
                deliveries::give_up(work.tx(), row, attempts, &error).await?;
                repo::note_given_up(work.tx(), installed.row.id).await?;
            } else {
                let again = at.0 + pause(row.attempts);
                deliveries::again(work.tx(), row.id, attempts, again, &error).await?;
            }
            let in_a_row =
                repo::by_id(work.tx(), installed.row.id).await?.map_or(0, |row| row.failures_in_a_row);
            let rest = Timestamp(at.0 + pause(in_a_row));
            calling::settle(&mut work, installed, &row.function, &called, Some(rest)).await?;
        }
    }
    work.commit(&()).await
}

/// Milliseconds until the next attempt after so many that failed before.
fn pause(attempts: i64) -> i64 {
    let doubled = u32::try_from(attempts).ok().and_then(|times| 1_i64.checked_shl(times)).unwrap_or(i64::MAX);
    FIRST_PAUSE.checked_mul(doubled).map_or(LONGEST_PAUSE, |pause| pause.clamp(FIRST_PAUSE, LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes() {
        let pauses: Vec<i64> = [0, 1, 2, 8, 9, 40, 63, i64::MAX].map(pause).into();
        assert_eq!(pauses, [1000, 2000, 4000, 256_000, 300_000, 300_000, 300_000, 300_000]);
    }
}
