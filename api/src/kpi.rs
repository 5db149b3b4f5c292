//! The KPI: its definition, its state, what lists and the detail page show.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    check::{Check, MILESTONES_MAX, TAG_MAX, TAGS_MAX, TEXT_MAX, TITLE_MAX, UNIT_MAX},
    error::FieldError,
    id::{DepartmentId, KpiId, TemplateId, UserId, Version},
    patch::Patch,
    scoring::{Band, Direction, Finding, Kind, Milestone, Pace, Receipt, Rollup, words},
    time::{Date, Quarter, Timestamp},
};

words! {
    Category { Mission = "mission", Goal = "goal", Task = "task" }

    Status {
        Draft = "draft",
        Submitted = "submitted",
        Rejected = "rejected",
        Approved = "approved",
        InReview = "in_review",
        Closed = "closed",
    }

    /// What may be done to a KPI.
    Act {
        Edit = "edit",
        Submit = "submit",
        Recall = "recall",
        Approve = "approve",
        Reject = "reject",
        CheckIn = "check_in",
        SubmitResult = "submit_result",
        Accept = "accept",
        Return = "return",
        Revise = "revise",
        Reopen = "reopen",
        Delete = "delete",
        Copy = "copy",
    }
}

impl Act {
    /// Whether a reason has to be given.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Reject | Self::Return | Self::Reopen)
    }
}

/// What an owner writes down about a KPI, whole. [`KpiCreate`] and [`KpiPatch`] carry any part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KpiNew {
    /// Whose KPI; the caller's own when absent. Only administrators create for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_id: Option<TemplateId>,
    pub year: i32,
    pub quarter: Quarter,
    pub title: String,
    #[serde(default)]
    pub description: String,
    #[serde(default = "defaults::category")]
    pub category: Category,
    #[serde(default)]
    pub measurement_method: String,
    #[serde(default = "defaults::kind")]
    pub kind: Kind,
    #[serde(default)]
    pub unit: String,
    /// Decimal places shown, 0 to 6.
    #[serde(default)]
    pub decimals: u8,
    #[serde(default = "defaults::direction")]
    pub direction: Direction,
    #[serde(default)]
    pub baseline: Option<f64>,
    #[serde(default)]
    pub target: Option<f64>,
    /// An ambitious target beyond `target`; told, not scored.
    #[serde(default)]
    pub stretch: Option<f64>,
    /// Lower end for direction `in_range`.
    #[serde(default)]
    pub lower: Option<f64>,
    /// Upper end for direction `in_range`.
    #[serde(default)]
    pub upper: Option<f64>,
    #[serde(default = "defaults::rollup")]
    pub rollup: Rollup,
    /// Share of the person's quarter in percent, 0 to 100.
    #[serde(default = "defaults::weight")]
    pub weight: f64,
    /// Highest possible score in points; the setting's when absent.
    #[serde(default)]
    pub cap: Option<f64>,
    #[serde(default)]
    pub milestones: Vec<Milestone>,
    /// The KPI this one is aligned to.
    #[serde(default)]
    pub parent_id: Option<KpiId>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub due_date: Option<Date>,
    #[serde(default)]
    pub tags: Vec<String>,
    /// Fields that the template adds.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub custom_fields: Map<String, Value>,
}

pub mod defaults {
    use super::*;

    pub const fn category() -> Category {
        Category::Goal
    }
    pub const fn kind() -> Kind {
        Kind::Number
    }
    pub const fn direction() -> Direction {
        Direction::Increase
    }
    pub const fn rollup() -> Rollup {
        Rollup::Last
    }
    pub const fn weight() -> f64 {
        20.0
    }
}

impl KpiNew {
    /// A blank definition for a quarter.
    pub fn blank(year: i32, quarter: Quarter) -> Self {
        Self {
            user_id: None,
            template_id: None,
            year,
            quarter,
            title: String::new(),
            description: String::new(),
            category: defaults::category(),
            measurement_method: String::new(),
            kind: defaults::kind(),
            unit: String::new(),
            decimals: 0,
            direction: defaults::direction(),
            baseline: None,
            target: None,
            stretch: None,
            lower: None,
            upper: None,
            rollup: defaults::rollup(),
            weight: defaults::weight(),
            cap: None,
            milestones: Vec::new(),
            parent_id: None,
            due_date: None,
            tags: Vec::new(),
            custom_fields: Map::new(),
        }
    }

