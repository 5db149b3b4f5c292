//! Who did what, in a chain that shows tampering.

use serde::{Deserialize, Serialize};

use crate::{id::UserId, time::Timestamp};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditRow {
    pub id: i64,
    pub at: Timestamp,
    /// Absent for the system itself.
    pub user_id: Option<UserId>,
    pub user_name: Option<String>,
    /// e.g. `kpi.approve`.
    pub action: String,
    /// e.g. `kpi`.
    pub entity: String,
    pub entity_id: Option<i64>,
    /// What changed.
    pub detail: serde_json::Value,
    pub request_id: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditVerdict {
    pub ok: bool,
    /// Rows walked.
    pub rows: u64,
    /// Id of the first row that does not fit.
    pub first_bad: Option<i64>,
    /// Hex hash of the last row; empty for an empty log.
    pub head: String,
}
