//! Giving a template to many people at once.

use serde::{Deserialize, Serialize};

use crate::{
    check::Check,
    error::FieldError,
    id::{AssignmentId, DepartmentId, KpiId, TemplateId, UserId},
    kpi::KpiPatch,
    permission::Role,
    scoring::{Finding, Kind, words},
    time::{Quarter, Timestamp},
};

/// To how many people at most in one request.
pub const ASSIGNED_MAX: usize = 500;
/// How long an assignment can be taken back, in milliseconds.
pub const ASSIGNMENT_UNDO_WINDOW: i64 = 10 * 60 * 1000;

words! {
    /// What becomes of a person in an assignment: gets a draft, is skipped, or is refused by rules or limits, so that
    /// nobody gets one until that is settled.
    AssignOutcome { Gets = "gets", Skipped = "skipped", Refused = "refused" }

    /// Why somebody is skipped.
    SkipReason {
        HasOne = "has_one",
        Inactive = "inactive",
        NotForRole = "not_for_role",
        NotForDepartment = "not_for_department",
        LeftOut = "left_out",
    }

    /// Why a draft stays when its assignment is taken back.
    KeptReason {
        Changed = "changed",
        Commented = "commented",
        HasEvidence = "has_evidence",
        AlignedTo = "aligned_to",
    }
}

/// Who gets a KPI from the template, for which quarter, and what it starts with besides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignBody {
    /// These people; together with `department_id`, both.
    #[serde(default)]
    pub user_ids: Vec<UserId>,
    /// Everybody active in this department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department_id: Option<DepartmentId>,
    /// Whether the departments below it count too.
    #[serde(default = "yes")]
    pub with_below: bool,
    /// Only people of this role, as far as they come from the department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    pub year: i32,
    pub quarter: Quarter,
    /// Stands over what the template sets, for everybody. Without year and quarter.
    #[serde(default)]
    pub overrides: KpiPatch,
    /// Stands over that, for single people.
    #[serde(default)]
    pub people: Vec<PersonOverride>,
}

const fn yes() -> bool {
    true
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonOverride {
    pub user_id: UserId,
    /// This person gets none.
    #[serde(default)]
    pub leave_out: bool,
    #[serde(default)]
    pub overrides: KpiPatch,
}

impl AssignBody {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        check.year("year", self.year);
        let nobody = self.user_ids.is_empty() && self.department_id.is_none();
        check.ensure(!nobody, "user_ids", "required", "Say who gets it.");
        let most = format!("At most {ASSIGNED_MAX}.");
        check.ensure(self.user_ids.len() <= ASSIGNED_MAX, "user_ids", "too_many", most.as_str());
        check.ensure(self.people.len() <= ASSIGNED_MAX, "people", "too_many", most.as_str());
        let mut in_quarter = |overrides: &KpiPatch, at: &str| {
            let moved = overrides.year.is_some() || overrides.quarter.is_some();
            check.ensure(!moved, at, "contradiction", "The quarter is that of the assignment.");
        };
        in_quarter(&self.overrides, "overrides");
        for (index, person) in self.people.iter().enumerate().take(ASSIGNED_MAX) {
            in_quarter(&person.overrides, &format!("people.{index}.overrides"));
        }
        for (index, person) in self.people.iter().enumerate().take(ASSIGNED_MAX) {
            let again = self.people[..index].iter().any(|other| other.user_id == person.user_id);
            check.ensure(!again, &format!("people.{index}.user_id"), "doubled", "This person stands twice.");
        }
        check.done()
    }
}

/// What becomes of one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assignee {
    pub user_id: UserId,
    pub user_name: String,
    pub department_name: Option<String>,
    pub outcome: AssignOutcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<SkipReason>,
    /// The draft made, or the KPI that the person has already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpi_id: Option<KpiId>,
    /// What the draft would begin with, or begins with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<AssignedDraft>,
    /// What the validation rules say to it, and which limits it breaks.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// A draft in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignedDraft {
    pub title: String,
    pub kind: Kind,
    pub unit: String,
    pub decimals: u8,
    pub target: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub weight: f64,
    /// Sum of the weights of the person's quarter with it, in percent.
    pub period_weight: f64,
}

/// An assignment made, or what it would come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assignment {
    /// Absent as long as nothing was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AssignmentId>,
    pub template_id: TemplateId,
    pub template_name: String,
    pub template_version: u32,
    pub year: i32,
    pub quarter: Quarter,
    /// Until when it can be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_until: Option<Timestamp>,
    pub gets: u32,
    pub skipped: u32,
    pub refused: u32,
    /// By name.
    pub people: Vec<Assignee>,
}

/// An assignment that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentView {
    pub id: AssignmentId,
    pub template_id: TemplateId,
    pub year: i32,
    pub quarter: Quarter,
    /// How many drafts it made.
    pub made: u32,
    pub at: Timestamp,
    pub by: UserId,
    pub by_name: String,
    /// Until when it can be taken back; absent when it cannot any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_until: Option<Timestamp>,
    pub undone_at: Option<Timestamp>,
}

/// Newest first, at most the last 50.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assignments {
    pub items: Vec<AssignmentView>,
}

/// What was taken back of an assignment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentUndone {
    pub removed: u32,
    /// Drafts that somebody has worked on since; they stay.
    pub kept: Vec<KeptDraft>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptDraft {
    pub kpi_id: KpiId,
    pub title: String,
    pub user_id: UserId,
    pub user_name: String,
    pub reason: KeptReason,
}
