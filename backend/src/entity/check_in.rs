//! A recorded value.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "check_ins")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kpi_id: i64,
    pub on_date: String,
    pub value: f64,
    pub note: String,
    pub confidence: Option<i64>,
    pub milestones: Option<String>,
    pub by_id: i64,
    pub for_owner: bool,
    pub created_at: i64,
    pub corrects_id: Option<i64>,
    pub replaced_by_id: Option<i64>,
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
