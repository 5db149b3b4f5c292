//! The queue of a manager.

use serde::{Deserialize, Serialize};

use crate::{
    history::Change,
    kpi::{Act, KpiRow},
    scoring::{Finding, words},
    time::Timestamp,
};

words! {
    /// Why a row waits for a decision.
    QueueReason { NewKpi = "new_kpi", Resubmitted = "resubmitted", Revised = "revised", Result = "result" }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalRow {
    pub kpi: KpiRow,
    pub reason: QueueReason,
    pub waiting_since: Timestamp,
    /// What the owner said with it.
    pub comment: Option<String>,
    /// Warnings of the rules.
    pub flags: Vec<Finding>,
    /// Before and after, for a revised or resubmitted KPI.
    pub changes: Vec<Change>,
    /// The acts that decide it: approve and reject, or accept and return.
    pub decisions: Vec<Act>,
}
