//! Rules that fail while they run. Running them is pure and often happens in somebody's request, so that nothing is
//! written there: failures are noted in memory, and a task of its own puts them into the outbox, from where
//! administrators are told. Once per version of a rule and day is enough.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kpi_api::{
    id::{RuleId, Version},
    time::{Date, Timestamp},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{
    app::Ctx,
    entity::outbox,
    platform::{
        db::work::{By, Event},
        failure::Outcome,
        lifecycle::Lifecycle,
    },
};

const EVENT: &str = "rule.failed";

/// What is collected before it is written: a rule that fails once fails for many KPIs in a row.
const GATHER: Duration = Duration::from_millis(200);

/// Pause before what could not be written is tried again.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Longer than any day, in milliseconds, changes of the clock included.
const LOOK_BACK: i64 = 26 * 3600 * 1000;

/// A version of a rule that gave no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub rule: RuleId,
    pub name: String,
    pub version: Version,
    pub line: Option<u32>,
    pub message: String,
    /// The first KPI it failed for.
    pub kpi: Option<i64>,
}

/// Failures that administrators have not been told of yet; cheap to clone.
#[derive(Clone, Default)]
pub struct Troubles(Arc<Inner>);

#[derive(Default)]
struct Inner {
    waiting: Mutex<HashMap<(RuleId, Version), Failed>>,
    told: Mutex<HashMap<(RuleId, Version), Date>>,
    noted: Notify,
}

impl Troubles {
    pub fn note(&self, failed: Failed) {
        lock(&self.0.waiting).entry((failed.rule, failed.version)).or_insert(failed);
        self.0.noted.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes what is noted until the server stops.
pub async fn run(ctx: Ctx, lifecycle: Lifecycle) {
    loop {
        tokio::select! {
            () = lifecycle.stopping() => return,
            () = ctx.troubles.0.noted.notified() => tokio::time::sleep(GATHER).await,
        }
        if let Err(cause) = tell(&ctx).await {
            tracing::error!(?cause, "administrators could not be told of a rule that fails");
            tokio::select! {
                () = lifecycle.stopping() => return,
                () = tokio::time::sleep(AFTER_FAILURE) => ctx.troubles.0.noted.notify_one(),
            }
        }
    }
}

/// Puts into the outbox what was noted and has not been told today; how many those were. What cannot be written stays
/// noted.
pub async fn tell(ctx: &Ctx) -> Outcome<usize> {
    let today = ctx.today();
    let mut noted: Vec<Failed> = lock(&ctx.troubles.0.waiting).drain().map(|(_, failed)| failed).collect();
    noted.retain(|failed| lock(&ctx.troubles.0.told).get(&(failed.rule, failed.version)) != Some(&today));
    if noted.is_empty() {
        return Ok(0);
    }
    noted.sort_by_key(|failed| (failed.rule, failed.version));
    let told = write(ctx, &noted, today).await;
    let noted = noted.into_iter().map(|failed| ((failed.rule, failed.version), failed));
    match &told {
        Ok(_) => lock(&ctx.troubles.0.told).extend(noted.map(|(key, _)| (key, today))),
        Err(_) => {
            let mut waiting = lock(&ctx.troubles.0.waiting);
            for (key, failed) in noted {
                waiting.entry(key).or_insert(failed);
            }
        }
    }
    told
}

async fn write(ctx: &Ctx, noted: &[Failed], today: Date) -> Outcome<usize> {
    let mut work = ctx.begin(By::system("rules")).await?;
    let before = outbox::Entity::find()
        .filter(outbox::Column::Event.eq(EVENT))
        .filter(outbox::Column::Entity.eq("rule"))
        .filter(outbox::Column::EntityId.is_in(noted.iter().map(|failed| failed.rule.0)))
        .filter(outbox::Column::At.gt(work.at().0 - LOOK_BACK))
        .all(work.tx())
        .await?;
    let told_today = |failed: &Failed| {
        before.iter().any(|row| {
            let payload: Value = serde_json::from_str(&row.payload).unwrap_or_default();
            row.entity_id == failed.rule.0
                && payload["version"] == failed.version.0
                && ctx.clock.date_of(Timestamp(row.at)) == today
        })
    };
    let mut told = 0;
    for failed in noted.iter().filter(|failed| !told_today(failed)) {
        let payload = json!({
            "rule_id": failed.rule,
            "name": failed.name,
            "version": failed.version,
            "line": failed.line,
            "message": failed.message,
            "kpi_id": failed.kpi,
        });
        work.emit(Event { name: EVENT, entity: "rule", entity_id: failed.rule.0, payload }).await?;
        told += 1;
    }
    work.commit(&()).await?;
    Ok(told)
}
