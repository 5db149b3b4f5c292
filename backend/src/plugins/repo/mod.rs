//! Queries on installed plugins and what belongs to them.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};

use crate::entity::plugin::{ActiveModel, Column as C, Entity, Model};

pub mod deliveries;
pub mod log;
pub mod parts;
pub mod settings;
pub mod store;

/// By their ids.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_asc(C::Key).all(db).await
}

pub async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(C::Key.eq(key)).one(db).await
}

pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

pub async fn insert(db: &impl ConnectionTrait, row: ActiveModel) -> Result<Model, DbErr> {
    row.insert(db).await
}

/// Stores what is set over the revision that was read; `false` when somebody was faster.
pub async fn update_if_unchanged(
    db: &impl ConnectionTrait,
    id: i64,
    was: i64,
    row: ActiveModel,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .set(row)
        .col_expr(C::Revision, Expr::value(was + 1))
        .filter(C::Id.eq(id))
        .filter(C::Revision.eq(was))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Everything that belongs to it goes with it.
pub async fn delete(db: &impl ConnectionTrait, id: i64) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(db).await.map(drop)
}

/// Notes a call that went well.
pub async fn note_success(db: &impl ConnectionTrait, id: i64, at: i64) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(C::Calls, Expr::col(C::Calls).add(1))
        .col_expr(C::FailuresInARow, Expr::value(0))
        .col_expr(C::NotBefore, Expr::value(0))
        .col_expr(C::LastRun, Expr::value(at))
        .filter(C::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}

/// Notes a call that failed, and until when its hooks rest, where they do.
pub async fn note_failure(
    db: &impl ConnectionTrait,
    id: i64,
    at: i64,
    error: &str,
    not_before: Option<i64>,
) -> Result<(), DbErr> {
    let mut update = Entity::update_many()
        .col_expr(C::Failures, Expr::col(C::Failures).add(1))
        .col_expr(C::FailuresInARow, Expr::col(C::FailuresInARow).add(1))
        .col_expr(C::LastRun, Expr::value(at))
        .col_expr(C::LastError, Expr::value(error))
        .col_expr(C::LastErrorAt, Expr::value(at));
    if let Some(not_before) = not_before {
        update = update.col_expr(C::NotBefore, Expr::value(not_before));
    }
    update.filter(C::Id.eq(id)).exec(db).await.map(drop)
}

/// Counts an event that was given up.
pub async fn note_given_up(db: &impl ConnectionTrait, id: i64) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(C::GivenUp, Expr::col(C::GivenUp).add(1))
        .filter(C::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}
