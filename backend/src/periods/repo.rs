//! Queries on quarters.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use crate::entity::{kpi, period};

pub async fn closed(db: &impl ConnectionTrait, number: i64) -> Result<bool, DbErr> {
    let found = period::Entity::find()
        .filter(period::Column::Period.eq(number))
        .filter(period::Column::IsClosed.eq(true))
        .count(db)
        .await?;
    Ok(found > 0)
}

pub async fn all_closed(db: &impl ConnectionTrait) -> Result<HashSet<i64>, DbErr> {
    let numbers: Vec<i64> = period::Entity::find()
        .select_only()
        .column(period::Column::Period)
        .filter(period::Column::IsClosed.eq(true))
        .into_tuple()
        .all(db)
        .await?;
    Ok(numbers.into_iter().collect())
}

/// The first and the last quarter with a KPI.
pub async fn span(db: &impl ConnectionTrait) -> Result<Option<(i64, i64)>, DbErr> {
    let ends: Option<(Option<i64>, Option<i64>)> = kpi::Entity::find()
        .select_only()
        .column_as(kpi::Column::Period.min(), "first")
        .column_as(kpi::Column::Period.max(), "last")
        .into_tuple()
        .one(db)
        .await?;
    Ok(ends.and_then(|(first, last)| first.zip(last)))
}
