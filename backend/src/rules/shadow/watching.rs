//! Runs drafts in the shadow when people change KPIs. The outbox only notes which KPIs are to be looked at; a task of its
//! own looks, away from every request and from the delivery of news.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::anyhow;
use futures_util::future::BoxFuture;
use kpi_api::{
    error::Code,
    id::RuleId,
    scoring::{Receipt, RuleKind},
};
use kpi_engine::Trouble;
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use tokio::sync::Notify;

use super::repo;
use crate::{
    app::Ctx,
    entity::{shadow_note, shadow_task},
    kpi::{repo as kpis, scoring::Scene},
    platform::{
        db::work::By,
        failure::Outcome,
        lifecycle::Lifecycle,
        outbox::{Consumer, Posted},
    },
    rules::{
        authoring,
        impact::{Asker, Candidate, Reader, Verdict},
    },
};

/// KPIs looked at with one transaction.
const AT_ONCE: u64 = 50;

/// What is said for a draft that cannot be run.
const UNREADABLE: &str = "The draft does not compile.";

/// Pause before what could not be looked at is tried again.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Whether any draft runs in the shadow, and the bell for the task that runs them; cheap to clone.
#[derive(Clone)]
pub struct Shadowing(Arc<Inner>);

struct Inner {
    /// It may be that there is one.
    any: AtomicBool,
    bell: Notify,
}

impl Default for Shadowing {
    fn default() -> Self {
        Self(Arc::new(Inner { any: AtomicBool::new(true), bell: Notify::new() }))
    }
}

impl Shadowing {
    pub fn any(&self, any: bool) {
        self.0.any.store(any, Ordering::Release);
    }
}

/// Notes which KPIs drafts have to look at.
pub struct Watcher(pub Ctx);

impl Consumer for Watcher {
    fn name(&self) -> &'static str {
        "shadow"
    }

    /// What makes a score.
    fn wants(&self, event: &Posted) -> bool {
        let makes_score =
            matches!(event.name.as_str(), "kpi.created" | "kpi.updated" | "kpi.checked_in" | "kpi.revised");
        makes_score && self.0.shadowing.0.any.load(Ordering::Acquire)
    }

    fn take<'a>(&'a self, tx: &'a DatabaseTransaction, event: &'a Posted) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let shadows = self.0.shadows().await?;
            if shadows.is_empty() {
                self.0.shadowing.any(false);
                return Ok(());
            }
            let Some(quarter) = repo::quarter(tx, event.entity_id).await? else { return Ok(()) };
            for shadow in shadows.iter().filter(|shadow| shadow.quarters.contains(&quarter)) {
                repo::ask(tx, shadow.rule.0, event.entity_id, event.at.0).await?;
            }
            Ok(())
        })
    }

    fn delivered<'a>(&'a self, events: &'a [Arc<Posted>]) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if events.iter().any(|event| self.wants(event)) {
                self.0.shadowing.0.bell.notify_one();
            }
        })
    }
}

