//! Checking, testing and trying a rule: what is wrong with a source, what it says about a KPI, and what it has to say.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    id::{KpiId, Version},
    scoring::{Band, Finding, Receipt, Said, Severity},
};

/// What is wrong with a source, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Diagnostic {
    /// From 1; 0 for the whole source.
    pub line: u32,
    /// From 1, in characters; 0 for the whole line.
    pub column: u32,
    pub severity: Severity,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckBody {
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checked {
    /// In the order of the source; without an error the rule can be run.
    pub diagnostics: Vec<Diagnostic>,
    /// Milliseconds.
    pub took_ms: f64,
}

/// One case: what a rule has to say about a KPI.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TestCase {
    pub name: String,
    /// Fields of the KPI as rules see it that differ from the usual: a number where more is better, without a value.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub kpi: Map<String, Value>,
    /// Fields of the surroundings that differ from the usual: the middle of a quarter, a preview.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub ctx: Map<String, Value>,
    pub expected: Expected,
}

/// What matters of an outcome; what is absent may be anything. Findings and reminders are exactly these, in any order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Expected {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Amount>,
    /// How far a number may be off; 0.000001 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<Band>,
    /// Each is part of a line of the receipt, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<ExpectedFinding>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reminders: Option<Vec<ExpectedReminder>>,
    /// Part of the message with which the rule fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A number, or the word `none`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Amount {
    Is(f64),
    Absent(Absent),
}

impl From<Option<f64>> for Amount {
    fn from(amount: Option<f64>) -> Self {
        amount.map_or(Self::Absent(Absent::None), Self::Is)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    None,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExpectedFinding {
    pub severity: Severity,
    pub field: String,
    /// Part of the message.
    #[serde(default)]
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExpectedReminder {
    pub to: ReminderTo,
    /// Part of the title or the text.
    #[serde(default)]
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u16>,
}

/// Whom a reminder is for; a person by their number as `{"user": 7}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReminderTo {
    Owner,
    Approver,
    Manager,
    User(i64),
}

/// The cases of the draft, else of the published version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestList {
    /// Empty while the case file cannot be read.
    pub items: Vec<TestCase>,
    /// The case file.
    pub text: String,
    /// Why the case file cannot be read.
    pub fault: Option<Diagnostic>,
    /// Of the rule, for the next change.
    pub revision: Version,
}

/// What to test; the draft's, else the published, where it is absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TestRunBody {
    pub source: Option<String>,
    pub tests: Option<super::Tests>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestReport {
    /// Whether the rule could be published.
    pub passed: bool,
    /// With an error among them nothing was run.
    pub diagnostics: Vec<Diagnostic>,
    /// Why the cases cannot be read.
    pub fault: Option<Diagnostic>,
    pub cases: Vec<CaseReport>,
    pub properties: Vec<PropertyReport>,
    /// Milliseconds.
    pub took_ms: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseReport {
    pub name: String,
    pub passed: bool,
    /// What came out, in the form of what was expected.
    pub got: Expected,
    pub expected: Expected,
    /// What differs, or what came out, in words.
    pub message: String,
}

crate::scoring::words! {
    /// What holds of every rule, whatever it says: it gives a result for every sort of KPI (`runs`); a better value
    /// never gives fewer points (`better_is_not_less`); points are a finite number from 0 to the cap (`within_cap`);
    /// every score has the band of the company's bounds, and no score has none (`bands_without_gap`); the same KPI gets
    /// the same result again (`same_again`).
    Property {
        Runs = "runs",
        BetterIsNotLess = "better_is_not_less",
        WithinCap = "within_cap",
        BandsWithoutGap = "bands_without_gap",
        SameAgain = "same_again",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PropertyReport {
    pub property: Property,
    pub passed: bool,
    /// The KPIs and values for which it does not hold, in words; empty when it holds.
    pub message: String,
}

/// A KPI to try a rule on: a stored one, or one as typed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RunBody {
    /// The draft, else the published source, when absent.
    pub source: Option<String>,
    pub kpi_id: Option<KpiId>,
    /// As in a case.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub kpi: Option<Map<String, Value>>,
    /// As in a case; changes single fields of what is around a stored KPI.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub ctx: Option<Map<String, Value>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunAnswer {
    /// Of a score rule.
    pub result: Option<ScoreResult>,
    pub receipt: Option<Receipt>,
    /// Of a validation rule.
    pub findings: Option<Vec<Finding>>,
    /// Of a reminder rule.
    pub reminders: Option<Vec<ReminderView>>,
    /// Steps of evaluation it took.
    pub operations: u64,
    /// What it said with `step`, whatever its kind.
    pub log: Vec<String>,
    /// Microseconds.
    pub took_us: u64,
    /// Why there is no result.
    pub trouble: Option<RunTrouble>,
    /// With an error among them nothing was run.
    pub diagnostics: Vec<Diagnostic>,
    /// The KPI and its surroundings as a case would have them: what differs from the usual.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub kpi: Map<String, Value>,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub ctx: Map<String, Value>,
    /// The outcome as a case would expect it.
    pub expected: Expected,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScoreResult {
    /// Points; absent without a value.
    pub score: Option<f64>,
    /// 0 to 100.
    pub progress: Option<f64>,
    pub band: Band,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReminderView {
    pub to: ReminderTo,
    pub title: Said,
    pub text: Said,
    pub reason: String,
    /// Days until the same person hears of the same reason again.
    pub every: u16,
}

crate::scoring::words! {
    /// Why a rule gave no result: it wanted more than it may have, failed, returned what is no result, or the
    /// interpreter gave up.
    TroubleKind { Limit = "limit", Threw = "threw", WrongShape = "wrong_shape", Panicked = "panicked" }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunTrouble {
    pub kind: TroubleKind,
    pub message: String,
    pub line: Option<u32>,
    pub column: Option<u32>,
}

/// A KPI to try rules on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sample {
    /// `no_value`, `zero_target`, `target_is_baseline`, `over_cap`, `lower_is_better`, `in_range`, `yes_no`,
    /// `milestones`, `overdue`, `quarter_ends`, or `kpi:<id>`.
    pub key: String,
    pub title: String,
    /// Edge cases stay on top.
    pub is_pinned: bool,
    /// A stored KPI is run by its id; its facts are then not given here.
    pub kpi_id: Option<KpiId>,
    /// Whose it is, of a stored one.
    pub owner: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub kpi: Map<String, Value>,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub ctx: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SampleList {
    pub items: Vec<Sample>,
}
