//! Recorded values.

use serde::{Deserialize, Serialize};

use crate::{
    check::{Check, REASON_MAX},
    error::FieldError,
    id::{CheckInId, KpiId, UserId},
    time::{Date, Timestamp},
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckInView {
    pub id: CheckInId,
    pub kpi_id: KpiId,
    /// The day the value is for.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: Date,
    /// 1 or 0 for a yes/no KPI; the weight done in percent for milestones.
    pub value: f64,
    pub note: String,
    /// 1 to 10.
    pub confidence: Option<u8>,
    /// For milestones: which are done, in the KPI's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milestones: Option<Vec<bool>>,
    pub by: UserId,
    pub by_name: String,
    /// Recorded by somebody else for the owner.
    pub for_owner: bool,
    pub created_at: Timestamp,
    /// The check-in that this one corrects.
    pub corrects_id: Option<CheckInId>,
    /// The check-in that replaced this one; it no longer counts.
    pub corrected_by_id: Option<CheckInId>,
    /// Why the value was corrected.
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckInList {
    /// Newest day first; corrected ones included.
    pub items: Vec<CheckInView>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckInNew {
    /// Required except for milestones. Yes/no KPIs take 1 or 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Today when absent; within the quarter and not in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub on: Option<Date>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milestones: Option<Vec<bool>>,
}

impl CheckInNew {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        check.number("value", self.value);
        check.text("note", &self.note, REASON_MAX);
        check.between("confidence", self.confidence.map(f64::from), 1.0, 10.0);
        check.done()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Correction {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milestones: Option<Vec<bool>>,
    pub reason: String,
}

impl Correction {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        check.number("value", self.value);
        check.required("reason", &self.reason, REASON_MAX);
        check.done()
    }
}

/// A recorded check-in and the KPI as it stands after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckedIn {
    #[serde(flatten)]
    pub check_in: CheckInView,
    pub kpi: crate::kpi::KpiView,
}
