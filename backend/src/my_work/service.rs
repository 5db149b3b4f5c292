//! Gathers the rows and sorts them into sections.

use std::sync::Arc;

use kpi_api::{
    id::KpiId,
    kpi::{Act, KpiNew, Status, expected_value},
    my_work::{Glance, MyWork, WorkReason, WorkRow, WorkSection},
    permission::Role,
    scoring::{Coverage, Pace},
    time::{Period, Timestamp},
};
use sea_orm::{ColumnTrait, Condition};

use super::sort::{self, Facts, Place, Section};
use crate::{
    app::Ctx,
    auth::actor::Call,
    entity::kpi,
    kpi::{
        convert::{self, ListRow, date_or_none, word},
        repo, rows,
        scoring::Scene,
    },
    periods,
    platform::failure::{Failure, Outcome},
};

/// Rows shown in a section.
const SHOWN: usize = 50;
/// Open KPIs of one person that are looked at.
const MOST_OWN: u64 = 500;

pub async fn my_work(call: &Call) -> Outcome<MyWork> {
    let scene = Scene::now(&call.ctx).await?;
    let period = call.ctx.period_now();
    let own = own_rows(call, period).await?;
    let glance = glance(&own, period, &scene)?;
    let (mut due_now, mut returned, mut upcoming) = (Vec::new(), Vec::new(), Vec::new());
    for row in &own {
        let Some(place) = sort::place(facts(row, &scene, &call.ctx)?) else { continue };
        let section = match place.section {
            Section::DueNow => &mut due_now,
            Section::Returned => &mut returned,
            Section::Upcoming => &mut upcoming,
        };
        section.push(work_row(row, place, &scene)?);
    }
    due_now.sort_by_key(|row: &WorkRow| row.due_on);
    // Without a day comes last.
    upcoming.sort_by_key(|row: &WorkRow| (row.due_on.is_none(), row.due_on));
    Ok(MyWork {
        due_now: section(due_now),
        returned: section(returned),
        to_decide: to_decide(call, &scene).await?,
        upcoming: section(upcoming),
        glance,
    })
}

fn section(mut rows: Vec<WorkRow>) -> WorkSection {
    let count = rows.len() as u64;
    rows.truncate(SHOWN);
    WorkSection { count, rows }
}

/// The person's KPIs that are not done, and those of the present quarter.
async fn own_rows(call: &Call, period: Period) -> Outcome<Vec<Arc<ListRow>>> {
    let open_or_now = Condition::any()
        .add(kpi::Column::Status.ne(Status::Closed.as_str()))
        .add(kpi::Column::Period.eq(periods::number(period)));
    let own = Condition::all().add(kpi::Column::UserId.eq(call.who.id().0)).add(open_or_now);
    let keys = repo::ordered(call.ctx.db.read(), own, kpi::Column::Period, MOST_OWN).await?;
    rows::of(&call.ctx, &keys).await
}

fn facts(row: &ListRow, scene: &Scene, ctx: &Ctx) -> Outcome<Facts> {
    let period = periods::from_number(row.period);
    let (starts_on, ends_on) = period.bounds(scene.first_month).ok_or_else(Failure::not_found)?;
    Ok(Facts {
        status: word(&row.status)?,
        returned: row.returned_reason.is_some(),
        last_check_in_on: date_or_none(row.last_check_in_on.as_deref())?,
        approved_on: row.approved_at.map(|at| ctx.clock.date_of(Timestamp(at))),
        rhythm: row.check_in_days.unwrap_or(i64::from(scene.settings.check_in_days)),
        starts_on,
        ends_on,
        due_date: date_or_none(row.due_date.as_deref())?,
        today: scene.today,
    })
}

fn work_row(row: &ListRow, place: Place, scene: &Scene) -> Outcome<WorkRow> {
    let last_check_in_on = date_or_none(row.last_check_in_on.as_deref())?;
    let comment = row.returned_reason.clone();
    let expected_value = expected(row, scene)?;
    Ok(WorkRow {
        link: link(KpiId(row.id), place.act),
        kpi: convert::row(row, &scene.directory, scene.time())?,
        reason: place.reason,
        act: place.act,
        due_on: place.due_on,
        last_check_in_on,
        expected_value,
        comment,
    })
}

/// Where the value would stand today.
fn expected(row: &ListRow, scene: &Scene) -> Outcome<Option<f64>> {
    let period = periods::from_number(row.period);
    let way = KpiNew {
        kind: word(&row.kind)?,
        direction: word(&row.direction)?,
        rollup: word(&row.rollup)?,
        baseline: row.baseline,
        target: row.target,
        ..KpiNew::blank(period.year, period.quarter)
    };
    Ok(expected_value(&way, scene.time().elapsed(period)))
}

fn link(id: KpiId, act: Act) -> String {
    match act {
        Act::Edit => format!("/kpis/{id}/edit"),
        Act::Approve | Act::Accept => format!("/approvals?kpi={id}"),
        other => format!("/kpis/{id}?act={other}"),
    }
}

/// What waits for this person first of all deciders, oldest first.
async fn to_decide(call: &Call, scene: &Scene) -> Outcome<WorkSection> {
    if call.who.role() == Role::Employee {
        return Ok(WorkSection::default());
    }
    let owners = scene.directory.decides_for(&call.who.person);
    if owners.is_empty() {
        return Ok(WorkSection::default());
    }
    let waiting = || {
        Condition::all()
            .add(kpi::Column::Status.is_in([Status::Submitted.as_str(), Status::InReview.as_str()]))
            .add(kpi::Column::UserId.is_in(owners.iter().map(|id| id.0)))
    };
    let db = call.ctx.db.read();
    let keys = repo::ordered(db, waiting(), kpi::Column::SubmittedAt, SHOWN as u64).await?;
    let rows = rows::of(&call.ctx, &keys).await?;
    let count = if rows.len() < SHOWN { rows.len() as u64 } else { repo::count(db, None, waiting()).await? };
    let rows = rows.iter().map(|row| decision(row, scene)).collect::<Outcome<_>>()?;
    Ok(WorkSection { count, rows })
}

fn decision(row: &ListRow, scene: &Scene) -> Outcome<WorkRow> {
    let (reason, act) = match word(&row.status)? {
        Status::InReview => (WorkReason::DecideResult, Act::Accept),
        _ => (WorkReason::DecideNew, Act::Approve),
    };
    let comment = row.submit_comment.clone();
    let place = Place { section: Section::DueNow, reason, act, due_on: None };
    Ok(WorkRow { comment, ..work_row(row, place, scene)? })
}

/// The person's present quarter: drafts and what was rejected do not count yet.
fn glance(own: &[Arc<ListRow>], period: Period, scene: &Scene) -> Outcome<Glance> {
    let counted: Vec<&Arc<ListRow>> = own
        .iter()
        .filter(|row| row.period == periods::number(period))
        .filter(|row| matches!(row.status.as_str(), "approved" | "in_review" | "closed"))
        .collect();
    let attainment = Coverage::of(counted.iter().map(|row| (row.attainment, row.weight))).score;
    let elapsed = scene.time().elapsed(period);
    let (_, ends_on) = period.bounds(scene.first_month).ok_or_else(Failure::not_found)?;
    Ok(Glance {
        period,
        score: Coverage::of(counted.iter().map(|row| (row.score, row.weight))),
        pace: Pace::of(attainment, elapsed),
        days_left: (ends_on - scene.today).whole_days(),
        elapsed,
    })
}
