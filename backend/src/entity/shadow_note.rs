//! Where a draft in the shadow said something else, or nothing.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "shadow_notes")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub rule_id: i64,
    pub kpi_id: i64,
    pub at: i64,
    pub before: Option<f64>,
    pub after: Option<f64>,
    pub receipt_before: Option<String>,
    pub receipt_after: Option<String>,
    pub error: Option<String>,
    pub line: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
