//! The rules that score, validate and remind.

use serde::{Deserialize, Serialize};

use crate::{
    id::{RuleId, Version},
    scoring::RuleKind,
    time::{Period, Timestamp},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleView {
    pub id: RuleId,
    /// e.g. `score/standard`.
    pub name: String,
    pub kind: RuleKind,
    /// `global`, `department:<id>` or `template:<id>`.
    pub scope: String,
    pub title: String,
    pub description: String,
    pub version: Version,
    pub checksum: String,
    pub published_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleList {
    pub items: Vec<RuleView>,
}

/// A rule with the source of its published version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleDetail {
    #[serde(flatten)]
    pub rule: RuleView,
    pub source: String,
    /// The case file.
    pub tests: String,
    pub engine: String,
    pub note: String,
    /// From which quarter on it applies; from ever when absent.
    pub effective_from: Option<Period>,
}
