//! The logs of plugins: the newest lines of each are kept.

use kpi_api::plugin::PluginLogLevel;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::{
    entity::plugin_log::{ActiveModel, Column as C, Entity, Model},
    platform::paging::Paging,
};

/// Lines kept of each plugin.
pub const KEPT: u64 = 1000;

pub struct Line {
    pub level: PluginLogLevel,
    pub source: String,
    pub text: String,
    pub line: Option<u32>,
}

/// Adds lines, and forgets the oldest of too many.
pub async fn add(
    db: &impl ConnectionTrait,
    plugin: i64,
    at: i64,
    lines: impl IntoIterator<Item = Line>,
) -> Result<(), DbErr> {
    let rows: Vec<ActiveModel> = lines
        .into_iter()
        .map(|line| ActiveModel {
            plugin_id: Set(plugin),
            at: Set(at),
            level: Set(line.level.to_string()),
            source: Set(line.source),
            text: Set(line.text),
            line: Set(line.line.map(i64::from)),
            ..Default::default()
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    Entity::insert_many(rows).exec_without_returning(db).await?;
    let first_too_old: Option<i64> = Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::PluginId.eq(plugin))
        .order_by_desc(C::Id)
        .offset(KEPT)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    if let Some(id) = first_too_old {
        Entity::delete_many().filter(C::PluginId.eq(plugin)).filter(C::Id.lte(id)).exec(db).await?;
    }
    Ok(())
}

/// Newest first, and how many there are in all.
pub async fn page(
    db: &impl ConnectionTrait,
    plugin: i64,
    level: Option<PluginLogLevel>,
    paging: Paging,
) -> Result<(Vec<Model>, u64), DbErr> {
    let of_plugin = || {
        let rows = Entity::find().filter(C::PluginId.eq(plugin));
        match level {
            Some(level) => rows.filter(C::Level.eq(level.as_str())),
            None => rows,
        }
    };
    let total = of_plugin().count(db).await?;
    let rows = of_plugin().order_by_desc(C::Id).offset(paging.offset()).limit(paging.limit()).all(db).await?;
    Ok((rows, total))
}
