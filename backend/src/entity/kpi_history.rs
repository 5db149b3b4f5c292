//! What happened to a KPI: one row an act.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kpi_history")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kpi_id: i64,
    pub at: i64,
    pub act: String,
    pub by_id: i64,
    pub on_behalf_of: Option<i64>,
    pub from_status: Option<String>,
    pub to_status: Option<String>,
    pub reason: Option<String>,
    pub old: String,
    pub new: String,
    pub score: Option<f64>,
    pub band: String,
    pub receipt: Option<String>,
    pub kpi_version: i64,
    pub request_id: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
