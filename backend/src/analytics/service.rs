//! Computes the figures, over the KPIs that the caller answers for.

use std::collections::BTreeSet;

use kpi_api::{
    dashboard::{ByDepartment, ByQuarter, DepartmentFigures, QuarterFigures, Summary},
    id::{DepartmentId, UserId},
    kpi::Status,
    time::{Period, Quarter},
};
use serde::Deserialize;

use crate::{
    app::Ctx,
    auth::actor::Call,
    kpi::{
        convert,
        filter::{Filter, Sight, Sort, SortColumn, Window},
        rows,
        scoring::Scene,
        stats,
        tally::{self, Question},
        totals,
    },
    people::directory::Directory,
    periods,
    platform::{
        failure::{Failure, Outcome},
        paging::Paging,
    },
};

/// Quarters shown side by side.
const QUARTERS: i64 = 8;
const RECENT: u32 = 8;

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

    fn question(&self, call: &Call, directory: &Directory) -> Question {
        let department = self.department_id.map(DepartmentId);
        Question::new(&call.who, directory, self.user_id.map(UserId), department)
    }
}

pub async fn summary(call: &Call, query: &FiguresQuery) -> Outcome<Summary> {
    let ctx = &call.ctx;
    let period = query.period(ctx)?;
    let scene = Scene::now(ctx).await?;
    let now = scene.time();
    let number = periods::number(period);
    let asked = query.question(call, &scene.directory);
    let answers = tally::answers(ctx, &asked, number..=number, now).await?;
    let (people, stats) =
        answers.first().map_or((0, stats::summarise(&[])), |it| (it.owners, stats::summarise(&it.groups)));
    let filter = Filter {
        user_id: query.user_id.map(UserId),
        department_id: query.department_id.map(DepartmentId),
        ..Filter::of_period(period)
    };
    let sort = Sort { column: SortColumn::UpdatedAt, descending: true };
    let window = Window { paging: Paging { page: 1, per_page: RECENT }, sort };
    let keys = totals::page(ctx, &call.who, Sight::AnsweredFor, &filter, &window, now).await?;
    let recent = rows::of(ctx, &keys).await?;
    let closed = stats.by_status.iter().find(|row| row.status == Status::Closed).map_or(0, |row| row.count);
    Ok(Summary {
        period,
        completion_rate: (stats.total > 0).then(|| 100.0 * closed as f64 / stats.total as f64),
        people,
        recent: recent.iter().map(|row| convert::row(row, &scene.directory, now)).collect::<Outcome<_>>()?,
        stats,
    })
}

/// The eight quarters up to the one asked for, oldest first.
pub async fn by_quarter(call: &Call, query: &FiguresQuery) -> Outcome<ByQuarter> {
    let ctx = &call.ctx;
    let last = periods::number(query.period(ctx)?);
    let quarters = last - QUARTERS + 1..=last;
    let scene = Scene::now(ctx).await?;
    let asked = query.question(call, &scene.directory);
    let answers = tally::answers(ctx, &asked, quarters.clone(), scene.time()).await?;
    let items = quarters.zip(answers).map(|(number, answer)| {
        let (sums, closed) = answer.total(|_| true);
        QuarterFigures {
            period: periods::from_number(number),
            total: sums.total as u64,
            closed,
            average_progress: sums.average_progress(),
            score: sums.coverage(),
        }
    });
    Ok(ByQuarter { items: items.collect() })
}

/// The departments of a period's KPIs side by side, by name.
pub async fn by_department(call: &Call, query: &FiguresQuery) -> Outcome<ByDepartment> {
    let ctx = &call.ctx;
    let number = periods::number(query.period(ctx)?);
    let scene = Scene::now(ctx).await?;
    let asked = query.question(call, &scene.directory);
    let answers = tally::answers(ctx, &asked, number..=number, scene.time()).await?;
    let mut items = Vec::new();
    for answer in &answers {
        let departments: BTreeSet<_> = answer.groups.iter().map(|group| group.department).collect();
        items.extend(departments.into_iter().map(|id| {
            let (sums, closed) = answer.total(|group| group.department == id);
            DepartmentFigures {
                department_id: id.map(DepartmentId),
                department_name: id.and_then(|id| scene.directory.department_name(DepartmentId(id))),
                total: sums.total as u64,
                closed,
                average_progress: sums.average_progress(),
                score: sums.coverage(),
            }
        }));
    }
    items.sort_by(|a, b| a.department_name.cmp(&b.department_name));
    Ok(ByDepartment { items })
}
