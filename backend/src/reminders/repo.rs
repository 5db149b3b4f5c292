//! Queries of the reminders: open KPIs in bulk, who was told what, and telling once.

use std::collections::HashMap;

use kpi_api::kpi::Status;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::entity::{check_in, kpi, reminder};

/// Open KPIs behind an id, in the order of their ids, whoever owns them.
pub async fn open_kpis(db: &impl ConnectionTrait, after: i64, limit: u64) -> Result<Vec<kpi::Model>, DbErr> {
    kpi::Entity::find()
        .filter(kpi::Column::Id.gt(after))
        .filter(kpi::Column::Status.ne(Status::Closed.as_str()))
        .order_by_asc(kpi::Column::Id)
        .limit(limit)
        .all(db)
        .await
}

pub async fn count_open(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    kpi::Entity::find().filter(kpi::Column::Status.ne(Status::Closed.as_str())).count(db).await
}

/// A check-in as far as rules see it.
#[derive(Debug, FromQueryResult)]
pub struct CheckInRow {
    pub kpi_id: i64,
    pub on_date: String,
    pub value: f64,
    pub note: String,
    pub confidence: Option<i64>,
}

/// The check-ins that count, of each KPI in the order of their days.
pub async fn check_ins(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<CheckInRow>, DbErr> {
    use check_in::Column as C;
    check_in::Entity::find()
        .select_only()
        .columns([C::KpiId, C::OnDate, C::Value, C::Note, C::Confidence])
        .filter(C::KpiId.is_in(ids.iter().copied()))
        .filter(C::ReplacedById.is_null())
        .order_by_asc(C::KpiId)
        .order_by_asc(C::OnDate)
        .order_by_asc(C::Id)
        .into_model()
        .all(db)
        .await
}

/// What people were last told about these KPIs.
pub async fn told(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<reminder::Model>, DbErr> {
    reminder::Entity::find().filter(reminder::Column::KpiId.is_in(ids.iter().copied())).all(db).await
}

/// The present versions of these KPIs, by id; those that are gone are missing.
pub async fn versions(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, i64>, DbErr> {
    let pairs: Vec<(i64, i64)> = kpi::Entity::find()
        .select_only()
        .columns([kpi::Column::Id, kpi::Column::Version])
        .filter(kpi::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(pairs.into_iter().collect())
}

/// Notes that a person is told of a reason on a day; `false` when they were told of it after `told_before`.
pub async fn tell(
    db: &impl ConnectionTrait,
    row: reminder::ActiveModel,
    told_before: &str,
) -> Result<bool, DbErr> {
    use reminder::Column as C;
    let again = OnConflict::columns([C::KpiId, C::UserId, C::Reason])
        .update_columns([C::SentOn, C::SentAt])
        .action_and_where(Expr::col((reminder::Entity, C::SentOn)).lte(told_before))
        .to_owned();
    let told = reminder::Entity::insert(row).on_conflict(again).exec_without_returning(db).await?;
    Ok(told == 1)
}

/// A row for [`tell`]; the time in milliseconds.
pub fn row(user: i64, kpi: i64, reason: &str, on: String, at: i64) -> reminder::ActiveModel {
    reminder::ActiveModel {
        user_id: Set(user),
        kpi_id: Set(kpi),
        reason: Set(reason.to_owned()),
        sent_on: Set(on),
        sent_at: Set(at),
        ..Default::default()
    }
}
