//! A file attached to a KPI or one of its check-ins.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kpi_id: i64,
    pub check_in_id: Option<i64>,
    pub name: String,
    pub extension: String,
    /// Names the content; several rows may name the same.
    pub sha256: String,
    pub size: i64,
    pub description: String,
    pub uploaded_by: i64,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
