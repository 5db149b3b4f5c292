//! News follows the commit: once, in order, and whatever fails is tried again without holding others up.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use futures_util::future::BoxFuture;
use kpi::{
    entity::outbox,
    platform::{
        db::work::{By, Event},
        failure::Outcome,
        lifecycle::Lifecycle,
        outbox::{Consumer, Delivery, Posted},
    },
};
use kpi_api::time::Timestamp;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use tokio::sync::{mpsc, watch};

use crate::support::TestApp;

/// Writes down what it is given, unless it is told to fail.
struct Scribe {
    name: &'static str,
    fails: Arc<AtomicBool>,
    panics: bool,
    taken: Arc<Mutex<Vec<String>>>,
    told: mpsc::UnboundedSender<(i64, String)>,
}

impl Consumer for Scribe {
    fn name(&self) -> &'static str {
        self.name
    }

    fn take<'a>(&'a self, tx: &'a DatabaseTransaction, event: &'a Posted) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            // Something of its own in the transaction, which has to go when it fails.
            let by = outbox::ActiveModel {
                last_error: sea_orm::ActiveValue::Set(Some(self.name.to_owned())),
                ..Default::default()
            };
            outbox::Entity::update_many().set(by).filter(outbox::Column::Id.eq(event.id)).exec(tx).await?;
            if self.fails.load(SeqCst) && event.name != "good" {
                assert!(!self.panics, "no");
                return Err(anyhow::anyhow!("the ink has run out").into());
            }
            self.taken.lock().unwrap().push(event.name.clone());
            Ok(())
        })
    }

    fn delivered<'a>(&'a self, events: &'a [Arc<Posted>]) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            for event in events {
                let _ = self.told.send((event.seq, event.name.clone()));
            }
        })
    }
}

struct Desk {
    app: TestApp,
    delivery: Delivery,
    fails: Arc<AtomicBool>,
    first: Arc<Mutex<Vec<String>>>,
    second: Arc<Mutex<Vec<String>>>,
    told: mpsc::UnboundedReceiver<(i64, String)>,
}

impl Desk {
    /// Two consumers, of which the first fails where it is told to.
    async fn new(panics: bool) -> Self {
        let app = TestApp::bare().await;
        let (sender, told) = mpsc::unbounded_channel();
        let (fails, never) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (first, second) = (Arc::new(Mutex::default()), Arc::new(Mutex::default()));
        let (aside, _) = mpsc::unbounded_channel();
        let delivery = Delivery {
            db: app.ctx.db.clone(),
            signals: app.ctx.signals.clone(),
            clock: app.ctx.clock.clone(),
            consumers: vec![
                Box::new(Scribe {
                    name: "first",
                    fails: fails.clone(),
                    panics,
                    taken: first.clone(),
                    told: sender,
                }),
                Box::new(Scribe {
                    name: "second",
                    fails: never,
                    panics: false,
                    taken: second.clone(),
                    told: aside,
                }),
            ],
            waiting: watch::Sender::new(0),
        };
        Self { app, delivery, fails, first, second, told }
    }

    async fn emit(&self, name: &str, wait: i64) -> i64 {
        let mut work = self.app.ctx.begin(By::system("test")).await.unwrap();
        let event = Event { name, entity: "thing", entity_id: 1, payload: json!({ "n": 1 }) };
        let id = work.emit_after(event, wait).await.unwrap();
        work.commit(&()).await.unwrap();
        id
    }

    fn later(&self, millis: i64) {
        self.app.clock.set(Timestamp(self.app.clock.now().0 + millis));
    }

    async fn rows(&self) -> Vec<outbox::Model> {
        let rows = outbox::Entity::find().order_by_asc(outbox::Column::Id);
        rows.all(self.app.ctx.db.read()).await.unwrap()
    }

    fn heard(&mut self) -> Vec<(i64, String)> {
        std::iter::from_fn(|| self.told.try_recv().ok()).collect()
    }
}

