//! What a plugin is told of KPIs, people and events: the shapes its functions get and ask for.
//!
//! The names are those of the rules' vocabulary. An absent value is `()` in the script and may be left out in a
//! `plugin.test.toml`.

use kpi_api::{
    kpi::Status,
    permission::Role,
    scoring::{Band, Direction, Kind, Pace},
    time::{Date, Quarter},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Rows that `kpis` and `users` give at most in one call.
pub const MOST_ROWS: usize = 500;

/// What is a map to the script, with whatever names it has; everything else has the fields named here.
pub const MAPS: &[&str] = &["custom", "data"];

/// A KPI as a plugin sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Kpi {
    pub id: i64,
    pub title: String,
    /// `mission`, `goal` or `task`.
    pub category: String,
    pub year: i32,
    pub quarter: Quarter,
    pub status: Status,
    pub kind: Kind,
    pub unit: String,
    pub direction: Direction,
    pub baseline: Option<f64>,
    pub target: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// Percent of the person's quarter.
    pub weight: f64,
    /// Value of the quarter, in its unit.
    pub current: Option<f64>,
    /// Score points.
    pub score: Option<f64>,
    /// 0 to 100.
    pub progress: Option<f64>,
    pub band: Band,
    pub pace: Pace,
    /// 1 to 10, of the latest check-in.
    pub confidence: Option<u8>,
    pub last_check_in: Option<Date>,
    pub due: Option<Date>,
    pub tags: Vec<String>,
    /// The template's own fields by name.
    pub custom: Map<String, Value>,
    pub owner: Person,
    /// Name of the template.
    pub template: Option<String>,
    pub parent_id: Option<i64>,
    /// Address of its page.
    pub link: String,
}

impl Default for Kpi {
    fn default() -> Self {
        Self {
            id: 1,
            title: "A KPI".into(),
            category: "goal".into(),
            year: 2026,
            quarter: Quarter::Q1,
            status: Status::Approved,
            kind: Kind::Number,
            unit: String::new(),
            direction: Direction::Increase,
            baseline: None,
            target: None,
            lower: None,
            upper: None,
            weight: 100.0,
            current: None,
            score: None,
            progress: None,
            band: Band::None,
            pace: Pace::None,
            confidence: None,
            last_check_in: None,
            due: None,
            tags: Vec::new(),
            custom: Map::new(),
            owner: Person::default(),
            template: None,
            parent_id: None,
            link: String::new(),
        }
    }
}

/// A person as a plugin sees them. Without addresses: nobody is reached but through `notify`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub role: Role,
    pub department_id: Option<i64>,
    /// Name of the department.
    pub department: Option<String>,
    pub position: String,
    /// Who decides on their KPIs.
    pub manager_id: Option<i64>,
    /// `en` or `de`.
    pub locale: String,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            id: 1,
            name: "Ada Example".into(),
            role: Role::Employee,
            department_id: None,
            department: Some("Sales".into()),
            position: String::new(),
            manager_id: None,
            locale: "en".into(),
        }
    }
}

/// What a hook is called with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HookEvent {
    /// The same when the same event is handed over again, so that a plugin can tell.
    pub id: i64,
    /// e.g. `kpi.approved`.
    pub name: String,
    /// When it happened, RFC 3339 in UTC.
    pub at: String,
    /// Who did it; absent when the system did.
    pub actor: Option<Person>,
    /// What it is about; absent where the event is about no KPI.
    pub kpi: Option<Kpi>,
    /// Who it is for or about: whom a reminder goes to, who was made.
    pub user: Option<Person>,
    /// Why, where the person had to say so: of a rejection or return.
    pub reason: Option<String>,
    /// Of a comment its words, of a reminder its sentences.
    pub text: Option<String>,
    /// Address of the page to look at.
    pub link: String,
    /// Whatever else the event carries.
    pub data: Map<String, Value>,
}

impl Default for HookEvent {
    fn default() -> Self {
        Self {
            id: 1,
            name: "kpi.approved".into(),
            at: "2026-02-14T09:00:00Z".into(),
            actor: None,
            kpi: None,
            user: None,
            reason: None,
            text: None,
            link: String::new(),
            data: Map::new(),
        }
    }
}

/// Which KPIs are asked for. Everything that is given has to hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KpiFilter {
    /// Fiscal year; without year and quarter the current quarter is meant, without a quarter the whole year.
    pub year: Option<i32>,
    pub quarter: Option<Quarter>,
    pub status: Option<OneOrMore<Status>>,
    pub band: Option<OneOrMore<Band>>,
    pub owner: Option<OneOrMore<i64>>,
    /// This department and those below it.
    pub department_id: Option<i64>,
    /// One of its tags.
    pub tag: Option<String>,
    /// Its tags begin with this, as in `perspective:`.
    pub tag_prefix: Option<String>,
    /// Name of its template.
    pub template: Option<String>,
    pub parent_id: Option<i64>,
    /// Only those with a greater id; the last id of one page leads to the next.
    pub after: Option<i64>,
    /// 1 to [`MOST_ROWS`], which is also meant when it is left out.
    pub limit: Option<usize>,
}

/// Which people are asked for; only active ones come.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserFilter {
    pub id: Option<OneOrMore<i64>>,
    pub role: Option<OneOrMore<Role>>,
    /// This department and those below it.
    pub department_id: Option<i64>,
    /// Those whose KPIs this person decides on.
    pub manager_id: Option<i64>,
    /// Only those with a greater id.
    pub after: Option<i64>,
    /// 1 to [`MOST_ROWS`], which is also meant when it is left out.
    pub limit: Option<usize>,
}

/// One value or a list of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore<T> {
    One(T),
    More(Vec<T>),
}

impl<T: PartialEq> OneOrMore<T> {
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more,
        }
    }

    pub fn contains(&self, value: &T) -> bool {
        self.as_slice().contains(value)
    }
}
