//! The queue of those who decide, deciding about several at once, and taking a decision back.

use serde::{Deserialize, Serialize};

use crate::{
    check::{Check, REASON_MAX},
    checkin::CheckInView,
    error::{FieldError, Problem},
    evidence::EvidenceSummary,
    history::Change,
    id::{KpiId, Version},
    kpi::{Act, KpiRow, KpiView},
    scoring::{Finding, words},
    time::{Quarter, Timestamp},
    user::Colleague,
};

/// How long a decision can be taken back, and its news wait, in milliseconds.
pub const UNDO_WINDOW: i64 = 10_000;
/// Most decisions of one request.
pub const DECISIONS_MAX: usize = 100;

words! {
    /// Why a row waits for a decision.
    QueueReason { NewKpi = "new_kpi", Resubmitted = "resubmitted", Revised = "revised", Result = "result" }

    /// What can be decided.
    Decision { Approve = "approve", Reject = "reject", Accept = "accept", Return = "return" }
}

impl Decision {
    pub const fn act(self) -> Act {
        match self {
            Self::Approve => Act::Approve,
            Self::Reject => Act::Reject,
            Self::Accept => Act::Accept,
            Self::Return => Act::Return,
        }
    }

    /// The decision that an act is, if it is one.
    pub const fn of(act: Act) -> Option<Self> {
        match act {
            Act::Approve => Some(Self::Approve),
            Act::Reject => Some(Self::Reject),
            Act::Accept => Some(Self::Accept),
            Act::Return => Some(Self::Return),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalRow {
    pub kpi: KpiRow,
    pub reason: QueueReason,
    pub waiting_since: Timestamp,
    /// Whole days since then.
    pub waiting_days: i64,
    /// What the owner said with it.
    pub comment: Option<String>,
    /// Warnings of the rules.
    pub flags: Vec<Finding>,
    /// Before and after, for a revised or resubmitted KPI.
    pub changes: Vec<Change>,
    /// What a result rests on; absent for a definition.
    pub result: Option<ResultFacts>,
    pub evidence: EvidenceSummary,
    /// In whose place the caller would decide, where it is theirs by a delegation.
    pub on_behalf_of: Option<Colleague>,
    /// The acts that decide it: approve and reject, or accept and return.
    pub decisions: Vec<Act>,
}

/// What a result rests on. Value and score are in the row itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResultFacts {
    /// Where the value would stand today on a straight way from baseline to target.
    pub expected_value: Option<f64>,
    /// The last five that count, newest day first.
    pub check_ins: Vec<CheckInView>,
    /// What the same measure came to in up to four earlier quarters, newest first.
    pub earlier: Vec<EarlierResult>,
}

/// A result of the same person, measure and unit in an earlier quarter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EarlierResult {
    pub kpi_id: KpiId,
    pub year: i32,
    pub quarter: Quarter,
    pub value: f64,
    pub target: Option<f64>,
    pub score: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecisionItem {
    pub kpi_id: KpiId,
    /// The version that was looked at.
    pub version: Version,
    pub action: Decision,
    /// Required to reject and to return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkDecisions {
    /// 1 to 100, each KPI once.
    pub decisions: Vec<DecisionItem>,
}

impl BulkDecisions {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        let all = &self.decisions;
        check.ensure(!all.is_empty(), "decisions", "required", "Choose at least one.");
        check.ensure(
            all.len() <= DECISIONS_MAX,
            "decisions",
            "too_many",
            format!("At most {DECISIONS_MAX}."),
        );
        let mut seen = std::collections::HashSet::new();
        for (index, item) in all.iter().take(DECISIONS_MAX).enumerate() {
            let field = |name: &str| format!("decisions.{index}.{name}");
            check.ensure(seen.insert(item.kpi_id), &field("kpi_id"), "doubled", "Each KPI once.");
            match item.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()) {
                Some(reason) => check.text(&field("reason"), reason, REASON_MAX),
                None if item.action.act().needs_reason() => {
                    check.fail(&field("reason"), "required", "Say why; the owner will read it.");
                }
                None => {}
            }
        }
        check.done()
    }
}

/// What became of one decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionResult {
    pub kpi_id: KpiId,
    pub ok: bool,
    /// The KPI after the decision, with `undo_until`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpi: Option<KpiView>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionResults {
    /// In the order in which they were asked for.
    pub results: Vec<DecisionResult>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: i64, action: Decision, reason: Option<&str>) -> DecisionItem {
        DecisionItem { kpi_id: KpiId(id), version: Version(1), action, reason: reason.map(Into::into) }
    }

    #[test]
    fn a_decision_is_asked_for_once_and_with_its_reason() {
        let codes = |decisions| match (BulkDecisions { decisions }).check() {
            Ok(()) => Vec::new(),
            Err(errors) => errors.into_iter().map(|e| format!("{} {}", e.field, e.code)).collect(),
        };
        assert!(
            codes(vec![item(1, Decision::Approve, None), item(2, Decision::Reject, Some("no"))]).is_empty()
        );
        assert_eq!(codes(vec![]), ["decisions required"]);
        assert_eq!(codes(vec![item(1, Decision::Return, Some("  "))]), ["decisions.0.reason required"]);
        assert_eq!(
            codes(vec![item(1, Decision::Accept, None), item(1, Decision::Accept, None)]),
            ["decisions.1.kpi_id doubled"]
        );
        let many = (0..101).map(|id| item(id, Decision::Approve, None)).collect();
        assert_eq!(codes(many), ["decisions too_many"]);
    }
}
