//! A rule; its sources are in its versions.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rules")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub kind: String,
    pub scope: String,
    pub scope_id: i64,
    pub published_version: i64,
    pub created_at: i64,
    pub origin: String,
    pub shipped_checksum: String,
    pub retired_at: Option<i64>,
    pub retired_period: Option<i64>,
    pub gaps: String,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
