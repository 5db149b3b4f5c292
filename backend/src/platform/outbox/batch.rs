//! One batch: some events that are due, everybody who acts on them, one commit.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use kpi_api::time::Timestamp;
use sea_orm::{DatabaseTransaction, TransactionTrait};

use super::{
    Consumer, Posted,
    repo::{self, Fate},
};
use crate::{
    entity::outbox::Model,
    platform::{
        db::{Db, sqlite},
        failure::{Failure, Outcome},
    },
};

/// Events in one transaction: few enough that no command waits long for its turn to write.
const AT_ONCE: u64 = 25;

/// Milliseconds before the second attempt; each further one waits twice as long.
const FIRST_PAUSE: i64 = 1_000;

/// Milliseconds of the longest pause between attempts.
const LONGEST_PAUSE: i64 = 3600 * 1000;

/// Characters kept of an error.
const ERROR_MAX: usize = 500;

pub(super) struct Batch {
    pub looked_at: usize,
    /// Those that somebody has acted on, in order.
    pub handed_over: Vec<Arc<Posted>>,
}

pub(super) async fn deliver(db: &Db, consumers: &[Box<dyn Consumer>], now: Timestamp) -> Outcome<Batch> {
    // Looked at first without the right to write: mostly there is nothing.
    if repo::due(db.read(), now, 1).await?.is_empty() {
        return Ok(Batch { looked_at: 0, handed_over: Vec::new() });
    }
    let tx = sqlite::begin_immediate(db.writer()).await?;
    let due = repo::due(&tx, now, AT_ONCE).await?;
    let looked_at = due.len();
    let mut seq = repo::last_seq(&tx).await?;
    let mut handed_over = Vec::with_capacity(looked_at);
    for row in due {
        let (id, fresh) = (row.id, row.delivered_seq.is_none());
        let fate = match Posted::read(&row).map(|event| Posted { seq: seq + 1, ..event }) {
            Err(fault) => failed(&row, row.taken_by.clone(), now, fault),
            Ok(event) => {
                let passed = pass_round(&tx, consumers, &row, &event).await?;
                let fate = match passed.fault {
                    None => delivered(&row, passed.taken_by, now, event.seq),
                    Some(fault) => {
                        let anew = (fresh || passed.anybody).then_some(event.seq);
                        let fate = failed(&row, passed.taken_by, now, fault);
                        Fate { delivered_seq: anew.or(fate.delivered_seq), ..fate }
                    }
                };
                if fate.delivered_seq == Some(event.seq) {
                    seq = event.seq;
                    handed_over.push(Arc::new(event));
                }
                fate
            }
        };
        repo::settle(&tx, id, fate).await?;
    }
    tx.commit().await?;
    Ok(Batch { looked_at, handed_over })
}

struct Passed {
    taken_by: String,
    /// Whether somebody acted on it who had not before.
    anybody: bool,
    fault: Option<String>,
}

/// Lets everybody act who has not yet, each within a savepoint.
async fn pass_round(
    tx: &DatabaseTransaction,
    consumers: &[Box<dyn Consumer>],
    row: &Model,
    event: &Posted,
) -> Outcome<Passed> {
    let mut taken: Vec<&str> = row.taken_by.split(',').filter(|name| !name.is_empty()).collect();
    let (mut anybody, mut fault) = (false, None);
    for consumer in consumers {
        let name = consumer.name();
        if taken.contains(&name) {
            continue;
        }
        if !consumer.wants(event) {
            taken.push(name);
            continue;
        }
        let part = tx.begin().await?;
        let cause = match AssertUnwindSafe(consumer.take(&part, event)).catch_unwind().await {
            Ok(Ok(())) => {
                part.commit().await?;
                taken.push(name);
                anybody = true;
                continue;
            }
            Ok(Err(Failure::Internal(cause))) => format!("{cause:#}"),
            Ok(Err(known)) => known.to_string(),
            Err(_) => "it panicked".to_owned(),
        };
        part.rollback().await?;
        tracing::error!(
            event = event.name,
            id = event.id,
            consumer = name,
            cause,
            "an event was not acted on"
        );
        fault = Some(format!("{name}: {cause}"));
    }
    Ok(Passed { taken_by: taken.join(","), anybody, fault })
}

fn delivered(row: &Model, taken_by: String, now: Timestamp, seq: i64) -> Fate {
    Fate {
        attempts: row.attempts,
        taken_by,
        delivered_at: Some(now.0),
        delivered_seq: Some(seq),
        not_before: row.not_before,
        last_error: None,
    }
}

fn failed(row: &Model, taken_by: String, now: Timestamp, fault: String) -> Fate {
    Fate {
        attempts: row.attempts + 1,
        taken_by,
        delivered_at: None,
        delivered_seq: row.delivered_seq,
        not_before: now.0 + pause(row.attempts),
        last_error: Some(fault.chars().take(ERROR_MAX).collect()),
    }
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
    fn pauses_double_up_to_an_hour() {
        let pauses: Vec<i64> = [0, 1, 2, 11, 12, 40, 62, 63, 64, i64::MAX].map(pause).into();
        let hour = LONGEST_PAUSE;
        assert_eq!(pauses, [1_000, 2_000, 4_000, 2_048_000, hour, hour, hour, hour, hour, hour]);
    }
}