    /// Limits of single fields. Whether they make sense together is for the validation rules.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        check.year("year", self.year);
        check.required("title", &self.title, TITLE_MAX);
        check.text("description", &self.description, TEXT_MAX);
        check.text("measurement_method", &self.measurement_method, TEXT_MAX);
        check.line("unit", &self.unit, UNIT_MAX);
        check.between("decimals", Some(f64::from(self.decimals)), 0.0, 6.0);
        for (field, value) in [
            ("baseline", self.baseline),
            ("target", self.target),
            ("stretch", self.stretch),
            ("lower", self.lower),
            ("upper", self.upper),
        ] {
            check.number(field, value);
        }
        check.between("weight", Some(self.weight), 0.0, 100.0);
        check.between("cap", self.cap, 1.0, 1000.0);
        check.ensure(
            self.milestones.len() <= MILESTONES_MAX,
            "milestones",
            "too_many",
            format!("At most {MILESTONES_MAX}."),
        );
        for (index, milestone) in self.milestones.iter().enumerate().take(MILESTONES_MAX) {
            check.required(&format!("milestones.{index}.title"), &milestone.title, TITLE_MAX);
            check.between(&format!("milestones.{index}.weight"), Some(milestone.weight), 0.0, 1e6);
        }
        check.ensure(self.tags.len() <= TAGS_MAX, "tags", "too_many", format!("At most {TAGS_MAX}."));
        for (index, tag) in self.tags.iter().enumerate().take(TAGS_MAX) {
            check.required(&format!("tags.{index}"), tag, TAG_MAX);
        }
        let custom = serde_json::to_string(&self.custom_fields).map_or(0, |json| json.len());
        check.ensure(custom <= 16 * 1024, "custom_fields", "too_long", "At most 16 KiB.");
        check.done()
    }

    /// This definition with the changes of a patch.
    #[must_use]
    pub fn patched(mut self, patch: KpiPatch) -> Self {
        macro_rules! set {
            ($($field:ident),*) => { $(if let Some(value) = patch.$field { self.$field = value; })* };
        }
        macro_rules! apply {
            ($($field:ident),*) => { $(self.$field = patch.$field.apply(self.$field);)* };
        }
        set!(
            year,
            quarter,
            title,
            description,
            category,
            measurement_method,
            kind,
            unit,
            decimals,
            direction,
            rollup,
            weight,
            milestones,
            tags,
            custom_fields
        );
        apply!(baseline, target, stretch, lower, upper, cap, parent_id, due_date);
        self
    }
}

/// A body that carries any part of a definition: absent keeps what is there, `null` clears it.
macro_rules! with_definition {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub title: Option<String>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub description: Option<String>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub category: Option<Category>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub measurement_method: Option<String>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub kind: Option<Kind>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub unit: Option<String>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub decimals: Option<u8>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub direction: Option<Direction>,
            #[serde(default, skip_serializing_if = "Patch::is_keep")]
            #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>))]
            pub baseline: Patch<f64>,
            #[serde(default, skip_serializing_if = "Patch::is_keep")]
            #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>))]
            pub target: Patch<f64>,
            #[serde(default, skip_serializing_if = "Patch::is_keep")]
            #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>))]
            pub stretch: Patch<f64>,
            #[serde(default, skip_serializing_if = "Patch::is_keep")]
            #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>))]
            pub lower: Patch<f64>,
            #[serde(default, skip_serializing_if = "Patch::is_keep")]
            #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>))]
            pub upper: Patch<f64>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub rollup: Option<Rollup>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub weight: Option<f64>,
            #[serde(default, skip_serializing_if = "Patch::is_keep")]
            #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>))]
            pub cap: Patch<f64>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub milestones: Option<Vec<Milestone>>,
            #[serde(default, skip_serializing_if = "Patch::is_keep")]
            #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
            pub parent_id: Patch<KpiId>,
            #[serde(default, skip_serializing_if = "Patch::is_keep")]
            #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
            pub due_date: Patch<Date>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub tags: Option<Vec<String>>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
            pub custom_fields: Option<Map<String, Value>>,
        }
    };
}

/// The parts of the definition as a patch that leaves the quarter alone.
macro_rules! definition_of {
    ($body:expr; $($field:ident),*) => { KpiPatch { $($field: $body.$field,)* ..KpiPatch::default() } };
}

with_definition! {
    /// Changes of a definition.
    #[derive(Default)]
    KpiPatch {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub year: Option<i32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub quarter: Option<Quarter>,
    }
}

with_definition! {
    /// A new KPI. What is absent comes from the template, or is the default.
    KpiCreate {
        /// Whose KPI; the caller's own when absent. Only administrators create for others.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub user_id: Option<UserId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub template_id: Option<TemplateId>,
        pub year: i32,
        pub quarter: Quarter,
    }
}

