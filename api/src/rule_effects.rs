//! What rules do beyond one score: what a draft would change, what its publishing has changed, and where a draft that runs
//! in the shadow differs.

use serde::{Deserialize, Serialize};

use crate::{
    check::Check,
    error::FieldError,
    id::{DepartmentId, KpiId, RescoreId, RuleId, Version},
    scoring::{Band, Finding, Receipt, RuleKind, Said, words},
    time::{Period, Quarter, Timestamp},
    user::PersonRef,
};

/// Longest ticket of a preview.
pub const TICKET_MAX: usize = 64;

/// Quarters that a draft may run in the shadow of.
pub const SHADOW_QUARTERS_MAX: usize = 8;

/// What would change if a rule said something else. Nothing is written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ImpactRequest {
    /// The candidate; the rule's draft when absent.
    pub source: Option<String>,
    /// With `quarter`: only the KPIs of one quarter.
    pub year: Option<i32>,
    pub quarter: Option<Quarter>,
    /// A name of the caller's own choice under which the progress can be asked for and the preview be cancelled:
    /// letters, digits and `-`, at most 64.
    pub ticket: Option<String>,
}

impl ImpactRequest {
    /// What is wrong with it, field by field.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        if self.year.is_some() != self.quarter.is_some() {
            let field = if self.year.is_some() { "quarter" } else { "year" };
            check.ensure(false, field, "required", "A quarter is a year and a quarter.");
        }
        if let Some(ticket) = &self.ticket {
            let is_name = !ticket.is_empty()
                && ticket.len() <= TICKET_MAX
                && ticket.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            check.ensure(is_name, "ticket", "wrong_shape", "Letters, digits and -, at most 64.");
        }
        check.done()
    }

    /// The quarter it is limited to.
    pub fn period(&self) -> Option<Period> {
        Some(Period::new(self.year?, self.quarter?))
    }
}

/// How far a preview is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImpactProgress {
    /// KPIs that were looked at.
    pub done: u64,
    pub total: u64,
}

/// What a candidate would change, KPI by KPI. `before` is what the rules say as they are published, `after` what they
/// would say with the candidate in its place, in every quarter it is asked about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Impact {
    pub kind: RuleKind,
    /// KPIs in the candidate's scope that it was asked about.
    pub evaluated: u64,
    /// Those for which it says something else: another score or band, other findings, other reminders.
    pub changed: u64,
    /// Of score rules. `from` and `to` differ.
    pub band_changes: Vec<BandChange>,
    /// By name; KPIs without a department come last, without an id.
    pub by_department: Vec<DepartmentImpact>,
    /// Of score rules; as long as each other.
    pub histogram_before: Histogram,
    pub histogram_after: Histogram,
    /// Of validation rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<FindingCounts>,
    /// Of reminder rules, on this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminders: Option<ReminderCounts>,
    /// Where it changes most, at most 20, the largest change first.
    pub movers: Vec<Mover>,
    /// Where the candidate gives no result, at most 20; `failed` counts all. There the published version stands in.
    pub errors: Vec<ImpactError>,
    pub failed: u64,
    /// Not all KPIs were looked at, because the candidate fails or is slow too often.
    pub stopped_early: bool,
    /// KPIs that there were to look at, whether or not in the candidate's scope.
    pub total: u64,
    pub took_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BandChange {
    pub from: Band,
    pub to: Band,
    pub count: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepartmentImpact {
    pub id: Option<DepartmentId>,
    /// Empty where there is no department.
    pub name: String,
    pub evaluated: u64,
    pub changed: u64,
    /// Mean score by weight, of score rules; `null` where there is no score.
    pub mean_before: Option<f64>,
    pub mean_after: Option<f64>,
}

/// How many KPIs have which score.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Histogram {
    /// Those without a score.
    pub none: u64,
    /// From 0 upwards in steps of 10 points. The last one also holds what is beyond it.
    pub buckets: Vec<Bucket>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bucket {
    /// Score points, included; the next bucket's are not.
    pub from: u32,
    pub count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FindingCounts {
    pub errors_before: u64,
    pub errors_after: u64,
    pub warnings_before: u64,
    pub warnings_after: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReminderCounts {
    pub before: u64,
    pub after: u64,
}

/// A KPI as lists of effects name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KpiBrief {
    pub id: KpiId,
    pub title: String,
    pub owner: PersonRef,
    pub department_name: Option<String>,
    pub year: i32,
    pub quarter: Quarter,
    pub status: crate::kpi::Status,
}

/// A KPI for which something changes. Of the pairs, those of the rule's kind are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mover {
    pub kpi: KpiBrief,
    /// Score points; `null` without a score.
    pub before: Option<f64>,
    pub after: Option<f64>,
    pub band_before: Band,
    pub band_after: Band,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipts: Option<Receipts>,
    /// The difference of the receipts in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sentences: Vec<Said>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<Findings>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminders: Option<Reminders>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipts {
    /// Absent where no rule gave a score.
    pub before: Option<Receipt>,
    pub after: Option<Receipt>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Findings {
    pub before: Vec<Finding>,
    pub after: Vec<Finding>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reminders {
    pub before: Vec<ReminderSaid>,
    pub after: Vec<ReminderSaid>,
}

/// What a reminder rule wants to be said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReminderSaid {
    /// `owner`, `approver`, `manager`, or the id of a person.
    pub to: String,
    pub title: Said,
    pub text: Said,
    pub reason: String,
}

/// Where a rule gave no result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImpactError {
    pub kpi_id: KpiId,
    pub message: String,
    pub line: Option<u32>,
}

words! {
    /// How a re-score stands. `failed`: it could not go on and is tried again at the next start of the server.
    RescoreState { Running = "running", Done = "done", Failed = "failed" }
}

/// The re-score of the open quarters that the publishing of a rule asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RescoreView {
    pub id: RescoreId,
    pub rule_id: RuleId,
    pub rule_name: String,
    /// The version that was published.
    pub version: Version,
    /// From which quarter on; from ever when absent.
    pub from: Option<Period>,
    pub state: RescoreState,
    /// Running KPIs that were looked at, and how many there were at the beginning.
    pub done: u64,
    pub total: u64,
    /// KPIs that were scored anew: each has a row `rescore` in its history.
    pub rescored: u64,
    /// Those whose score or band is another one.
    pub changed: u64,
    /// Who published it.
    pub by: Option<PersonRef>,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RescoreList {
    /// Newest first.
    pub items: Vec<RescoreView>,
}

/// A re-score with what it came to for each person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RescoreDetail {
    #[serde(flatten)]
    pub rescore: RescoreView,
    /// The largest change first, then by name.
    pub by_person: Vec<PersonRescored>,
}

