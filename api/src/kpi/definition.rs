//! What an owner writes down about a KPI.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Category, KpiPatch};
use crate::{
    check::{Check, MILESTONES_MAX, TAG_MAX, TAGS_MAX, TEXT_MAX, TITLE_MAX, UNIT_MAX},
    error::FieldError,
    id::{KpiId, TemplateId, UserId},
    scoring::{Direction, Kind, Milestone, Rollup},
    time::{Date, Quarter},
};

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
        self.check_fields("", &mut check);
        let custom = serde_json::to_string(&self.custom_fields).map_or(0, |json| json.len());
        check.ensure(custom <= 16 * 1024, "custom_fields", "too_long", "At most 16 KiB.");
        check.done()
    }

    /// The limits of what a template may say too, each field named behind `prefix`.
    pub(crate) fn check_fields(&self, prefix: &str, check: &mut Check) {
        let name = |field: &str| format!("{prefix}{field}");
        check.required(&name("title"), &self.title, TITLE_MAX);
        check.text(&name("description"), &self.description, TEXT_MAX);
        check.text(&name("measurement_method"), &self.measurement_method, TEXT_MAX);
        check.line(&name("unit"), &self.unit, UNIT_MAX);
        check.between(&name("decimals"), Some(f64::from(self.decimals)), 0.0, 6.0);
        for (field, value) in [
            ("baseline", self.baseline),
            ("target", self.target),
            ("stretch", self.stretch),
            ("lower", self.lower),
            ("upper", self.upper),
        ] {
            check.number(&name(field), value);
        }
        check.between(&name("weight"), Some(self.weight), 0.0, 100.0);
        check.between(&name("cap"), self.cap, 1.0, 1000.0);
        let milestones = &self.milestones;
        let at_most = |most: usize| format!("At most {most}.");
        check.ensure(
            milestones.len() <= MILESTONES_MAX,
            &name("milestones"),
            "too_many",
            at_most(MILESTONES_MAX),
        );
        for (index, milestone) in milestones.iter().enumerate().take(MILESTONES_MAX) {
            check.required(&name(&format!("milestones.{index}.title")), &milestone.title, TITLE_MAX);
            check.between(&name(&format!("milestones.{index}.weight")), Some(milestone.weight), 0.0, 1e6);
        }
        check.ensure(self.tags.len() <= TAGS_MAX, &name("tags"), "too_many", at_most(TAGS_MAX));
        for (index, tag) in self.tags.iter().enumerate().take(TAGS_MAX) {
            check.required(&name(&format!("tags.{index}")), tag, TAG_MAX);
        }
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
