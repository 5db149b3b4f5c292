//! Which previews are under way, for whom, and under which ticket. One at a time works: each keeps two threads busy.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kpi_api::{error::Code, id::UserId, rule_effects::ImpactProgress};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Watch;
use crate::platform::failure::{Failure, Outcome};

/// How long a preview waits for the one before it.
const WAIT: Duration = Duration::from_secs(10);

type Key = (UserId, String);

/// Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Previews(Arc<Inner>);

struct Inner {
    under_way: Mutex<HashMap<Key, Arc<Watch>>>,
    turn: Arc<Semaphore>,
}

impl Default for Previews {
    fn default() -> Self {
        Self(Arc::new(Inner { under_way: Mutex::default(), turn: Arc::new(Semaphore::new(1)) }))
    }
}

/// A preview under way. Dropping it takes its ticket back.
pub struct Preview {
    pub watch: Arc<Watch>,
    ticket: Option<(Previews, Key)>,
}

impl Previews {
    /// A preview of somebody, with a ticket where they named one. 409 `duplicate` while that is in use.
    pub fn begin(&self, who: UserId, ticket: Option<String>) -> Outcome<Preview> {
        let watch = Arc::new(Watch::default());
        let Some(ticket) = ticket else { return Ok(Preview { watch, ticket: None }) };
        let key = (who, ticket);
        let mut under_way = self.lock();
        if under_way.contains_key(&key) {
            return Err(Failure::new(Code::Duplicate, "A preview with this ticket is under way."));
        }
        under_way.insert(key.clone(), Arc::clone(&watch));
        Ok(Preview { watch, ticket: Some((self.clone(), key)) })
    }

    /// The right to work. 409 `cancelled` when the preview is cancelled while it waits, 503 when that takes too long.
    pub async fn turn(&self, watch: &Watch) -> Outcome<OwnedSemaphorePermit> {
        let turn = tokio::time::timeout(WAIT, Arc::clone(&self.0.turn).acquire_owned());
        tokio::select! {
            () = watch.cancelled() => Err(Failure::new(Code::Cancelled, Code::Cancelled.title())),
            turn = turn => match turn {
                Ok(Ok(place)) => Ok(place),
                _ => Err(Failure::new(Code::Busy, "Another preview is under way.").retry_after(5)),
            },
        }
    }

    /// How far it is. Nobody sees another one's.
    pub fn progress(&self, who: UserId, ticket: String) -> Outcome<ImpactProgress> {
        Ok(self.find(who, ticket)?.progress())
    }

    pub fn cancel(&self, who: UserId, ticket: String) -> Outcome<()> {
        self.find(who, ticket)?.cancel();
        Ok(())
    }

    fn find(&self, who: UserId, ticket: String) -> Outcome<Arc<Watch>> {
        self.lock().get(&(who, ticket)).cloned().ok_or_else(Failure::not_found)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Arc<Watch>>> {
        self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        if let Some((previews, key)) = self.ticket.take() {
            previews.lock().remove(&key);
        }
    }
}
