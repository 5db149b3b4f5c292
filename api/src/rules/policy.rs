//! What the published rules do, for everybody.

use serde::{Deserialize, Serialize};

use crate::{
    id::{DepartmentId, RuleId, TemplateId, Version},
    rules::reference::RecipeUse,
    scoring::{Bands, Said},
    time::Period,
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScoringPolicy {
    /// The quarter this is about: the present one.
    pub period: Period,
    pub bands: Bands,
    /// Most points a KPI gives where it does not say so itself.
    pub cap: f64,
    /// For whoever is in no department.
    pub company: Option<PolicyRule>,
    /// In the order of the tree, upper departments first.
    pub departments: Vec<DepartmentPolicy>,
    /// Templates whose KPIs are scored by a rule of their own, whatever the department.
    pub templates: Vec<TemplatePolicy>,
    pub validation: Vec<ScopedRule>,
    pub reminders: Vec<ScopedRule>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepartmentPolicy {
    pub id: DepartmentId,
    pub name: String,
    pub parent_id: Option<DepartmentId>,
    /// Whether the rule is the department's own rather than that of a department above it or of the company.
    pub is_own: bool,
    pub score: Option<PolicyRule>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplatePolicy {
    pub id: TemplateId,
    pub name: String,
    pub score: PolicyRule,
}

/// A rule with where it applies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScopedRule {
    /// `global`, `department:<id>` or `template:<id>`.
    pub scope: String,
    pub scope_name: Option<String>,
    pub rule: PolicyRule,
}

/// A rule in plain words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyRule {
    pub id: RuleId,
    pub name: String,
    pub title: Said,
    /// What it does, paragraph by paragraph: as its author describes it, or as its recipe says it with its numbers.
    pub words: Vec<Said>,
    pub version: Version,
    /// From which quarter on; from ever when absent.
    pub effective_from: Option<Period>,
    pub recipe: Option<RecipeUse>,
}
