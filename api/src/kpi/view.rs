//! What is shown of a KPI: rows of lists, the whole of one, figures over many.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Act, Category, KpiNew, Status};
use crate::{
    id::{DepartmentId, KpiId, TemplateId, UserId, Version},
    scoring::{Band, Direction, Finding, Kind, Milestone, Pace, Receipt, Rollup},
    template::{CustomField, change::TemplateOffer},
    time::{Date, Quarter, Timestamp},
};

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KpiRow {
    pub id: KpiId,
    pub title: String,
    pub category: Category,
    pub user_id: UserId,
    pub user_name: String,
    pub department_id: Option<DepartmentId>,
    pub department_name: Option<String>,
    pub template_id: Option<TemplateId>,
    pub year: i32,
    pub quarter: Quarter,
    pub kind: Kind,
    pub unit: String,
    pub decimals: u8,
    pub direction: Direction,
    pub baseline: Option<f64>,
    pub target: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub weight: f64,
    pub current_value: Option<f64>,
    pub progress_percentage: Option<f64>,
    pub score: Option<f64>,
    pub band: Band,
    /// An older version of its rule made the score, because the newest one failed.
    pub is_flagged: bool,
    pub pace: Pace,
    pub status: Status,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub due_date: Option<Date>,
    pub updated_at: Timestamp,
    pub version: Version,
}

/// A KPI named in passing: alignment above and below.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KpiRef {
    pub id: KpiId,
    pub title: String,
    pub user_id: UserId,
    pub user_name: String,
    pub score: Option<f64>,
    pub band: Band,
    /// An older version of its rule made the score, because the newest one failed.
    pub is_flagged: bool,
    pub status: Status,
}

/// Whether the caller may do something now, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Action {
    pub name: Act,
    pub allowed: bool,
    /// A stable word, e.g. `not_allowed`, `own_kpi`, `wrong_state`, `period_closed`; absent when allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Everything about one KPI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KpiView {
    pub id: KpiId,
    pub user_id: UserId,
    pub user_name: String,
    pub department_id: Option<DepartmentId>,
    pub department_name: Option<String>,
    pub template_id: Option<TemplateId>,
    pub template_name: Option<String>,
    /// Which version of the template it holds to, as far as that is known.
    pub template_version: Option<u32>,
    /// What has changed in the template since; present while the caller may take it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_offer: Option<TemplateOffer>,
    pub year: i32,
    pub quarter: Quarter,
    /// First day of the quarter.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub starts_on: Date,
    /// Last day of the quarter.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub ends_on: Date,
    pub title: String,
    pub description: String,
    pub category: Category,
    pub measurement_method: String,
    pub kind: Kind,
    pub unit: String,
    pub decimals: u8,
    pub direction: Direction,
    pub baseline: Option<f64>,
    pub target: Option<f64>,
    pub stretch: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub rollup: Rollup,
    pub weight: f64,
    pub cap: Option<f64>,
    pub milestones: Vec<Milestone>,
    pub parent: Option<KpiRef>,
    pub children: Vec<KpiRef>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub due_date: Option<Date>,
    pub tags: Vec<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub custom_fields: Map<String, Value>,
    /// Which fields those are: the template's of the version that the KPI holds to.
    pub custom_definitions: Vec<CustomField>,
    pub current_value: Option<f64>,
    /// Where the value would stand today on a straight way from baseline to target; `null` where there is none.
    pub expected_value: Option<f64>,
    pub progress_percentage: Option<f64>,
    pub score: Option<f64>,
    /// 1 is "target met"; not clamped.
    pub attainment: Option<f64>,
    pub band: Band,
    /// An older version of its rule made the score, because the newest one failed.
    pub is_flagged: bool,
    pub pace: Pace,
    pub status: Status,
    /// The reason given with the last reject or return, while it still waits for an answer.
    pub returned_reason: Option<String>,
    /// What the validation rules say about it as it stands.
    pub findings: Vec<Finding>,
    /// What the caller may do now.
    pub actions: Vec<Action>,
    pub created_at: Timestamp,
    pub created_by: UserId,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
    pub submitted_at: Option<Timestamp>,
    pub submitted_by: Option<UserId>,
    pub approved_at: Option<Timestamp>,
    pub approved_by: Option<UserId>,
    pub closed_at: Option<Timestamp>,
    pub closed_by: Option<UserId>,
    /// Until when the caller may take back the decision they have just made; absent when there is nothing to take back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_until: Option<Timestamp>,
    pub version: Version,
}

impl KpiView {
    pub fn may(&self, act: Act) -> bool {
        self.actions.iter().any(|action| action.name == act && action.allowed)
    }

    /// The definition as an editor starts from it.
    pub fn definition(&self) -> KpiNew {
        KpiNew {
            user_id: Some(self.user_id),
            template_id: self.template_id,
            year: self.year,
            quarter: self.quarter,
            title: self.title.clone(),
            description: self.description.clone(),
            category: self.category,
            measurement_method: self.measurement_method.clone(),
            kind: self.kind,
            unit: self.unit.clone(),
            decimals: self.decimals,
            direction: self.direction,
            baseline: self.baseline,
            target: self.target,
            stretch: self.stretch,
            lower: self.lower,
            upper: self.upper,
            rollup: self.rollup,
            weight: self.weight,
            cap: self.cap,
            milestones: self.milestones.clone(),
            parent_id: self.parent.as_ref().map(|parent| parent.id),
            due_date: self.due_date,
            tags: self.tags.clone(),
            custom_fields: self.custom_fields.clone(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    pub score: Option<f64>,
    pub band: Band,
    pub pace: Pace,
    pub progress_percentage: Option<f64>,
    pub receipt: Receipt,
    pub findings: Vec<Finding>,
}

/// Counts over a filtered list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KpiStats {
    pub total: u64,
    /// Every status, in the order of a KPI's life.
    pub by_status: Vec<StatusCount>,
    pub by_band: Vec<BandCount>,
    pub by_pace: Vec<PaceCount>,
    /// How many scores an older version of their rule made, because the newest one failed.
    pub flagged: u64,
    /// Mean of `progress_percentage` over the KPIs that have one.
    pub average_progress: Option<f64>,
    /// Weighted mean score with its coverage.
    pub score: crate::scoring::Coverage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusCount {
    pub status: Status,
    pub count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BandCount {
    pub band: Band,
    pub count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaceCount {
    pub pace: Pace,
    pub count: u64,
}
