//! The demo company: departments, people, templates and years of KPIs that lived the life real ones live. The same
//! size and the same day give the same company, row by row.
//!
//! Reading order: [`company`] (who), [`catalogue`] (what can be measured), `plan` (who has what, and how it ends),
//! `play` and `life` (what happens to one KPI), `talk` (what is said about it), `store` (many rows at once).

use std::{num::NonZero, sync::Arc, thread};

use anyhow::{Context, anyhow};
use kpi_api::{
    error::Code,
    time::{Date, Period, Timestamp},
};
use kpi_engine::{Engine, Limits};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde::Serialize;
use serde_json::json;
use time::{Duration, Time};

use crate::{
    admin::settings,
    app::Ctx,
    entity::{department, kpi, period, template, user},
    kpi::scoring::Scene,
    people::directory::Directory,
    periods,
    platform::{
        db::work::By,
        failure::{Failure, Outcome},
        secret::Secret,
        signals::Topic,
    },
    rules,
    templates::versions,
};

pub mod cast;
pub mod catalogue;
pub mod company;
mod course;
mod definition;
mod evidence;
mod life;
mod names;
mod news;
mod plan;
mod play;
mod random;
mod store;
mod talk;
mod templates;

use company::Company;
pub use life::REQUEST;
use life::{Around, Life};
use plan::{Plan, Planner};
use play::Stage;
use store::{Store, Written};

/// The password of everybody in the demo company.
pub const PASSWORD: &str = "kpi-demo-2026";

/// The log-ins that are always there, and who they are.
pub const LOG_INS: [(&str, &str); 4] = [
    ("admin", "administrator"),
    ("manager", "leads Sales"),
    ("employee", "in Sales, has KPIs in every state"),
    ("outsider", "in Finance, sees nothing of Sales"),
];

pub const LEAST_USERS: usize = cast::COUNT;
pub const LEAST_KPIS: usize = 100;

/// How large the company is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// At least [`LEAST_USERS`].
    pub users: usize,
    /// At least [`LEAST_KPIS`].
    pub kpis: usize,
    /// With KPIs, the present one included; at least 1.
    pub quarters: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { users: 30, kpis: 400, quarters: 8 }
    }
}

/// What has been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Made {
    pub departments: u64,
    pub users: u64,
    pub templates: u64,
    #[serde(flatten)]
    pub written: Written,
}

/// Whether nothing has been entered yet.
pub async fn is_empty(db: &impl ConnectionTrait) -> Outcome<bool> {
    let people = user::Entity::find().count(db).await?;
    let departments = department::Entity::find().count(db).await?;
    let kpis = kpi::Entity::find().count(db).await?;
    Ok(people + departments + kpis == 0)
}

/// Makes the demo company, all of it or nothing. `watch` is told how many KPIs there are from time to time.
///
/// # Errors
/// `Duplicate` when the database is not empty.
pub async fn make(ctx: &Ctx, size: Size, watch: impl Fn(u64)) -> Outcome<Made> {
    rules::service::seed_shipped(ctx).await?;
    let password = ctx.passwords.hash(&Secret::new(PASSWORD)).await?;
    let calendar = Calendar::new(ctx, size.quarters)?;
    let mut work = ctx.begin(By::system(life::REQUEST)).await?;
    if !is_empty(work.tx()).await? {
        let detail = "The demo company is only put into an empty database, and this one has people in it.";
        return Err(Failure::new(Code::Duplicate, detail));
    }
    let company =
        Company::new(size.users, calendar.quarters.len(), &password, |quarter| calendar.joining(quarter));
    let templates = templates::make(&company, calendar.joining(0))?;
    store::insert::<department::Entity>(work.tx(), company.departments.clone()).await?;
    store::insert::<user::Entity>(work.tx(), company.people.clone()).await?;
    store::insert::<template::Entity>(work.tx(), templates.rows.clone()).await?;
    versions::record(&work, None).await?;
    store::insert::<period::Entity>(work.tx(), calendar.closed()).await?;

    let scene = Scene {
        directory: Arc::new(Directory::load(work.tx(), calendar.today).await?),
        settings: ctx.settings().await?,
        closed: Arc::default(),
        today: calendar.today,
        first_month: calendar.first_month,
        zone: ctx.clock.zone().clone(),
    };
    let quota = plan::quota(size.kpis, calendar.quarters.len());
    let mut planner = Planner::new(&company, &templates.by_pattern);
    let mut store = Store::new(work.tx()).await?;
    for (index, count) in quota.into_iter().enumerate() {
        let stage = calendar.quarters[index];
        let plans = planner.quarter(index, count, stage.is_now);
        for some in plans.chunks(AT_ONCE) {
            store.lives(play_all(ctx, &scene, stage, some.to_vec()).await?).await?;
            watch(store.written.kpis);
        }
        // The next quarter's KPIs are born some weeks before it begins; what is older can be chained.
        let next_born = calendar.instant(stage.end - Duration::days(22));
        store.chain(if stage.is_now { i64::MAX } else { next_born }).await?;
    }
    let written = store.written;
    let asking = templates.by_pattern.get(&catalogue::at::PARTNERS).copied();
    evidence::attach(ctx, &mut work, ctx.period_now(), asking).await?;
    templates::change(&work, &templates).await?;
    news::tell(work.tx(), &scene.directory, calendar.now).await?;
    talk::delegate(&mut work, calendar.today).await?;
    settings::mark_demo(&mut work).await?;
    let made = Made {
        departments: company.departments.len() as u64,
        users: company.people.len() as u64,
        templates: templates.rows.len() as u64,
        written,
    };
    work.audit("demo.make", "company", None, json!(made)).await?;
    for topic in [Topic::Kpis, Topic::People, Topic::Templates, Topic::Periods, Topic::Settings] {
        work.touch(topic);
    }
    work.commit(&()).await?;
    Ok(made)
}

