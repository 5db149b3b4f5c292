//! News that follows the commit. A command puts its events into the outbox within its own transaction
//! ([`super::db::work::Work::emit`]); here they are handed over to whoever is to act on them, later and never in the
//! request of the person who caused them.
//!
//! Each batch is one transaction. Within it every [`Consumer`] has a savepoint for each event: what one of them fails
//! to do is tried again later, what the others did stays. An event is never given up.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use kpi_api::{id::UserId, time::Timestamp};
use sea_orm::DatabaseTransaction;
use serde_json::Value;
use tokio::sync::watch;

use crate::entity::outbox::Model;

use super::{clock::Clock, db::Db, failure::Outcome, lifecycle::Lifecycle, signals::Signals};

mod batch;
pub mod repo;

/// What is collected before it is handed over, so that a burst of commands does not pay for as many deliveries.
const GATHER: Duration = Duration::from_millis(40);

/// Pause after a delivery that failed as a whole: the database is busy, or its disk is full.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// The longest sleep; a clock that was set forward is noticed by then.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// An event as it is handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    pub id: i64,
    /// Counts what is handed over; greater than that of everything before.
    pub seq: i64,
    /// When it happened.
    pub at: Timestamp,
    /// e.g. `kpi.approved`.
    pub name: String,
    pub entity: String,
    pub entity_id: i64,
    /// Absent when the system did it.
    pub actor: Option<UserId>,
    pub payload: Value,
}

impl Posted {
    /// # Errors
    /// When the payload is not JSON.
    pub fn read(row: &Model) -> Result<Self, String> {
        Ok(Self {
            id: row.id,
            seq: row.delivered_seq.unwrap_or_default(),
            at: Timestamp(row.at),
            name: row.event.clone(),
            entity: row.entity.clone(),
            entity_id: row.entity_id,
            actor: row.actor_id.map(UserId),
            payload: serde_json::from_str(&row.payload).map_err(|cause| format!("the payload: {cause}"))?,
        })
    }

    /// A number of the payload.
    pub fn number(&self, key: &str) -> Option<i64> {
        self.payload.get(key)?.as_i64()
    }

    /// A text of the payload; an empty one counts as absent.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.payload.get(key)?.as_str().filter(|text| !text.is_empty())
    }
}

/// Who acts on events.
pub trait Consumer: Send + Sync {
    /// Kept beside an event that others have still to act on; without commas, and never to be changed.
    fn name(&self) -> &'static str;

    /// Whether there is anything to do about an event before the commit. Asked first, as it costs the writing
    /// connection nothing.
    fn wants(&self, _event: &Posted) -> bool {
        true
    }

    /// Acts on one event. Everything that has to last is written through `tx`. Events that are of no interest are
    /// passed over with `Ok`.
    fn take<'a>(&'a self, tx: &'a DatabaseTransaction, event: &'a Posted) -> BoxFuture<'a, Outcome<()>>;

    /// Is told of what was handed over after the commit, in order.
    fn delivered<'a>(&'a self, _events: &'a [Arc<Posted>]) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}

/// The delivery of events to the consumers.
pub struct Delivery {
    pub db: Db,
    pub signals: Signals,
    pub clock: Clock,
    pub consumers: Vec<Box<dyn Consumer>>,
    /// Set to the number of events that wait, after each delivery.
    pub waiting: watch::Sender<u64>,
}

impl Delivery {
    /// Hands over everything that is due; how many events that were.
    pub async fn deliver_due(&self) -> Outcome<usize> {
        self.deliver_until(self.clock.now()).await
    }

    async fn deliver_until(&self, now: Timestamp) -> Outcome<usize> {
        let mut all = 0;
        loop {
            let batch = batch::deliver(&self.db, &self.consumers, now).await?;
            if batch.looked_at == 0 {
                break;
            }
            all += batch.handed_over.len();
            for consumer in &self.consumers {
                consumer.delivered(&batch.handed_over).await;
            }
        }
        self.waiting.send_replace(repo::waiting(self.db.read()).await?);
        Ok(all)
    }

    /// Delivers until the server stops: when a command has left something, and when the time of something that was to
    /// wait has come.
    pub async fn run(&self, lifecycle: &Lifecycle) {
        // An instant that was really waited for, so that a clock that stands still holds nothing back for ever.
        let mut reached = None;
        loop {
            let now = reached.take().map_or(self.clock.now(), |at| self.clock.now().max(at));
            let pause = match self.deliver_and_look(now).await {
                Ok(pause) => pause,
                Err(cause) => {
                    tracing::error!(?cause, "news could not be delivered; it is tried again");
                    Pause { sleep: AFTER_FAILURE, next: None }
                }
            };
            tokio::select! {
                biased;
                () = lifecycle.stopping() => return,
                () = self.signals.outbox_woken() => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(pause.sleep) => reached = pause.next,
            }
        }
    }

    async fn deliver_and_look(&self, now: Timestamp) -> Outcome<Pause> {
        self.deliver_until(now).await?;
        let Some(next) = repo::next_due(self.db.read()).await? else {
            return Ok(Pause { sleep: LOOK_AGAIN, next: None });
        };
        let until = u64::try_from(next.0 - self.clock.now().0).unwrap_or(0);
        let sleep = Duration::from_millis(until.max(1));
        if sleep > LOOK_AGAIN {
            return Ok(Pause { sleep: LOOK_AGAIN, next: None });
        }
        Ok(Pause { sleep, next: Some(next) })
    }
}

struct Pause {
    sleep: Duration,
    /// The instant that has come when the sleep is over.
    next: Option<Timestamp>,
}
