//! Queries on the runs of jobs and on since when jobs have had their times.

use kpi_api::job::{JobCause, JobState};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{
    entity::{job_run, job_schedule},
    platform::paging::Paging,
};

/// A run about to begin.
pub struct Fresh<'a> {
    pub job: &'a str,
    pub cause: JobCause,
    pub by_id: Option<i64>,
    /// Milliseconds, like all times here.
    pub scheduled_for: i64,
    pub at: i64,
}

/// Writes down that a run has begun; `None` where the job is running, or has run for this time.
pub async fn begin(db: &impl ConnectionTrait, fresh: Fresh<'_>) -> Result<Option<job_run::Model>, DbErr> {
    use job_run::Column as C;
    let in_the_way: Option<i64> = job_run::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::Job.eq(fresh.job))
        .filter(C::State.eq(JobState::Running.as_str()).or(C::ScheduledFor.eq(fresh.scheduled_for)))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    if in_the_way.is_some() {
        return Ok(None);
    }
    let row = job_run::ActiveModel {
        job: Set(fresh.job.to_owned()),
        scheduled_for: Set(fresh.scheduled_for),
        started_at: Set(fresh.at),
        finished_at: Set(None),
        state: Set(JobState::Running.to_string()),
        result: Set(String::new()),
        cause: Set(fresh.cause.to_string()),
        by_id: Set(fresh.by_id),
        ..Default::default()
    };
    row.insert(db).await.map(Some)
}

/// Writes down how a run ended.
pub async fn finish(
    db: &impl ConnectionTrait,
    ids: &[i64],
    at: i64,
    state: JobState,
    result: &str,
) -> Result<(), DbErr> {
    use job_run::Column as C;
    job_run::Entity::update_many()
        .col_expr(C::State, Expr::value(state.as_str()))
        .col_expr(C::FinishedAt, Expr::value(at))
        .col_expr(C::Result, Expr::value(result))
        .filter(C::Id.is_in(ids.iter().copied()))
        .filter(C::State.eq(JobState::Running.as_str()))
        .exec(db)
        .await
        .map(drop)
}

/// Ids of the runs that are called running.
pub async fn running(db: &impl ConnectionTrait) -> Result<Vec<i64>, DbErr> {
    job_run::Entity::find()
        .select_only()
        .column(job_run::Column::Id)
        .filter(job_run::Column::State.eq(JobState::Running.as_str()))
        .into_tuple()
        .all(db)
        .await
}

/// The last run of every job that ever ran.
pub async fn last_runs(db: &impl ConnectionTrait) -> Result<Vec<job_run::Model>, DbErr> {
    let newest: Vec<i64> = job_run::Entity::find()
        .select_only()
        .column_as(job_run::Column::Id.max(), "newest")
        .group_by(job_run::Column::Job)
        .into_tuple()
        .all(db)
        .await?;
    job_run::Entity::find().filter(job_run::Column::Id.is_in(newest)).all(db).await
}

/// The last run of a job that its schedule asked for. A run for a time to come is left out: the clock was set back, and
/// the job would not run until that time has come again.
pub async fn last_scheduled(
    db: &impl ConnectionTrait,
    job: &str,
    now: i64,
) -> Result<Option<job_run::Model>, DbErr> {
    job_run::Entity::find()
        .filter(job_run::Column::Job.eq(job))
        .filter(job_run::Column::Cause.ne(JobCause::Hand.as_str()))
        .filter(job_run::Column::ScheduledFor.lte(now))
        .order_by_desc(job_run::Column::ScheduledFor)
        .limit(1)
        .one(db)
        .await
}

pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<job_run::Model>, DbErr> {
    job_run::Entity::find_by_id(id).one(db).await
}

/// A page of a job's runs, newest first, and how many there are in all.
pub async fn page(
    db: &impl ConnectionTrait,
    job: &str,
    paging: Paging,
) -> Result<(Vec<job_run::Model>, u64), DbErr> {
    let of_job = || job_run::Entity::find().filter(job_run::Column::Job.eq(job));
    let total = of_job().count(db).await?;
    let newest_first = of_job().order_by_desc(job_run::Column::Id);
    let rows = newest_first.offset(paging.offset()).limit(paging.limit()).all(db).await?;
    Ok((rows, total))
}

pub async fn schedules(db: &impl ConnectionTrait) -> Result<Vec<job_schedule::Model>, DbErr> {
    job_schedule::Entity::find().all(db).await
}

/// Notes a job's times and since when it has them.
pub async fn put_schedule(
    db: &impl ConnectionTrait,
    job: &str,
    schedule: &str,
    since: i64,
) -> Result<(), DbErr> {
    use job_schedule::Column as C;
    let row = job_schedule::ActiveModel {
        job: Set(job.to_owned()),
        schedule: Set(schedule.to_owned()),
        since: Set(since),
    };
    let replace = OnConflict::column(C::Job).update_columns([C::Schedule, C::Since]).to_owned();
    job_schedule::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await.map(drop)
}
