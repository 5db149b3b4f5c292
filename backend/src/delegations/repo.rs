//! Queries on delegations.

use kpi_api::{
    id::{DelegationId, UserId},
    time::Date,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use crate::{entity::delegation, kpi::convert::date_text};

/// Manager and delegate of what runs on a day, oldest first.
pub async fn running(db: &impl ConnectionTrait, day: Date) -> Result<Vec<(UserId, UserId)>, DbErr> {
    use delegation::Column as C;
    let day = date_text(day);
    let pairs: Vec<(i64, i64)> = delegation::Entity::find()
        .select_only()
        .columns([C::ManagerId, C::DelegateId])
        .filter(C::EndedAt.is_null())
        .filter(C::FromDay.lte(&day))
        .filter(C::ToDay.gte(&day))
        .order_by_asc(C::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(pairs.into_iter().map(|(manager, delegate)| (UserId(manager), UserId(delegate))).collect())
}

pub async fn by_id(db: &impl ConnectionTrait, id: DelegationId) -> Result<Option<delegation::Model>, DbErr> {
    delegation::Entity::find_by_id(id.0).one(db).await
}

/// What somebody has given or received that was not over before a day, newest first.
pub async fn of(
    db: &impl ConnectionTrait,
    person: UserId,
    since: Date,
) -> Result<Vec<delegation::Model>, DbErr> {
    use delegation::Column as C;
    delegation::Entity::find()
        .filter(Condition::any().add(C::ManagerId.eq(person.0)).add(C::DelegateId.eq(person.0)))
        .filter(C::ToDay.gte(date_text(since)))
        .order_by_desc(C::Id)
        .all(db)
        .await
}

/// Whether the manager has given the same person some of these days already.
pub async fn overlaps(
    db: &impl ConnectionTrait,
    manager: UserId,
    delegate: UserId,
    (from, to): (Date, Date),
) -> Result<bool, DbErr> {
    use delegation::Column as C;
    let found = delegation::Entity::find()
        .filter(C::ManagerId.eq(manager.0))
        .filter(C::DelegateId.eq(delegate.0))
        .filter(C::EndedAt.is_null())
        .filter(C::FromDay.lte(date_text(to)))
        .filter(C::ToDay.gte(date_text(from)))
        .count(db)
        .await?;
    Ok(found > 0)
}

/// Delegations of somebody that are not over on a day.
pub async fn count_open(db: &impl ConnectionTrait, manager: UserId, day: Date) -> Result<u64, DbErr> {
    use delegation::Column as C;
    delegation::Entity::find()
        .filter(C::ManagerId.eq(manager.0))
        .filter(C::EndedAt.is_null())
        .filter(C::ToDay.gte(date_text(day)))
        .count(db)
        .await
}

pub async fn insert(
    db: &impl ConnectionTrait,
    row: delegation::ActiveModel,
) -> Result<delegation::Model, DbErr> {
    row.insert(db).await
}

/// Ends one that still has the version read and has not ended; `false` when somebody was faster.
pub async fn end(
    db: &impl ConnectionTrait,
    row: &delegation::Model,
    at: i64,
    by: UserId,
) -> Result<bool, DbErr> {
    use delegation::Column as C;
    let done = delegation::Entity::update_many()
        .col_expr(C::EndedAt, Expr::value(at))
        .col_expr(C::EndedBy, Expr::value(by.0))
        .col_expr(C::Version, Expr::value(row.version + 1))
        .filter(C::Id.eq(row.id))
        .filter(C::Version.eq(row.version))
        .filter(C::EndedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