with_definition! {
    /// A KPI as typed, and the value it would have.
    PreviewBody {
        /// The KPI being edited: its check-ins count, and its own weight does not count twice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<KpiId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub current_value: Option<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub user_id: Option<UserId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub template_id: Option<TemplateId>,
        pub year: i32,
        pub quarter: Quarter,
    }
}

macro_rules! defines {
    ($($name:ident),*) => {$(
        impl $name {
            /// The whole definition: what is given here over what the template sets over the defaults.
            pub fn definition(self, template: Option<&crate::template::TemplateFields>) -> KpiNew {
                let mut kpi = KpiNew::blank(self.year, self.quarter);
                kpi.user_id = self.user_id;
                kpi.template_id = self.template_id;
                if let Some(fields) = template {
                    fields.fill(&mut kpi);
                }
                kpi.patched(definition_of!(
                    self; title, description, category, measurement_method, kind, unit, decimals, direction, baseline, target, stretch, lower, upper, rollup, weight, cap, milestones, parent_id, due_date, tags, custom_fields
                ))
            }
        }
    )*};
}

defines!(KpiCreate, PreviewBody);

impl PreviewBody {
    /// A preview of a whole definition, as a form sends it.
    pub fn of(kpi: KpiNew, id: Option<KpiId>, current_value: Option<f64>) -> Self {
        fn set<T>(value: Option<T>) -> Patch<T> {
            value.map_or(Patch::Clear, Patch::Set)
        }
        Self {
            id,
            current_value,
            user_id: kpi.user_id,
            template_id: kpi.template_id,
            year: kpi.year,
            quarter: kpi.quarter,
            title: Some(kpi.title),
            description: Some(kpi.description),
            category: Some(kpi.category),
            measurement_method: Some(kpi.measurement_method),
            kind: Some(kpi.kind),
            unit: Some(kpi.unit),
            decimals: Some(kpi.decimals),
            direction: Some(kpi.direction),
            baseline: set(kpi.baseline),
            target: set(kpi.target),
            stretch: set(kpi.stretch),
            lower: set(kpi.lower),
            upper: set(kpi.upper),
            rollup: Some(kpi.rollup),
            weight: Some(kpi.weight),
            cap: set(kpi.cap),
            milestones: Some(kpi.milestones),
            parent_id: set(kpi.parent_id),
            due_date: set(kpi.due_date),
            tags: Some(kpi.tags),
            custom_fields: Some(kpi.custom_fields),
        }
    }
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KpiRow {
    pub id: KpiId,
    pub title: String,
    pub category: Category,
    pub user_id: UserId,
    pub user_name: String,
    pub department_id: Option<DepartmentId>,
    pub department_name: Option<String>,
    pub template_id: Option<TemplateId>,
    pub year: i32,
    pub quarter: Quarter,
    pub kind: Kind,
    pub unit: String,
    pub decimals: u8,
    pub direction: Direction,
    pub baseline: Option<f64>,
    pub target: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub weight: f64,
    pub current_value: Option<f64>,
    pub progress_percentage: Option<f64>,
    pub score: Option<f64>,
    pub band: Band,
    pub pace: Pace,
    pub status: Status,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub due_date: Option<Date>,
    pub updated_at: Timestamp,
    pub version: Version,
}

/// A KPI named in passing: alignment above and below.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KpiRef {
    pub id: KpiId,
    pub title: String,
    pub user_id: UserId,
    pub user_name: String,
    pub score: Option<f64>,
    pub band: Band,
    pub status: Status,
}