/// How long a single score may take here.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// KPIs that are played before they are stored: bounds the memory, whatever the size.
const AT_ONCE: usize = 2_000;

/// Plays plans on all processors; the lives come back in the order of the plans.
async fn play_all(ctx: &Ctx, scene: &Scene, stage: Stage, plans: Vec<Plan>) -> Outcome<Vec<Life>> {
    let shelf = ctx.rules().await?;
    let (scene, now) = (scene.clone(), ctx.clock.now());
    let work = move || {
        // Many at once on a busy machine may wait for the processor longer than one rule may take.
        let engine = Engine::new(Limits { wall: PATIENCE, ..Limits::default() });
        let around = Around { engine: &engine, shelf: &shelf, scene: &scene, now };
        let workers = thread::available_parallelism().map_or(1, NonZero::get);
        let share = plans.len().div_ceil(workers).max(1);
        thread::scope(|scope| {
            let parts: Vec<_> = plans
                .chunks(share)
                .map(|part| {
                    let around = &around;
                    scope.spawn(move || {
                        part.iter().map(|plan| play::play(around, stage, plan)).collect::<Outcome<Vec<_>>>()
                    })
                })
                .collect();
            let mut lives = Vec::with_capacity(plans.len());
            for part in parts {
                lives.extend(part.join().map_err(|_| anyhow!("making a KPI of the demo company panicked"))??);
            }
            Ok(lives)
        })
    };
    tokio::task::spawn_blocking(work).await.context("making the demo company")?
}

/// The quarters of the company, oldest first, seen from today.
struct Calendar {
    quarters: Vec<Stage>,
    today: Date,
    now: Timestamp,
    first_month: u8,
}

impl Calendar {
    fn new(ctx: &Ctx, count: usize) -> Outcome<Self> {
        let (today, first_month) = (ctx.today(), ctx.config.fiscal_year_start);
        let now = Period::containing(today, first_month);
        let mut quarters = Vec::new();
        let mut period = now;
        for _ in 0..count.max(1) {
            let (start, end) = period.bounds(first_month).context("the calendar ends here")?;
            quarters.push(Stage { period, start, end, today, first_month, is_now: period == now });
            period = period.previous();
        }
        quarters.reverse();
        Ok(Self { quarters, today, now: ctx.clock.now(), first_month })
    }

    fn instant(&self, day: Date) -> i64 {
        Timestamp::from(day.with_time(Time::MIDNIGHT).assume_utc()).0
    }

    /// When somebody starts whose first KPIs are of that quarter.
    fn joining(&self, quarter: usize) -> i64 {
        self.instant(self.quarters[quarter.min(self.quarters.len() - 1)].start - Duration::days(30))
    }

    /// Every quarter but the present one has been closed.
    fn closed(&self) -> Vec<period::Model> {
        let past = self.quarters.iter().filter(|stage| !stage.is_now);
        past.zip(1..)
            .map(|(stage, id)| period::Model {
                id,
                period: periods::number(stage.period),
                is_closed: true,
                revision: 1,
                closed_at: Some(self.instant(stage.end + Duration::days(12)).min(self.now.0)),
                closed_by: Some(cast::ADMIN),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
