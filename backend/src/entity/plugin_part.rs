//! A template or rule that a plugin has added.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plugin_parts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub plugin_id: i64,
    /// `template` or `rule`.
    pub kind: String,
    /// Names it within the plugin.
    pub key: String,
    pub entity_id: i64,
    /// Of what the plugin put there, to tell whether somebody has changed it since.
    pub checksum: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
