//! Reads open KPIs batch by batch, with everything their reminders depend on, and plans one batch off the async threads
//! while the next is read. Memory stays that of two batches, however many KPIs there are.

use std::{collections::HashMap, sync::Arc, time::Instant};

use anyhow::anyhow;
use kpi_api::{id::UserId, scoring::RuleKind};
use kpi_engine::CheckInFacts;
use tokio::sync::OwnedSemaphorePermit;

use super::{
    asking::Asker,
    planning::{Due, OpenKpi, Told, plan},
    repo,
};
use crate::{
    app::Ctx,
    kpi::{
        around::Around,
        audience::{self, Audience},
        convert::date_of,
        scoring::{Scene, Subject},
    },
    platform::failure::Outcome,
    rules::trouble::Failed,
};

/// KPIs read and planned at a time.
pub const BATCH: u64 = 500;

/// What one batch came to.
pub struct Planned {
    pub due: Vec<Due>,
    /// KPIs that were looked at.
    pub looked_at: usize,
}

/// A walk over all open KPIs.
pub struct Walk<'c> {
    ctx: &'c Ctx,
    asker: Asker,
    scenes: Arc<[Scene]>,
    batch: Vec<OpenKpi>,
    limit: Option<Limit>,
}

/// The bounds of a walk that somebody waits for.
#[derive(Clone)]
pub struct Limit {
    /// Nothing is planned from then on.
    pub until: Instant,
    /// The right to walk. The planning holds it itself: it goes on for a while after whoever waited has gone.
    pub place: Arc<OwnedSemaphorePermit>,
}

impl Limit {
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }
}

impl<'c> Walk<'c> {
    /// A walk that plans the days of the scenes, which follow each other, within the limit where there is one.
    pub async fn begin(ctx: &'c Ctx, scenes: Vec<Scene>, limit: Option<Limit>) -> Outcome<Self> {
        let asker = Asker::new(Arc::clone(&ctx.engine), ctx.rules().await?);
        let batch = read(ctx, 0).await?;
        Ok(Self { ctx, asker, scenes: scenes.into(), batch, limit })
    }

    /// The next batch; `None` behind the last, or when the time is over.
    pub async fn next(&mut self) -> Outcome<Option<Planned>> {
        let batch = std::mem::take(&mut self.batch);
        let length = batch.len();
        let Some(last) = batch.last().map(|kpi| kpi.id) else { return Ok(None) };
        let (asker, scenes, limit) = (self.asker.clone(), Arc::clone(&self.scenes), self.limit.clone());
        let planning = tokio::task::spawn_blocking(move || plan_all(&asker, batch, &scenes, limit.as_ref()));
        let next = async { if length as u64 == BATCH { read(self.ctx, last).await } else { Ok(Vec::new()) } };
        let (planned, next) = tokio::join!(planning, next);
        let planned = planned.map_err(|panic| anyhow!("planning reminders: {panic}"))??;
        self.batch = if planned.looked_at == length { next? } else { Vec::new() };
        Ok(Some(planned))
    }

    pub fn days(&self) -> &[Scene] {
        &self.scenes
    }

    /// Plans only the first so many days from now on.
    pub fn keep_days(&mut self, days: usize) {
        if days < self.scenes.len() {
            self.scenes = self.scenes[..days].into();
        }
    }

    /// What failed on the way.
    pub fn troubles(&self) -> Vec<Failed> {
        self.asker.troubles()
    }
}

fn plan_all(asker: &Asker, batch: Vec<OpenKpi>, scenes: &[Scene], limit: Option<&Limit>) -> Outcome<Planned> {
    let is_over = || limit.is_some_and(Limit::is_over);
    let mut planned = Planned { due: Vec::new(), looked_at: 0 };
    for kpi in batch {
        let Some(due) = plan(asker, kpi, scenes, is_over)? else { break };
        planned.due.extend(due);
        planned.looked_at += 1;
    }
    Ok(planned)
}

async fn read(ctx: &Ctx, after: i64) -> Outcome<Vec<OpenKpi>> {
    let db = ctx.db.read();
    let rows = repo::open_kpis(db, after, BATCH).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut check_ins: HashMap<i64, Vec<CheckInFacts>> = HashMap::new();
    for row in repo::check_ins(db, &ids).await? {
        check_ins.entry(row.kpi_id).or_default().push(CheckInFacts {
            on: date_of(&row.on_date)?,
            value: row.value,
            note: row.note,
            confidence: row.confidence.and_then(|confidence| u8::try_from(confidence).ok()),
        });
    }
    let mut audiences = audience::of(db, &ids).await?;
    let looks = ctx.rules().await?.looks(RuleKind::Remind);
    let mut around = Around::of(ctx, db, &rows, looks).await?;
    let mut told: HashMap<i64, Told> = HashMap::new();
    for row in repo::told(db, &ids).await? {
        let key = (UserId(row.user_id), row.reason);
        told.entry(row.kpi_id).or_default().insert(key, date_of(&row.sent_on)?);
    }
    rows.into_iter()
        .map(|row| {
            let mut subject = Subject::stored(&row, &[], ctx.clock.zone())?;
            subject.check_ins = check_ins.remove(&row.id).unwrap_or_default();
            around.tell(&mut subject);
            Ok(OpenKpi {
                id: row.id,
                version: row.version,
                subject,
                audience: audiences.remove(&row.id).unwrap_or_else(|| alone(row.user_id)),
                told: told.remove(&row.id).unwrap_or_default(),
            })
        })
        .collect()
}

fn alone(owner: i64) -> Audience {
    Audience { owner: UserId(owner), aligned: Vec::new() }
}