/// Whether the caller may do something now, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Action {
    pub name: Act,
    pub allowed: bool,
    /// A stable word, e.g. `not_allowed`, `own_kpi`, `wrong_state`, `period_closed`; absent when allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Everything about one KPI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KpiView {
    pub id: KpiId,
    pub user_id: UserId,
    pub user_name: String,
    pub department_id: Option<DepartmentId>,
    pub department_name: Option<String>,
    pub template_id: Option<TemplateId>,
    pub template_name: Option<String>,
    pub year: i32,
    pub quarter: Quarter,
    /// First day of the quarter.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub starts_on: Date,
    /// Last day of the quarter.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub ends_on: Date,
    pub title: String,
    pub description: String,
    pub category: Category,
    pub measurement_method: String,
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
    pub weight: f64,
    pub cap: Option<f64>,
    pub milestones: Vec<Milestone>,
    pub parent: Option<KpiRef>,
    pub children: Vec<KpiRef>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub due_date: Option<Date>,
    pub tags: Vec<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub custom_fields: Map<String, Value>,
    pub current_value: Option<f64>,
    /// Where the value would stand today on a straight way from baseline to target; `null` where there is none.
    pub expected_value: Option<f64>,
    pub progress_percentage: Option<f64>,
    pub score: Option<f64>,
    /// 1 is "target met"; not clamped.
    pub attainment: Option<f64>,
    pub band: Band,
    pub pace: Pace,
    pub status: Status,
    /// The reason given with the last reject or return, while it still waits for an answer.
    pub returned_reason: Option<String>,
    /// What the validation rules say about it as it stands.
    pub findings: Vec<Finding>,
    /// What the caller may do now.
    pub actions: Vec<Action>,
    pub created_at: Timestamp,
    pub created_by: UserId,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
    pub submitted_at: Option<Timestamp>,
    pub submitted_by: Option<UserId>,
    pub approved_at: Option<Timestamp>,
    pub approved_by: Option<UserId>,
    pub closed_at: Option<Timestamp>,
    pub closed_by: Option<UserId>,
    pub version: Version,
}

impl KpiView {
    pub fn may(&self, act: Act) -> bool {
        self.actions.iter().any(|action| action.name == act && action.allowed)
    }

    /// The definition as an editor starts from it.
    pub fn definition(&self) -> KpiNew {
        KpiNew {
            user_id: Some(self.user_id),
            template_id: self.template_id,
            year: self.year,
            quarter: self.quarter,
            title: self.title.clone(),
            description: self.description.clone(),
            category: self.category,
            measurement_method: self.measurement_method.clone(),
            kind: self.kind,
            unit: self.unit.clone(),
            decimals: self.decimals,
            direction: self.direction,
            baseline: self.baseline,
            target: self.target,
            stretch: self.stretch,
            lower: self.lower,
            upper: self.upper,
            rollup: self.rollup,
            weight: self.weight,
            cap: self.cap,
            milestones: self.milestones.clone(),
            parent_id: self.parent.as_ref().map(|parent| parent.id),
            due_date: self.due_date,
            tags: self.tags.clone(),
            custom_fields: self.custom_fields.clone(),
        }
    }
}

/// The body of every act; most need nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ActBody {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The body of `revise`: the new definition's changes, and why.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReviseBody {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default)]
    pub changes: KpiPatch,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    pub score: Option<f64>,
    pub band: Band,
    pub pace: Pace,
    pub progress_percentage: Option<f64>,
    pub receipt: Receipt,
    pub findings: Vec<Finding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CopyBody {
    /// At most 100.
    pub ids: Vec<KpiId>,
    pub year: i32,
    pub quarter: Quarter,
}

/// What became of one item of a bulk request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemResult {
    pub id: KpiId,
    pub ok: bool,
    /// The KPI that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_id: Option<KpiId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<crate::error::Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemResults {
    pub items: Vec<ItemResult>,
}

/// Counts over a filtered list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KpiStats {
    pub total: u64,
    /// Every status, in the order of a KPI's life.
    pub by_status: Vec<StatusCount>,
    pub by_band: Vec<BandCount>,
    pub by_pace: Vec<PaceCount>,
    /// Mean of `progress_percentage` over the KPIs that have one.
    pub average_progress: Option<f64>,
    /// Weighted mean score with its coverage.
    pub score: crate::scoring::Coverage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusCount {
    pub status: Status,
    pub count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BandCount {
    pub band: Band,
    pub count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaceCount {
    pub pace: Pace,
    pub count: u64,
}

/// Where the value would stand on a straight way from baseline (0 without one) to target when a share of the
/// quarter has passed. Only a lower-is-better KPI without a baseline, a range, a yes/no and milestones have no such
/// way. Values of a `mean`, `max` or `min` are expected at the target all along.
pub fn expected_value(kpi: &KpiNew, elapsed: f64) -> Option<f64> {
    if !matches!(kpi.kind, Kind::Number | Kind::Percentage) {
        return None;
    }
    let target = kpi.target?;
    if matches!(kpi.rollup, Rollup::Mean | Rollup::Max | Rollup::Min) {
        return Some(target);
    }
    match kpi.direction {
        Direction::InRange => None,
        Direction::Decrease => {
            let from = kpi.baseline?;
            Some(from + (target - from) * elapsed)
        }
        Direction::Increase => {
            let from = kpi.baseline.unwrap_or(0.0);
            Some(from + (target - from) * elapsed)
        }
    }
}
