//! Rules that fail while they run. Running them is pure and often happens in somebody's request, so that nothing is
//! written there: failures are noted in memory, and a task of its own puts them into the outbox, from where
//! administrators are told. Once per version of a rule and day is enough.

use std::{
    collections::{HashMap, hash_map::Entry},
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

use super::stats;
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

/// Pause between two writings: a rule that always fails does so with every value.
const BETWEEN: Duration = Duration::from_secs(5);

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
    waiting: Mutex<HashMap<(RuleId, Version), Noted>>,
    told: Mutex<HashMap<(RuleId, Version), Date>>,
    noted: Notify,
}

impl Troubles {
    pub fn note(&self, failed: Failed) {
        self.add(Noted { last: failed.clone(), first: failed, count: 1 });
        self.0.noted.notify_one();
    }

    fn add(&self, noted: Noted) {
        match lock(&self.0.waiting).entry((noted.first.rule, noted.first.version)) {
            Entry::Vacant(place) => drop(place.insert(noted)),
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.last = noted.last;
                known.count += noted.count;
            }
        }
    }
}

/// How often a version has failed since that was last written.
struct Noted {
    first: Failed,
    last: Failed,
    count: u64,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes what is noted until the server stops: the first of them soon, what follows more rarely.
pub async fn run(ctx: Ctx, lifecycle: Lifecycle) {
    loop {
        tokio::select! {
            () = lifecycle.stopping() => return,
            () = ctx.troubles.0.noted.notified() => tokio::time::sleep(GATHER).await,
        }
        let pause = match tell(&ctx).await {
            Ok(_) => BETWEEN,
            Err(cause) => {
                tracing::error!(?cause, "administrators could not be told of a rule that fails");
                ctx.troubles.0.noted.notify_one();
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = lifecycle.stopping() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Counts what was noted, and puts into the outbox what has not been told today; how many those were. What cannot be
/// written stays noted.
pub async fn tell(ctx: &Ctx) -> Outcome<usize> {
    let today = ctx.today();
    let mut noted: Vec<Noted> = lock(&ctx.troubles.0.waiting).drain().map(|(_, noted)| noted).collect();
    if noted.is_empty() {
        return Ok(0);
    }
    noted.sort_by_key(|noted| (noted.first.rule, noted.first.version));
    let told = write(ctx, &noted, today).await;
    match &told {
        Ok(_) => {
            let keys = noted.iter().map(|noted| ((noted.first.rule, noted.first.version), today));
            lock(&ctx.troubles.0.told).extend(keys);
        }
        Err(_) => noted.into_iter().for_each(|noted| ctx.troubles.add(noted)),
    }
    told
}

async fn write(ctx: &Ctx, noted: &[Noted], today: Date) -> Outcome<usize> {
    let mut work = ctx.begin(By::system("rules")).await?;
    for noted in noted {
        stats::keep_failures(work.tx(), &noted.last, noted.count, work.at(), today).await?;
    }
    let known =
        |failed: &&Failed| lock(&ctx.troubles.0.told).get(&(failed.rule, failed.version)) == Some(&today);
    let noted: Vec<&Failed> =
        noted.iter().map(|noted| &noted.first).filter(|failed| !known(failed)).collect();
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
    for failed in noted.into_iter().filter(|failed| !told_today(failed)) {
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
