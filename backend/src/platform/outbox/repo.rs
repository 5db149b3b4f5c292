//! The rows of the outbox.

use kpi_api::time::Timestamp;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::outbox::{ActiveModel, Column as C, Entity, Model};

/// Those whose time has come, oldest first.
pub(super) async fn due(db: &impl ConnectionTrait, now: Timestamp, most: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(C::DeliveredAt.is_null())
        .filter(C::NotBefore.lte(now.0))
        .order_by_asc(C::Id)
        .limit(most)
        .all(db)
        .await
}

/// When the next one is due; an instant in the past when it was due before.
pub(super) async fn next_due(db: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    let next: Option<i64> = Entity::find()
        .select_only()
        .column(C::NotBefore)
        .filter(C::DeliveredAt.is_null())
        .order_by_asc(C::NotBefore)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(next.map(Timestamp))
}

/// How many are not delivered yet.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().filter(C::DeliveredAt.is_null()).count(db).await
}

/// The number of the last one that was handed over; 0 before the first.
pub async fn last_seq(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let last: Option<i64> = Entity::find()
        .select_only()
        .column(C::DeliveredSeq)
        .filter(C::DeliveredSeq.is_not_null())
        .order_by_desc(C::DeliveredSeq)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(last.unwrap_or(0))
}

/// What was handed over after a number, in order.
pub async fn after(db: &impl ConnectionTrait, seq: i64, most: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(C::DeliveredSeq.gt(seq)).order_by_asc(C::DeliveredSeq).limit(most).all(db).await
}

/// What has become of an event in a delivery.
pub(super) struct Fate {
    pub attempts: i64,
    pub taken_by: String,
    pub delivered_at: Option<i64>,
    pub delivered_seq: Option<i64>,
    pub not_before: i64,
    pub last_error: Option<String>,
}

pub(super) async fn settle(db: &impl ConnectionTrait, id: i64, fate: Fate) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(id),
        attempts: Set(fate.attempts),
        taken_by: Set(fate.taken_by),
        delivered_at: Set(fate.delivered_at),
        delivered_seq: Set(fate.delivered_seq),
        not_before: Set(fate.not_before),
        last_error: Set(fate.last_error),
        ..Default::default()
    };
    row.update_without_returning(db).await.map(|_| ())
}
