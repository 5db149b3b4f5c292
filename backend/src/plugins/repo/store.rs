//! What plugins keep for themselves.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect, sea_query::OnConflict,
};

use crate::entity::plugin_store::{ActiveModel, Column as C, Entity};

/// The value as JSON.
pub async fn get(db: &impl ConnectionTrait, plugin: i64, key: &str) -> Result<Option<String>, DbErr> {
    Entity::find()
        .select_only()
        .column(C::Value)
        .filter(C::PluginId.eq(plugin))
        .filter(C::Key.eq(key))
        .into_tuple()
        .one(db)
        .await
}

pub async fn count(db: &impl ConnectionTrait, plugin: i64) -> Result<u64, DbErr> {
    Entity::find().filter(C::PluginId.eq(plugin)).count(db).await
}

pub async fn put(
    db: &impl ConnectionTrait,
    plugin: i64,
    key: &str,
    value: &str,
    at: i64,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        plugin_id: Set(plugin),
        key: Set(key.to_owned()),
        value: Set(value.to_owned()),
        updated_at: Set(at),
        ..Default::default()
    };
    let replace =
        OnConflict::columns([C::PluginId, C::Key]).update_columns([C::Value, C::UpdatedAt]).to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(db).await.map(drop)
}

pub async fn delete(db: &impl ConnectionTrait, plugin: i64, key: &str) -> Result<(), DbErr> {
    Entity::delete_many().filter(C::PluginId.eq(plugin)).filter(C::Key.eq(key)).exec(db).await.map(drop)
}
