//! Somebody decides in somebody else's place for some days.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegations")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub manager_id: i64,
    pub delegate_id: i64,
    pub from_day: String,
    pub to_day: String,
    pub created_at: i64,
    pub ended_at: Option<i64>,
    pub ended_by: Option<i64>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
