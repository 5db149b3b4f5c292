//! Who is at work in this process: the runs under way, those that somebody has asked for and that wait to be taken up,
//! and the bell that wakes the ticker. It is what tells a run under way from one that a killed process left behind.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kpi_api::time::Timestamp;
use tokio::sync::{Notify, Semaphore};

use super::registry::Job;

/// Cheap to clone; all clones are the same desk.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    bell: Notify,
    rehearsing: Arc<Semaphore>,
}

#[derive(Default)]
struct State {
    at_work: HashSet<i64>,
    asked_for: Vec<Begun>,
}

impl Default for Desk {
    fn default() -> Self {
        Self(Arc::new(Inner {
            state: Mutex::default(),
            bell: Notify::new(),
            // One after another: each may keep a processor busy for seconds.
            rehearsing: Arc::new(Semaphore::new(1)),
        }))
    }
}

/// A run that has begun: its row says so. Dropping it says that nobody is at work on it any more.
#[derive(Debug)]
pub struct Begun {
    pub id: i64,
    pub job: Job,
    pub started_at: Timestamp,
    _place: Place,
}

struct Place {
    desk: Desk,
    id: i64,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "run {}", self.id)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.desk.state().at_work.remove(&self.id);
    }
}

impl Desk {
    /// Takes a run up. To be done before its row can be seen by others, lest they think it was left behind.
    pub fn take_up(&self, id: i64, job: Job, started_at: Timestamp) -> Begun {
        self.state().at_work.insert(id);
        Begun { id, job, started_at, _place: Place { desk: self.clone(), id } }
    }

    pub fn is_at_work(&self, id: i64) -> bool {
        self.state().at_work.contains(&id)
    }

    /// Leaves a run for the ticker.
    pub fn ask_for(&self, begun: Begun) {
        self.state().asked_for.push(begun);
        self.0.bell.notify_one();
    }

    /// The runs that were asked for.
    pub fn asked_for(&self) -> Vec<Begun> {
        std::mem::take(&mut self.state().asked_for)
    }

    pub fn ring(&self) {
        self.0.bell.notify_one();
    }

    /// Completes when somebody has rung, also before.
    pub async fn rung(&self) {
        self.0.bell.notified().await;
    }

    /// The right to rehearse.
    pub fn rehearsing(&self) -> Arc<Semaphore> {
        Arc::clone(&self.0.rehearsing)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