/// Looks at what is noted until the server stops.
pub async fn run(ctx: Ctx, lifecycle: Lifecycle) {
    loop {
        let done = tokio::select! {
            () = lifecycle.stopping() => return,
            done = work_off(&ctx) => done,
        };
        let pause = async {
            match done {
                Ok(_) => ctx.shadowing.0.bell.notified().await,
                Err(cause) => {
                    tracing::error!(?cause, "drafts in the shadow could not be run");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        };
        tokio::select! {
            () = lifecycle.stopping() => return,
            () = pause => {}
        }
    }
}

/// Looks at everything that is noted; how many KPIs that were.
pub async fn work_off(ctx: &Ctx) -> Outcome<usize> {
    let mut looked_at = 0;
    loop {
        let tasks = repo::tasks(ctx.db.read(), AT_ONCE).await?;
        let Some(first) = tasks.first() else { return Ok(looked_at) };
        look(ctx, RuleId(first.rule_id), &tasks).await?;
        looked_at += tasks.len();
    }
}

/// What a draft said about one KPI, as far as it is worth a note.
enum Said {
    TheSame,
    Something(Box<Verdict>),
    Nothing(String, Option<u32>),
}

async fn look(ctx: &Ctx, rule: RuleId, tasks: &[shadow_task::Model]) -> Outcome<()> {
    let said = ask(ctx, rule, tasks).await?;
    let work = ctx.begin(By::system("shadow")).await?;
    let (mut notes, mut counts) = (Vec::new(), (0, 0, 0));
    for task in tasks {
        let is_last_word = repo::settle(work.tx(), task).await?;
        // Who changed it again meanwhile has it looked at again.
        let Some(said) = said.get(&task.kpi_id).filter(|_| is_last_word) else { continue };
        counts.0 += 1;
        match said {
            Said::TheSame => continue,
            Said::Something(_) => counts.1 += 1,
            Said::Nothing(..) => counts.2 += 1,
        }
        notes.push(note(task, said)?);
    }
    repo::keep(work.tx(), rule.0, notes).await?;
    repo::count(work.tx(), rule.0, counts).await?;
    work.commit(&()).await
}

/// By KPI; those that are gone or out of the rule's scope are left out.
async fn ask(ctx: &Ctx, rule: RuleId, tasks: &[shadow_task::Model]) -> Outcome<HashMap<i64, Said>> {
    let db = ctx.db.read();
    let source = authoring::draft_source(db, rule).await?;
    let candidate = match Candidate::of(ctx, rule, source).await {
        Ok(candidate) => Arc::new(candidate),
        // A draft that does not even compile says so to every KPI.
        Err(failure) if failure.code() == Code::Invalid => {
            let nothing = |task: &shadow_task::Model| (task.kpi_id, Said::Nothing(UNREADABLE.into(), None));
            return Ok(tasks.iter().map(nothing).collect());
        }
        Err(failure) => return Err(failure),
    };
    // Only scores are made when people change KPIs; the other kinds are compared as things stand.
    if candidate.kind != RuleKind::Score {
        return Ok(HashMap::new());
    }
    let scene = Scene::now(ctx).await?;
    let ids: Vec<i64> = tasks.iter().map(|task| task.kpi_id).collect();
    let rows = kpis::by_ids_unscoped(db, &ids).await?;
    let reader = Reader::new(ctx, db, &candidate, scene.clone(), None).await?;
    let asking = reader.completed(db, rows).await?;
    let asker = Asker { engine: Arc::clone(&ctx.engine), candidate, scene };
    let said = tokio::task::spawn_blocking(move || {
        let mut said = HashMap::new();
        for one in asking {
            if let Some(asked) = asker.ask(one.subject, &one.occasion)? {
                let of_this = match asked.failure {
                    Some((Trouble { message, line, .. }, _)) => Said::Nothing(message, line),
                    None if asked.verdict.differs() => Said::Something(Box::new(asked.verdict)),
                    None => Said::TheSame,
                };
                said.insert(one.row.id, of_this);
            }
        }
        Outcome::Ok(said)
    });
    said.await.map_err(|panic| anyhow!("running a draft in the shadow: {panic}"))?
}

fn note(task: &shadow_task::Model, said: &Said) -> Outcome<shadow_note::ActiveModel> {
    let mut row = shadow_note::ActiveModel {
        rule_id: Set(task.rule_id),
        kpi_id: Set(task.kpi_id),
        at: Set(task.at),
        before: Set(None),
        after: Set(None),
        receipt_before: Set(None),
        receipt_after: Set(None),
        error: Set(None),
        line: Set(None),
        ..Default::default()
    };
    match said {
        Said::Nothing(message, line) => {
            row.error = Set(Some(message.clone()));
            row.line = Set(line.map(i64::from));
        }
        Said::Something(verdict) => {
            if let Verdict::Score { before, after } = &**verdict {
                let json = serde_json::to_string::<Receipt>;
                row.before = Set(before.as_ref().and_then(|receipt| receipt.score));
                row.after = Set(after.as_ref().and_then(|receipt| receipt.score));
                row.receipt_before = Set(before.as_ref().map(json).transpose()?);
                row.receipt_after = Set(after.as_ref().map(json).transpose()?);
            }
        }
        Said::TheSame => {}
    }
    Ok(row)
}
