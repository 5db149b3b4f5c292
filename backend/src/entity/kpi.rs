//! A KPI with its present standing.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Default, DeriveEntityModel)]
#[sea_orm(table_name = "kpis")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub user_id: i64,
    pub department_id: Option<i64>,
    pub template_id: Option<i64>,
    pub template_version: Option<i64>,
    pub period: i64,
    pub title: String,
    pub search_text: String,
    pub description: String,
    pub category: String,
    pub measurement_method: String,
    pub kind: String,
    pub unit: String,
    pub decimals: i64,
    pub direction: String,
    pub baseline: Option<f64>,
    pub target: Option<f64>,
    pub stretch: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub rollup: String,
    pub weight: f64,
    pub cap: Option<f64>,
    pub milestones: String,
    pub parent_id: Option<i64>,
    pub due_date: Option<String>,
    pub tags: String,
    pub custom_fields: String,
    pub custom_definitions: String,
    pub check_in_days: Option<i64>,
    pub evidence: String,
    pub current_value: Option<f64>,
    pub attainment: Option<f64>,
    pub progress: Option<f64>,
    pub score: Option<f64>,
    pub band: String,
    pub is_flagged: bool,
    /// The receipt of a score just made, on its way to the history; not a column.
    #[sea_orm(ignore)]
    pub receipt: Option<String>,
    pub last_check_in_on: Option<String>,
    pub status: String,
    pub returned_reason: Option<String>,
    pub submit_comment: Option<String>,
    pub is_revision: bool,
    pub created_at: i64,
    pub created_by: i64,
    pub updated_at: i64,
    pub updated_by: i64,
    pub submitted_at: Option<i64>,
    pub submitted_by: Option<i64>,
    pub approved_at: Option<i64>,
    pub approved_by: Option<i64>,
    pub closed_at: Option<i64>,
    pub closed_by: Option<i64>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
