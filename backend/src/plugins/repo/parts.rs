//! The templates and rules that plugins have added.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};

use crate::entity::plugin_part::{ActiveModel, Column as C, Entity, Model};

pub const TEMPLATE: &str = "template";
pub const RULE: &str = "rule";

/// In the order in which they were added.
pub async fn of(db: &impl ConnectionTrait, plugin: i64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(C::PluginId.eq(plugin)).order_by_asc(C::Id).all(db).await
}

/// Of all plugins.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_asc(C::Id).all(db).await
}

/// Notes what was added, or written anew.
pub async fn put(
    db: &impl ConnectionTrait,
    plugin: i64,
    kind: &str,
    key: &str,
    entity: i64,
    checksum: &str,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        plugin_id: Set(plugin),
        kind: Set(kind.to_owned()),
        key: Set(key.to_owned()),
        entity_id: Set(entity),
        checksum: Set(checksum.to_owned()),
        ..Default::default()
    };
    let replace = OnConflict::columns([C::PluginId, C::Kind, C::Key])
        .update_columns([C::EntityId, C::Checksum])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(db).await.map(drop)
}

pub async fn delete(db: &impl ConnectionTrait, id: i64) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(db).await.map(drop)
}
