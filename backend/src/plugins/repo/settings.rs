//! The values of the settings of plugins.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict,
};

use crate::entity::plugin_setting::{ActiveModel, Column as C, Entity, Model};

pub async fn of(db: &impl ConnectionTrait, plugin: i64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(C::PluginId.eq(plugin)).all(db).await
}

/// Of all plugins.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().all(db).await
}

pub struct Value<'a> {
    pub key: &'a str,
    pub value: String,
    pub is_sealed: bool,
    pub at: i64,
    pub by: Option<i64>,
}

pub async fn put(db: &impl ConnectionTrait, plugin: i64, new: Value<'_>) -> Result<(), DbErr> {
    let row = ActiveModel {
        plugin_id: Set(plugin),
        key: Set(new.key.to_owned()),
        value: Set(new.value),
        is_sealed: Set(new.is_sealed),
        updated_at: Set(new.at),
        updated_by: Set(new.by),
        ..Default::default()
    };
    let replace = OnConflict::columns([C::PluginId, C::Key])
        .update_columns([C::Value, C::IsSealed, C::UpdatedAt, C::UpdatedBy])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(db).await.map(drop)
}

pub async fn delete(db: &impl ConnectionTrait, plugin: i64, key: &str) -> Result<(), DbErr> {
    Entity::delete_many().filter(C::PluginId.eq(plugin)).filter(C::Key.eq(key)).exec(db).await.map(drop)
}
