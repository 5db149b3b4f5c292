//! The events that plugins have still to be told of.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};

use crate::entity::plugin_delivery::{ActiveModel, Column as C, Entity, Model};

pub const WAITING: &str = "waiting";
pub const FAILED: &str = "failed";

/// Events given up that are kept of each plugin, for whoever looks into it.
const FAILED_KEPT: u64 = 100;

/// An event for one function.
pub struct Fresh<'a> {
    pub plugin: i64,
    pub outbox: i64,
    pub function: &'a str,
    /// e.g. `kpi 5`.
    pub subject: &'a str,
    /// JSON.
    pub event: &'a str,
    pub at: i64,
}

/// Queues it; one that is queued already stays as it is.
pub async fn queue(db: &impl ConnectionTrait, fresh: Fresh<'_>) -> Result<(), DbErr> {
    let row = ActiveModel {
        plugin_id: Set(fresh.plugin),
        outbox_id: Set(fresh.outbox),
        function: Set(fresh.function.to_owned()),
        subject: Set(fresh.subject.to_owned()),
        event: Set(fresh.event.to_owned()),
        at: Set(fresh.at),
        state: Set(WAITING.to_owned()),
        attempts: Set(0),
        not_before: Set(fresh.at),
        ..Default::default()
    };
    let once = OnConflict::columns([C::PluginId, C::OutboxId, C::Function]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(db).await.map(drop)
}

/// Of the oldest events on each subject the one whose time came first: one that failed before goes behind those that
/// were not told yet, so that it does not keep them waiting.
pub async fn next(db: &impl ConnectionTrait, plugin: i64, now: i64) -> Result<Option<Model>, DbErr> {
    let due = heads(plugin).filter(C::NotBefore.lte(now));
    due.order_by_asc(C::NotBefore).order_by_asc(C::Id).limit(1).one(db).await
}

/// When the first of those is due that wait behind nobody.
pub async fn next_due(db: &impl ConnectionTrait, plugin: i64) -> Result<Option<i64>, DbErr> {
    heads(plugin)
        .select_only()
        .column(C::NotBefore)
        .order_by_asc(C::NotBefore)
        .limit(1)
        .into_tuple()
        .one(db)
        .await
}

/// Those that nothing older on their subject waits before.
fn heads(plugin: i64) -> sea_orm::Select<Entity> {
    let mut oldest = Query::select();
    oldest
        .expr(Expr::col(C::Id).min())
        .from(Entity)
        .and_where(C::PluginId.eq(plugin))
        .and_where(C::State.eq(WAITING))
        .group_by_col(C::Subject);
    Entity::find().filter(C::Id.in_subquery(oldest))
}

pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// The function was told.
pub async fn done(db: &impl ConnectionTrait, id: i64) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(db).await.map(drop)
}

/// It is told again later.
pub async fn again(
    db: &impl ConnectionTrait,
    id: i64,
    attempts: i64,
    not_before: i64,
    error: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(C::Attempts, Expr::value(attempts))
        .col_expr(C::NotBefore, Expr::value(not_before))
        .col_expr(C::LastError, Expr::value(error))
        .filter(C::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}

/// It is given up. Of those that were, the newest are kept.
pub async fn give_up(
    db: &impl ConnectionTrait,
    row: &Model,
    attempts: i64,
    error: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(C::State, Expr::value(FAILED))
        .col_expr(C::Attempts, Expr::value(attempts))
        .col_expr(C::LastError, Expr::value(error))
        .filter(C::Id.eq(row.id))
        .exec(db)
        .await?;
    let failed = || Entity::find().filter(C::PluginId.eq(row.plugin_id)).filter(C::State.eq(FAILED));
    let too_old: Option<i64> = failed()
        .select_only()
        .column(C::Id)
        .order_by_desc(C::Id)
        .offset(FAILED_KEPT)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    if let Some(id) = too_old {
        Entity::delete_many()
            .filter(C::PluginId.eq(row.plugin_id))
            .filter(C::State.eq(FAILED))
            .filter(C::Id.lte(id))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Forgets what waits for a plugin that is not told any more.
pub async fn forget_waiting(db: &impl ConnectionTrait, plugin: i64) -> Result<u64, DbErr> {
    let gone = Entity::delete_many().filter(C::PluginId.eq(plugin)).filter(C::State.eq(WAITING));
    Ok(gone.exec(db).await?.rows_affected)
}

/// How many wait, by plugin.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<HashMap<i64, i64>, DbErr> {
    let counts: Vec<(i64, i64)> = Entity::find()
        .select_only()
        .column(C::PluginId)
        .column_as(C::Id.count(), "waiting")
        .filter(C::State.eq(WAITING))
        .group_by(C::PluginId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().collect())
}
