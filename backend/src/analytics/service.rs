//! Computes the figures, over the KPIs that the caller answers for.

use std::sync::Arc;

use kpi_api::{
    dashboard::{ByDepartment, ByQuarter, DepartmentFigures, QuarterFigures, Summary},
    id::{DepartmentId, UserId},
    kpi::Status,
    time::{Period, Quarter},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait};
use serde::Deserialize;

use crate::{
    app::Ctx,
    auth::actor::Call,
    entity::kpi,
    kpi::{
        convert,
        filter::{Filter, Sight, Sort, SortColumn, Window, within},
        repo, rows,
        scoring::Scene,
        stats::{self, Sums},
        totals::{self, question},
    },
    periods,
    platform::{
        failure::{Failure, Outcome},
        memo::Memo,
        paging::Paging,
        signals::Topic,
    },
};

/// Quarters shown side by side.
const QUARTERS: i64 = 8;
const RECENT: u32 = 8;
/// Answers kept of each sort.
const KEPT: usize = 1024;

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct FiguresQuery {
    /// With `quarter`; the present period when both are absent.
    pub year: Option<i32>,
    #[param(inline)]
    pub quarter: Option<Quarter>,
    /// This department and those below it.
    pub department_id: Option<i64>,
    pub user_id: Option<i64>,
}

/// What was computed, until a KPI changes.
pub struct Figures {
    summaries: Memo<Summary>,
    by_quarter: Memo<ByQuarter>,
    by_department: Memo<ByDepartment>,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            summaries: Memo::new(Topic::Kpis, KEPT),
            by_quarter: Memo::new(Topic::Kpis, KEPT),
            by_department: Memo::new(Topic::Kpis, KEPT),
        }
    }
}

impl FiguresQuery {
    fn period(&self, ctx: &Ctx) -> Outcome<Period> {
        match (self.year, self.quarter) {
            (None, None) => Ok(ctx.period_now()),
            (Some(year), Some(quarter)) => {
                let mut check = kpi_api::check::Check::new();
                check.year("year", year);
                check.done().map_err(Failure::invalid)?;
                Ok(Period::new(year, quarter))
            }
            (None, Some(_)) => Err(Failure::field("year", "required", "A quarter needs its year.")),
            (Some(_), None) => Err(Failure::field("quarter", "required", "A year needs a quarter here.")),
        }
    }

    fn filter(&self, period: Option<Period>) -> Filter {
        Filter {
            user_id: self.user_id.map(UserId),
            department_id: self.department_id.map(DepartmentId),
            ..period.map(Filter::of_period).unwrap_or_default()
        }
    }
}

pub async fn summary(call: &Call, query: &FiguresQuery) -> Outcome<Arc<Summary>> {
    let ctx = &call.ctx;
    let period = query.period(ctx)?;
    let filter = query.filter(Some(period));
    let compute = async {
        let scene = Scene::now(ctx).await?;
        let now = scene.time();
        let stats = totals::figures(ctx, &call.who, Sight::AnsweredFor, &filter, now).await?;
        let scope = || within(Sight::AnsweredFor, &call.who, &scene.directory);
        let matching = || filter.condition(&scene.directory, now);
        let people = repo::count_owners(ctx.db.read(), scope(), matching()).await?;
        let sort = Sort { column: SortColumn::UpdatedAt, descending: true };
        let window = Window { paging: Paging { page: 1, per_page: RECENT }, sort };
        let keys = repo::page(ctx.db.read(), scope(), matching(), &window).await?;
        let recent = rows::of(ctx, &keys).await?;
        let closed =
            stats.by_status.iter().find(|row| row.status == Status::Closed).map_or(0, |row| row.count);
        Ok(Summary {
            period,
            completion_rate: (stats.total > 0).then(|| 100.0 * closed as f64 / stats.total as f64),
            people,
            recent: recent
                .iter()
                .map(|row| convert::row(row, &scene.directory, now))
                .collect::<Outcome<_>>()?,
            stats: (*stats).clone(),
        })
    };
    ctx.figures
        .summaries
        .get(&ctx.signals, question(ctx, &call.who, Sight::AnsweredFor, &filter)?, compute)
        .await
}

/// The eight quarters up to the one asked for, oldest first.
pub async fn by_quarter(call: &Call, query: &FiguresQuery) -> Outcome<Arc<ByQuarter>> {
    let ctx = &call.ctx;
    let last = periods::number(query.period(ctx)?);
    let first = last - QUARTERS + 1;
    let filter = query.filter(None);
    let compute = async {
        let scene = Scene::now(ctx).await?;
        let matching =
            || filter.condition(&scene.directory, scene.time()).add(kpi::Column::Period.between(first, last));
        let scope = || within(Sight::AnsweredFor, &call.who, &scene.directory);
        let all = sums_with_closed::<i64>(ctx.db.read(), kpi::Column::Period, scope, matching).await?;
        let items = (first..=last).map(|number| {
            let found = all.iter().find(|(key, ..)| *key == number);
            let (sums, closed) = found.map_or((Sums::default(), 0), |(_, sums, closed)| (*sums, *closed));
            QuarterFigures {
                period: periods::from_number(number),
                total: sums.total as u64,
                closed,
                average_progress: sums.average_progress(),
                score: sums.coverage(),
            }
        });
        Ok(ByQuarter { items: items.collect() })
    };
    let question = format!("{last} {}", question(ctx, &call.who, Sight::AnsweredFor, &filter)?);
    ctx.figures.by_quarter.get(&ctx.signals, question, compute).await
}

/// The departments of a period's KPIs side by side, by name.
pub async fn by_department(call: &Call, query: &FiguresQuery) -> Outcome<Arc<ByDepartment>> {
    let ctx = &call.ctx;
    let filter = query.filter(Some(query.period(ctx)?));
    let compute = async {
        let scene = Scene::now(ctx).await?;
        let matching = || filter.condition(&scene.directory, scene.time());
        let scope = || within(Sight::AnsweredFor, &call.who, &scene.directory);
        let all = sums_with_closed::<Option<i64>>(ctx.db.read(), kpi::Column::DepartmentId, scope, matching)
            .await?;
        let mut items: Vec<DepartmentFigures> = all
            .into_iter()
            .map(|(id, sums, closed)| DepartmentFigures {
                department_id: id.map(DepartmentId),
                department_name: id.and_then(|id| scene.directory.department_name(DepartmentId(id))),
                total: sums.total as u64,
                closed,
                average_progress: sums.average_progress(),
                score: sums.coverage(),
            })
            .collect();
        items.sort_by(|a, b| a.department_name.cmp(&b.department_name));
        Ok(ByDepartment { items })
    };
    ctx.figures
        .by_department
        .get(&ctx.signals, question(ctx, &call.who, Sight::AnsweredFor, &filter)?, compute)
        .await
}

async fn sums_with_closed<K>(
    db: &impl ConnectionTrait,
    key: kpi::Column,
    scope: impl Fn() -> Option<Condition>,
    matching: impl Fn() -> Condition,
) -> Outcome<Vec<(K, Sums, u64)>>
where
    K: sea_orm::TryGetable + PartialEq,
{
    let all = stats::sums_by::<K>(db, key, scope(), matching()).await?;
    let closed = matching().add(kpi::Column::Status.eq(Status::Closed.as_str()));
    let closed = stats::sums_by::<K>(db, key, scope(), closed).await?;
    Ok(all
        .into_iter()
        .map(|(key, sums)| {
            let closed =
                closed.iter().find(|(other, _)| *other == key).map_or(0, |(_, sums)| sums.total as u64);
            (key, sums, closed)
        })
        .collect())
}
