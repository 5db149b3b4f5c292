//! What running rules costs, and how often they fail. Costs are counted in memory, in numbers that threads add to without
//! waiting for each other; failures are written by [`super::trouble`], a few seconds together.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use kpi_api::{
    id::{KpiId, RuleId},
    rules::{RuleRuns, RuleTrouble},
    time::{Date, Timestamp},
};
use kpi_engine::Engine;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::trouble::Failed;
use crate::{entity::rule_failure, kpi::convert::date_text};

/// Failures that are told of, today included.
const DAYS: i64 = 7;

/// What running one rule has cost since the server started.
#[derive(Default)]
pub struct Runs {
    count: AtomicU64,
    total_us: AtomicU64,
    max_us: AtomicU64,
    max_operations: AtomicU64,
}

impl Runs {
    /// Runs a rule on this thread and counts what that took.
    pub fn count<T>(&self, engine: &Engine, run: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let result = run();
        self.add(began.elapsed(), engine.operations_of_last_run());
        result
    }

    fn add(&self, took: Duration, operations: u64) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.count.fetch_add(1, Relaxed);
        self.total_us.fetch_add(took, Relaxed);
        // Mostly there is nothing to write.
        if took > self.max_us.load(Relaxed) {
            self.max_us.fetch_max(took, Relaxed);
        }
        if operations > self.max_operations.load(Relaxed) {
            self.max_operations.fetch_max(operations, Relaxed);
        }
    }

    fn view(&self) -> Option<RuleRuns> {
        let count = self.count.load(Relaxed);
        (count > 0).then(|| RuleRuns {
            count,
            mean_us: self.total_us.load(Relaxed) / count,
            max_us: self.max_us.load(Relaxed),
            max_operations: self.max_operations.load(Relaxed),
        })
    }
}

/// The costs of all rules; cheap to clone. Asked for a rule's numbers when rules are loaded, not when they run.
#[derive(Clone, Default)]
pub struct Stats(Arc<Mutex<HashMap<RuleId, Arc<Runs>>>>);

impl Stats {
    pub fn of(&self, rule: RuleId) -> Arc<Runs> {
        Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(rule).or_default())
    }

    /// Absent before the first run.
    pub fn view(&self, rule: RuleId) -> Option<RuleRuns> {
        self.of(rule).view()
    }
}

/// Adds to the failures of a version on a day.
pub async fn keep_failures(
    tx: &impl ConnectionTrait,
    failed: &Failed,
    count: u64,
    at: Timestamp,
    day: Date,
) -> Result<(), DbErr> {
    use rule_failure::Column as C;
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let row = rule_failure::ActiveModel {
        rule_id: Set(failed.rule.0),
        version: Set(failed.version.0),
        day: Set(date_text(day)),
        count: Set(count),
        last_at: Set(at.0),
        last_message: Set(failed.message.clone()),
        last_line: Set(failed.line.map(i64::from)),
        last_kpi_id: Set(failed.kpi),
        ..Default::default()
    };
    let again = OnConflict::columns([C::RuleId, C::Version, C::Day])
        .update_columns([C::LastAt, C::LastMessage, C::LastLine, C::LastKpiId])
        .value(C::Count, Expr::col((rule_failure::Entity, C::Count)).add(count))
        .to_owned();
    rule_failure::Entity::insert(row).on_conflict(again).exec_without_returning(tx).await.map(drop)
}

/// The failures of the last seven days, by rule; those without any are left out.
pub async fn troubles(db: &impl ConnectionTrait, today: Date) -> Result<HashMap<RuleId, RuleTrouble>, DbErr> {
    let first = today.saturating_sub(time::Duration::days(DAYS - 1));
    let rows = rule_failure::Entity::find()
        .filter(rule_failure::Column::Day.gte(date_text(first)))
        .order_by_desc(rule_failure::Column::LastAt)
        .order_by_desc(rule_failure::Column::Version)
        .all(db)
        .await?;
    let mut all: HashMap<RuleId, RuleTrouble> = HashMap::new();
    for row in rows {
        let count = row.count.unsigned_abs();
        all.entry(RuleId(row.rule_id)).and_modify(|known| known.failures_7d += count).or_insert_with(|| {
            RuleTrouble {
                failures_7d: count,
                last_at: Timestamp(row.last_at),
                last_message: row.last_message,
                last_line: row.last_line.and_then(|line| u32::try_from(line).ok()),
                last_kpi_id: row.last_kpi_id.map(KpiId),
            }
        });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_and_the_mean_are_told() {
        let stats = Stats::default();
        assert_eq!(stats.view(RuleId(1)), None);
        let runs = stats.of(RuleId(1));
        for (took, operations) in [(10, 5), (40, 2), (10, 9)] {
            runs.add(Duration::from_micros(took), operations);
        }
        let told = RuleRuns { count: 3, mean_us: 20, max_us: 40, max_operations: 9 };
        assert_eq!(stats.view(RuleId(1)), Some(told));
        assert_eq!(stats.view(RuleId(2)), None);
    }
}
