//! What a rule may know: the KPI and its surroundings, as plain values. Whoever stores them fills these in.
//!
//! Every type has a default, so that a case file or a trial run only names what it is about. The defaults describe
//! a KPI "A KPI" of Ada Example for the first quarter of 2026, seen at its half, without any value yet.

use kpi_api::{
    scoring::{Bands, Direction, Kind, Milestone, Rollup},
    time::{Date, Quarter},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::macros::date;

/// A KPI as a rule sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KpiFacts {
    pub id: Option<i64>,
    pub title: String,
    pub description: String,
    /// `mission`, `goal` or `task`.
    pub category: String,
    pub year: i32,
    pub quarter: Quarter,
    pub status: String,
    pub kind: Kind,
    pub unit: String,
    pub decimals: u8,
    pub direction: Direction,
    pub baseline: Option<f64>,
    pub target: Option<f64>,
    pub stretch: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub rollup: Rollup,
    /// Percent of the person's quarter.
    pub weight: f64,
    /// Most score points this KPI can give; the setting's where absent.
    pub cap: Option<f64>,
    /// Stands in for the rolled-up check-ins, for previews.
    pub current: Option<f64>,
    pub milestones: Vec<Milestone>,
    pub tags: Vec<String>,
    pub custom: Map<String, Value>,
    pub owner: PersonFacts,
    pub template: Option<TemplateFacts>,
    pub parent_id: Option<i64>,
    pub start: Date,
    pub end: Date,
    pub due: Option<Date>,
    pub evidence: EvidenceFacts,
    /// Those that count, in the order of their days.
    pub check_ins: Vec<CheckInFacts>,
    /// Days between two check-ins: the template's rhythm, else the setting's.
    pub check_in_days: u16,
    pub created: Option<Date>,
    pub updated: Option<Date>,
    pub submitted: Option<Date>,
    pub approved: Option<Date>,
    /// Why it was rejected or returned, until it is handed in again.
    pub returned: Option<String>,
}

impl Default for KpiFacts {
    fn default() -> Self {
        Self {
            id: None,
            title: "A KPI".into(),
            description: String::new(),
            category: "goal".into(),
            year: 2026,
            quarter: Quarter::Q1,
            status: "approved".into(),
            kind: Kind::Number,
            unit: String::new(),
            decimals: 0,
            direction: Direction::Increase,
            baseline: None,
            target: None,
            stretch: None,
            lower: None,
            upper: None,
            rollup: Rollup::Last,
            weight: 100.0,
            cap: None,
            current: None,
            milestones: Vec::new(),
            tags: Vec::new(),
            custom: Map::new(),
            owner: PersonFacts::default(),
            template: None,
            parent_id: None,
            start: date!(2026 - 01 - 01),
            end: date!(2026 - 03 - 31),
            due: None,
            evidence: EvidenceFacts::default(),
            check_ins: Vec::new(),
            check_in_days: 14,
            created: None,
            updated: None,
            submitted: None,
            approved: None,
            returned: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PersonFacts {
    pub id: i64,
    pub name: String,
    /// `employee`, `manager` or `admin`.
    pub role: String,
    /// Name of the department.
    pub department: Option<String>,
    pub position: Option<String>,
}

impl Default for PersonFacts {
    fn default() -> Self {
        Self {
            id: 1,
            name: "Ada Example".into(),
            role: "employee".into(),
            department: Some("Sales".into()),
            position: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TemplateFacts {
    pub id: i64,
    pub name: String,
    pub evidence: EvidenceContract,
}

/// What a template wants to see before a result is submitted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvidenceContract {
    /// Files at least.
    pub count: u32,
    /// File extensions that must be among them, lower case.
    pub kinds: Vec<String>,
    /// Only files added within so many days count; all when absent.
    pub max_age_days: Option<u16>,
}

/// The evidence that is there.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvidenceFacts {
    /// Different files; the same content twice is one.
    pub count: u32,
    /// File extensions, lower case.
    pub kinds: Vec<String>,
    /// The day the latest was added.
    pub newest: Option<Date>,
    /// How many were added within the days that the template asks for; all where it does not ask.
    pub fresh: u32,
    /// File extensions of the fresh ones.
    pub fresh_kinds: Vec<String>,
    /// How many hang on another KPI as well.
    pub reused: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckInFacts {
    pub on: Date,
    pub value: f64,
    #[serde(default)]
    pub note: String,
    /// 1 to 10.
    #[serde(default)]
    pub confidence: Option<u8>,
}

/// What a rule knows besides the KPI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContextFacts {
    /// The day in the company's time zone; a rule has no other clock.
    pub today: Date,
    pub event: Event,
    pub actor: Option<PersonFacts>,
    /// The same KPI one quarter earlier.
    pub previous: Option<PreviousFacts>,
    /// The same KPI in up to four earlier quarters, newest first; quarters without it are left out.
    pub earlier: Vec<PreviousFacts>,
    pub quarter: QuarterFacts,
    pub settings: SettingsFacts,
    pub department: Option<DepartmentFacts>,
    /// Sum of the weights of the person's KPIs in this quarter, this one included, in percent.
    pub period_weight: Option<f64>,
    /// The value being recorded just now; none when one is corrected.
    pub check_in: Option<CheckInFacts>,
}

impl Default for ContextFacts {
    fn default() -> Self {
        Self {
            today: date!(2026 - 02 - 14),
            event: Event::Preview,
            actor: None,
            previous: None,
            earlier: Vec::new(),
            quarter: QuarterFacts::default(),
            settings: SettingsFacts::default(),
            department: None,
            period_weight: None,
            check_in: None,
        }
    }
}

/// Why a rule is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Create,
    Update,
    Submit,
    CheckIn,
    SubmitResult,
    Schedule,
    Preview,
}

impl Event {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Submit => "submit",
            Self::CheckIn => "check_in",
            Self::SubmitResult => "submit_result",
            Self::Schedule => "schedule",
            Self::Preview => "preview",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PreviousFacts {
    pub score: Option<f64>,
    pub current: Option<f64>,
    pub target: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuarterFacts {
    pub start: Date,
    pub end: Date,
    /// Share that has passed, 0 to 1.
    pub elapsed: f64,
    /// Whole days until its last day; negative afterwards.
    pub days_left: i64,
    /// Whether it takes no values any more.
    pub closed: bool,
}

impl Default for QuarterFacts {
    fn default() -> Self {
        Self {
            start: date!(2026 - 01 - 01),
            end: date!(2026 - 03 - 31),
            elapsed: 0.5,
            days_left: 45,
            closed: false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SettingsFacts {
    pub bands: Bands,
    /// Most score points a KPI can give where it does not say so itself.
    pub cap: f64,
}

impl Default for SettingsFacts {
    fn default() -> Self {
        Self { bands: Bands::default(), cap: 120.0 }
    }
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DepartmentFacts {
    pub id: i64,
    pub name: String,
    /// Names from the top department down to this one, joined with ` / `.
    pub path: String,
}
