//! A re-score of the open quarters.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rescores")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub rule_id: i64,
    pub version: i64,
    pub from_period: Option<i64>,
    pub state: String,
    pub by_id: Option<i64>,
    pub started_at: i64,
    pub finished_at: Option<i64>,
    pub total: i64,
    pub done: i64,
    pub after_user_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
