//! A candidate over all KPIs: one snapshot of the database, read a batch ahead of the two threads that ask the rules.
//! Neither a candidate that spins nor one that is slow may take longer than the bounds here.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::anyhow;
use kpi_api::{
    error::Code,
    rule_effects::{Impact, ImpactProgress},
};
use sea_orm::TransactionTrait;
use tokio::sync::Notify;

use super::{
    Asker, Candidate,
    reading::{Asking, BATCH, Reader},
    tally::{Tally, Told},
};
use crate::{
    app::Ctx,
    kpi::scoring::Scene,
    platform::failure::{Failure, Outcome},
};

/// How long asking may take as a whole.
pub const LONGEST: Duration = Duration::from_secs(15);

/// How long runs of the candidate that fail may take together: one that spins uses up its own time limit for each KPI.
const PATIENCE: Duration = Duration::from_secs(2);

/// Threads that ask the rules.
const WORKERS: usize = 2;

/// How far it is, and whether it is still wanted. Shared with whoever asks for the progress.
#[derive(Default)]
pub struct Watch {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
    bell: Notify,
}

impl Watch {
    pub fn progress(&self) -> ImpactProgress {
        ImpactProgress { done: self.done.load(Ordering::Relaxed), total: self.total.load(Ordering::Relaxed) }
    }

    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
        self.bell.notify_one();
    }

    /// Completes once it is cancelled.
    pub async fn cancelled(&self) {
        while !self.is_cancelled() {
            self.bell.notified().await;
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }
}

/// What is used up, by both threads.
struct Bounds {
    until: Instant,
    failing_us: AtomicU64,
}

impl Bounds {
    fn are_passed(&self) -> bool {
        let failing = Duration::from_micros(self.failing_us.load(Ordering::Relaxed));
        failing >= PATIENCE || Instant::now() >= self.until
    }

    fn note(&self, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.failing_us.fetch_add(took, Ordering::Relaxed);
    }
}

/// What the candidate would change over all stored KPIs, or those of some quarters. 409 `cancelled` once nobody wants to
/// know any more: `watch` says so, or `is_unwanted` does.
pub async fn over(
    ctx: &Ctx,
    candidate: Arc<Candidate>,
    periods: Option<&[i64]>,
    watch: &Arc<Watch>,
    is_unwanted: impl Fn() -> bool,
) -> Outcome<Impact> {
    let began = Instant::now();
    let scene = Scene::now(ctx).await?;
    let asker = Asker { engine: Arc::clone(&ctx.engine), candidate, scene: scene.clone() };
    let bounds = Arc::new(Bounds { until: began + LONGEST, failing_us: AtomicU64::new(0) });
    // A transaction that only reads sees one state of the database, however long it takes.
    let tx = ctx.db.read().begin().await?;
    let reader = Reader::new(ctx, &tx, &asker.candidate, scene.clone(), periods).await?;
    let total = reader.count(&tx).await?;
    watch.total.store(total, Ordering::Relaxed);
    let mut tally = Tally::default();
    let mut batch = reader.read(&tx, 0).await?;
    while let Some(last) = batch.last().map(|asking| asking.row.id) {
        let is_last = (batch.len() as u64) < BATCH;
        let asking = ask_all(&asker, batch, watch, &bounds);
        let next = async { if is_last { Ok(Vec::new()) } else { reader.read(&tx, last).await } };
        let (asked, next) = tokio::join!(asking, next);
        tally.merge(asked?);
        if watch.is_cancelled() || is_unwanted() {
            return Err(Failure::new(Code::Cancelled, Code::Cancelled.title()));
        }
        batch = if bounds.are_passed() { Vec::new() } else { next? };
    }
    tx.rollback().await?;
    let told = Told {
        kind: asker.candidate.kind,
        directory: &scene.directory,
        total,
        stopped_early: watch.progress().done < total,
        took: began.elapsed(),
    };
    tally.finish(&told)
}

async fn ask_all(
    asker: &Asker,
    mut batch: Vec<Asking>,
    watch: &Arc<Watch>,
    bounds: &Arc<Bounds>,
) -> Outcome<Tally> {
    let share = batch.len().div_ceil(WORKERS).max(1);
    let mut asking = Vec::with_capacity(WORKERS);
    while !batch.is_empty() {
        let part = batch.split_off(batch.len().saturating_sub(share));
        let (asker, watch, bounds) = (asker.clone(), Arc::clone(watch), Arc::clone(bounds));
        asking.push(tokio::task::spawn_blocking(move || ask_part(&asker, part, &watch, &bounds)));
    }
    let mut tally = Tally::default();
    for part in asking {
        tally.merge(part.await.map_err(|panic| anyhow!("asking a candidate: {panic}"))??);
    }
    Ok(tally)
}

fn ask_part(asker: &Asker, part: Vec<Asking>, watch: &Watch, bounds: &Bounds) -> Outcome<Tally> {
    let mut tally = Tally::default();
    for Asking { row, subject, occasion } in part {
        if watch.is_cancelled() || bounds.are_passed() {
            break;
        }
        if let Some(asked) = asker.ask(subject, &occasion)? {
            if let Some((_, took)) = &asked.failure {
                bounds.note(*took);
            }
            tally.add(row, asked);
        }
        watch.done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(tally)
}
