//! The rules that score, validate and remind: what they are and how they are published. Beside it [`cases`] (how rules
//! are tested and tried), [`reference`] (what they are written with) and [`policy`] (what they mean for everybody).

pub mod cases;
pub mod policy;
pub mod reference;

use serde::{Deserialize, Serialize};

use crate::{
    check::{Check, REASON_MAX},
    error::FieldError,
    id::{KpiId, RuleId, Version},
    rules::cases::TestCase,
    scoring::{RuleKind, words},
    time::{Period, Timestamp},
    user::PersonRef,
};

/// Bytes of the longest source.
pub const SOURCE_MAX: usize = 64 * 1024;
/// Bytes of the longest case file.
pub const TESTS_MAX: usize = 256 * 1024;
/// Characters of the longest name, without the kind.
pub const NAME_MAX: usize = 60;

words! {
    /// `draft` was never published, `retired` applies to no open quarter any more.
    RuleState { Draft = "draft", Published = "published", Retired = "retired" }

    /// What happens to scores at publishing: nothing until the next value, or those of open quarters are made anew.
    Rescore { None = "none", Open = "open" }

    /// What became of a line between two versions.
    LineChange { Same = "same", Removed = "removed", Added = "added" }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleView {
    pub id: RuleId,
    /// Kind and a short name, e.g. `score/standard`.
    pub name: String,
    pub kind: RuleKind,
    /// `global`, `department:<id>` or `template:<id>`.
    pub scope: String,
    /// What the department or template is called.
    pub scope_name: Option<String>,
    /// The first of the leading `//!` lines: of the published version, of the draft where nothing is published.
    pub title: String,
    pub description: String,
    /// The published one; 0 before the first.
    pub version: Version,
    pub state: RuleState,
    /// `shipped`, `own` or `plugin:<id>`.
    pub origin: String,
    pub has_draft: bool,
    /// The draft is the newer source that came with an upgrade of the application, and waits for a decision.
    pub draft_offered: bool,
    /// Hex SHA-256 of the published source; empty before the first.
    pub checksum: String,
    pub published_at: Option<Timestamp>,
    /// From which quarter on the published version applies; from ever when absent.
    pub effective_from: Option<Period>,
    /// Present while it failed lately.
    pub trouble: Option<RuleTrouble>,
    /// What running it has cost since the server started; absent before the first run.
    pub runs: Option<RuleRuns>,
    /// The quarters in which the draft runs beside it without effect.
    pub shadow: Option<RuleShadow>,
    /// Counts every change of the rule or its draft; what `ETag` and `If-Match` carry.
    pub revision: Version,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleTrouble {
    /// In the last seven days.
    pub failures_7d: u64,
    pub last_at: Timestamp,
    pub last_message: String,
    pub last_line: Option<u32>,
    pub last_kpi_id: Option<KpiId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleRuns {
    pub count: u64,
    /// Microseconds.
    pub mean_us: u64,
    /// Microseconds.
    pub max_us: u64,
    pub max_operations: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleShadow {
    pub quarters: Vec<Period>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleList {
    pub items: Vec<RuleView>,
}

/// A rule with the source of its published version and its draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleDetail {
    #[serde(flatten)]
    pub rule: RuleView,
    /// Of the published version; empty before the first.
    pub source: String,
    /// The case file of the published version.
    pub tests: String,
    /// Which engine it was published with.
    pub engine: String,
    pub note: String,
    pub draft: Option<RuleDraft>,
    /// Which recipe the draft, else the published source, was made by, word for word.
    pub recipe: Option<reference::RecipeUse>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleDraft {
    pub source: String,
    /// The case file.
    pub tests: String,
    pub updated_at: Timestamp,
    /// Absent where it came with an upgrade of the application.
    pub updated_by: Option<PersonRef>,
    /// The version it began from; 0 for none.
    pub based_on: Version,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleNew {
    /// A short name of small letters, digits and dashes; the kind may stand before it (`score/sales`).
    pub name: String,
    pub kind: RuleKind,
    /// `global`, `department:<id>` or `template:<id>`.
    pub scope: String,
    pub source: String,
    #[serde(default)]
    pub tests: Option<Tests>,
}

/// Cases, typed or as a case file; one of the two.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Tests {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cases: Option<Vec<TestCase>>,
    /// TOML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DraftBody {
    pub source: String,
    /// Kept as they are when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<Tests>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PublishBody {
    /// Why, for those who read the versions later.
    pub note: String,
    /// The first quarter it applies to; the present one when absent. Not a closed one.
    #[serde(default)]
    pub effective_from: Option<Period>,
    #[serde(default = "nothing")]
    pub rescore: Rescore,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RollbackBody {
    /// Whose source becomes the next version.
    pub version: Version,
    pub note: String,
    #[serde(default)]
    pub effective_from: Option<Period>,
    #[serde(default = "nothing")]
    pub rescore: Rescore,
}

const fn nothing() -> Rescore {
    Rescore::None
}

impl PublishBody {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        checked(&self.note, self.effective_from)
    }
}

impl RollbackBody {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        checked(&self.note, self.effective_from)
    }
}

fn checked(note: &str, from: Option<Period>) -> Result<(), Vec<FieldError>> {
    let mut check = Check::new();
    check.ensure(!note.trim().is_empty(), "note", "required", "Fill this in.");
    check.text("note", note, REASON_MAX);
    if let Some(from) = from {
        check.year("effective_from.year", from.year);
    }
    check.done()
}

/// A rule that has just been published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishedRule {
    #[serde(flatten)]
    pub rule: RuleDetail,
    /// The job that makes the scores of open quarters anew.
    pub rescore_id: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionView {
    pub version: Version,
    pub title: String,
    pub note: String,
    /// Absent where it was shipped or came with a plugin.
    pub author: Option<PersonRef>,
    pub published_at: Timestamp,
    pub effective_from: Option<Period>,
    pub checksum: String,
    pub engine: String,
    /// Whether it is the one that is published now.
    pub is_published: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionList {
    /// Newest first.
    pub items: Vec<VersionView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionDetail {
    #[serde(flatten)]
    pub version: VersionView,
    pub source: String,
    pub tests: String,
}

/// What differs between two sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleDiff {
    /// A version's number, or `draft`.
    pub from: String,
    pub to: String,
    pub removed: u32,
    pub added: u32,
    /// Changed places with the lines around them; empty when nothing differs.
    pub hunks: Vec<DiffHunk>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffHunk {
    pub lines: Vec<DiffLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffLine {
    pub change: LineChange,
    /// Number of the line in the older source, from 1; absent where it was added.
    pub old: Option<u32>,
    /// Number of the line in the newer source, from 1; absent where it was removed.
    pub new: Option<u32>,
    pub text: String,
}
