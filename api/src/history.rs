//! What happened to a KPI, in order.

use serde::{Deserialize, Serialize};

use crate::{
    id::{HistoryId, UserId, Version},
    kpi::Status,
    scoring::Band,
    time::Timestamp,
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryRow {
    pub id: HistoryId,
    pub at: Timestamp,
    /// `create`, `edit`, one of the acts, `undo` or `rescore`.
    pub act: String,
    pub by: UserId,
    pub by_name: String,
    /// Set when decided in somebody's place.
    pub on_behalf_of: Option<UserId>,
    pub on_behalf_of_name: Option<String>,
    pub from_status: Option<Status>,
    pub to_status: Option<Status>,
    pub reason: Option<String>,
    /// What changed, field by field.
    pub changes: Vec<Change>,
    pub score: Option<f64>,
    pub band: Band,
    /// Whether a receipt is kept for this moment.
    pub has_receipt: bool,
    /// Version of the KPI after it.
    pub version: Version,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    pub field: String,
    /// Any JSON; `null` where there was none.
    pub old: serde_json::Value,
    pub new: serde_json::Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryList {
    /// Newest first.
    pub items: Vec<HistoryRow>,
}