#[tokio::test]
async fn what_is_due_is_handed_over_once_and_in_order() {
    let mut desk = Desk::new(false).await;
    for number in 0..60 {
        desk.emit(&format!("event {number}"), 0).await;
    }
    assert_eq!(desk.delivery.deliver_due().await.unwrap(), 60);
    assert_eq!(desk.delivery.deliver_due().await.unwrap(), 0);
    let expected: Vec<String> = (0..60).map(|number| format!("event {number}")).collect();
    assert_eq!((&*desk.first.lock().unwrap(), &*desk.second.lock().unwrap()), (&expected, &expected));
    let (numbers, names): (Vec<i64>, Vec<String>) = desk.heard().into_iter().unzip();
    assert_eq!((numbers, names), ((1..=60).collect(), expected));
    assert!(desk.rows().await.iter().all(|row| row.delivered_at.is_some() && row.last_error.is_none()));
}

#[tokio::test]
async fn what_is_to_wait_waits_and_can_be_taken_back_until_then() {
    let desk = Desk::new(false).await;
    let (taken_back, kept) = (desk.emit("a", 10_000).await, desk.emit("b", 10_000).await);
    desk.emit("c", 0).await;
    assert_eq!(desk.delivery.deliver_due().await.unwrap(), 1);
    desk.later(9_999);
    assert_eq!(desk.delivery.deliver_due().await.unwrap(), 0);
    let withdraw = async |id| {
        let mut work = desk.app.ctx.begin(By::system("test")).await.unwrap();
        let done = work.withdraw(id).await.unwrap();
        work.commit(&()).await.unwrap();
        done
    };
    assert!(withdraw(taken_back).await);
    desk.later(1);
    assert_eq!(desk.delivery.deliver_due().await.unwrap(), 1);
    assert_eq!(*desk.first.lock().unwrap(), ["c", "b"]);
    assert!(!withdraw(kept).await);
}

#[tokio::test]
async fn one_who_fails_tries_again_alone() {
    for panics in [false, true] {
        let mut desk = Desk::new(panics).await;
        desk.fails.store(true, SeqCst);
        desk.emit("bad", 0).await;
        desk.emit("good", 0).await;
        desk.delivery.deliver_due().await.unwrap();
        assert_eq!(*desk.first.lock().unwrap(), ["good"]);
        assert_eq!(*desk.second.lock().unwrap(), ["bad", "good"]);
        let bad = &desk.rows().await[0];
        assert_eq!((bad.attempts, bad.delivered_at, bad.taken_by.as_str()), (1, None, "second"));
        let said = if panics { "first: it panicked" } else { "first: the ink has run out" };
        assert_eq!(bad.last_error.as_deref(), Some(said));
        assert_eq!(bad.not_before, desk.app.clock.now().0 + 1_000);

        desk.later(999);
        assert_eq!(desk.delivery.deliver_due().await.unwrap(), 0);
        desk.later(1);
        desk.delivery.deliver_due().await.unwrap();
        assert_eq!(desk.rows().await[0].not_before, desk.app.clock.now().0 + 2_000);
        desk.later(2_000);
        desk.fails.store(false, SeqCst);
        desk.delivery.deliver_due().await.unwrap();
        assert_eq!(*desk.first.lock().unwrap(), ["good", "bad"]);
        assert_eq!(*desk.second.lock().unwrap(), ["bad", "good"]);
        let bad = &desk.rows().await[0];
        assert_eq!((bad.attempts, bad.last_error.as_deref()), (2, None));
        assert!(bad.delivered_at.is_some());
        // Told when the first half was done, and again with a new number when the rest was.
        let heard = desk.heard();
        assert_eq!(heard, [(1, "bad".into()), (2, "good".into()), (3, "bad".into())]);
    }
}

#[tokio::test]
async fn the_loop_wakes_at_a_commit_and_when_something_has_waited_long_enough() {
    let mut desk = Desk::new(false).await;
    let lifecycle = Lifecycle::new();
    let (delivery, stop) = (desk.delivery, lifecycle.clone());
    let running = tokio::spawn(async move { delivery.run(&stop).await });
    let mut work = desk.app.ctx.begin(By::system("test")).await.unwrap();
    for (name, wait) in [("later", 150), ("now", 0)] {
        let event = Event { name, entity: "thing", entity_id: 1, payload: json!({}) };
        work.emit_after(event, wait).await.unwrap();
    }
    work.commit(&()).await.unwrap();
    // The clock of the tests stands still; that the time was really waited for is enough.
    assert_eq!(desk.told.recv().await.unwrap().1, "now");
    assert_eq!(desk.told.recv().await.unwrap().1, "later");
    lifecycle.stop();
    running.await.unwrap();
}
