//! What a re-score came to for one KPI.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rescored_kpis")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub rescore_id: i64,
    pub kpi_id: i64,
    pub user_id: i64,
    pub weight: f64,
    pub before: Option<f64>,
    pub after: Option<f64>,
    pub changed: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
