//! Figures over many KPIs, within what the caller may see.

use serde::{Deserialize, Serialize};

use crate::{
    id::DepartmentId,
    kpi::{KpiRow, KpiStats},
    scoring::Coverage,
    time::Period,
};

/// Headline figures of a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    pub period: Period,
    pub stats: KpiStats,
    /// Share of the KPIs that are closed, 0 to 100; `null` without any.
    pub completion_rate: Option<f64>,
    /// Active people with at least one KPI in the period.
    pub people: u64,
    /// The KPIs changed last, at most 8.
    pub recent: Vec<KpiRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuarterFigures {
    pub period: Period,
    pub total: u64,
    pub closed: u64,
    pub average_progress: Option<f64>,
    pub score: Coverage,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ByQuarter {
    /// Oldest first, at most 12.
    pub items: Vec<QuarterFigures>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepartmentFigures {
    /// Absent for KPIs without a department.
    pub department_id: Option<DepartmentId>,
    pub department_name: Option<String>,
    pub total: u64,
    pub closed: u64,
    pub average_progress: Option<f64>,
    pub score: Coverage,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ByDepartment {
    pub items: Vec<DepartmentFigures>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeriodView {
    #[serde(flatten)]
    pub period: Period,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub starts_on: crate::time::Date,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub ends_on: crate::time::Date,
    pub is_closed: bool,
    pub is_current: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeriodList {
    /// Newest first.
    pub items: Vec<PeriodView>,
}