/// Mean scores by weight over the KPIs that were scored anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonRescored {
    pub user: PersonRef,
    /// `null` where there is no score.
    pub before: Option<f64>,
    pub after: Option<f64>,
    /// KPIs that were scored anew.
    pub kpis: u64,
    pub changed: u64,
}

/// The quarters in which the draft of a rule runs beside the published version, without effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ShadowBody {
    /// 1 to 8, none twice.
    pub quarters: Vec<Period>,
}

impl ShadowBody {
    /// What is wrong with it, field by field.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        let count = self.quarters.len();
        check.ensure(count > 0, "quarters", "required", "Choose a quarter.");
        check.ensure(count <= SHADOW_QUARTERS_MAX, "quarters", "too_many", "At most 8 quarters.");
        let mut known = self.quarters.clone();
        known.sort_unstable();
        known.dedup();
        check.ensure(known.len() == count, "quarters", "duplicate", "A quarter is there twice.");
        check.done()
    }
}

/// That the draft of a rule runs in the shadow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShadowView {
    pub rule_id: RuleId,
    /// Oldest first.
    pub quarters: Vec<Period>,
    pub since: Timestamp,
    pub by: Option<PersonRef>,
}

/// Where a draft in the shadow and the published version differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShadowReport {
    #[serde(flatten)]
    pub shadow: ShadowView,
    /// The draft of today over all KPIs of these quarters as they stand.
    pub now: Impact,
    /// What the draft of the time said when people changed KPIs of these quarters, newest first, at most 200, where it
    /// differs or fails.
    pub noted: Vec<ShadowNote>,
    /// How often the draft ran beside the published version.
    pub ran: u64,
    /// How often it differed, and how often it failed.
    pub differed: u64,
    pub failed: u64,
}

/// What a draft said beside a score that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShadowNote {
    pub at: Timestamp,
    pub kpi: KpiBrief,
    /// The score that was made, in points.
    pub before: Option<f64>,
    /// The draft's.
    pub after: Option<f64>,
    pub receipts: Receipts,
    /// Why the draft gave none.
    pub error: Option<ImpactError>,
}
