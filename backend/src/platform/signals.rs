//! Says that something has changed. Whoever keeps a copy of data in memory asks for the generation before loading,
//! and loads again when it has moved on. A generation moves after the commit and before the answer, so that nobody
//! misses their own change.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::{Notify, watch};

use super::shares::{Share, Shares, Since};

/// What may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    Kpis,
    People,
    Sessions,
    Templates,
    Rules,
    Settings,
    Periods,
    Plugins,
}

const TOPICS: usize = 8;

#[derive(Clone, Default)]
pub struct Signals(Arc<Inner>);

#[derive(Default)]
struct Inner {
    generations: [AtomicU64; TOPICS],
    shares: Shares,
    outbox: Notify,
    people: watch::Sender<()>,
    mail: Notify,
    committed: Notify,
    rules: Notify,
}

impl Signals {
    pub fn generation(&self, topic: Topic) -> u64 {
        self.0.generations[topic as usize].load(Ordering::Acquire)
    }

    /// Something of the topic has changed, whatever it was.
    pub fn changed(&self, topic: Topic) {
        if topic == Topic::Kpis {
            self.0.shares.everything_changed();
        }
        self.moved_on(topic);
    }

    /// Only these shares of the KPIs have changed.
    pub fn shares_changed(&self, changed: &[Share]) {
        self.0.shares.changed(changed);
        self.moved_on(Topic::Kpis);
    }

    /// What has changed in a quarter since the generation of its shares that was seen, if one was.
    pub fn shares_since(&self, quarter: i64, seen: Option<u64>) -> Since {
        self.0.shares.since(quarter, seen)
    }

    fn moved_on(&self, topic: Topic) {
        self.0.generations[topic as usize].fetch_add(1, Ordering::AcqRel);
        if topic == Topic::Rules {
            self.0.rules.notify_one();
        }
        if matches!(topic, Topic::People | Topic::Sessions) {
            self.0.people.send_replace(());
        }
    }

    /// Moves whenever it may be that somebody is logged in no longer, or is somebody else to the application.
    pub fn watch_people(&self) -> watch::Receiver<()> {
        self.0.people.subscribe()
    }

    /// Something was committed.
    pub fn wake_folding(&self) {
        self.0.committed.notify_one();
    }

    pub async fn committed(&self) {
        self.0.committed.notified().await;
    }

    /// There is something to deliver.
    pub fn wake_outbox(&self) {
        self.0.outbox.notify_one();
    }

    /// There is something to mail, or to write into a mail.
    pub fn wake_mail(&self) {
        self.0.mail.notify_one();
    }

    pub async fn mail_woken(&self) {
        self.0.mail.notified().await;
    }

    /// Completes when rules have changed, also before; for the one task that acts on it.
    pub async fn rules_woken(&self) {
        self.0.rules.notified().await;
    }

    pub async fn outbox_woken(&self) {
        self.0.outbox.notified().await;
    }
}
