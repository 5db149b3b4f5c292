//! Templates: what a KPI of a role and department starts from. What a template adds is in [`custom`], what becomes of
//! its changes in [`change`], giving it to many people at once in [`assign`].

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    check::{Check, NAME_MAX, TEXT_MAX, YEAR_MIN},
    error::FieldError,
    id::{DepartmentId, TemplateId, Version},
    kpi::Category,
    patch::Patch,
    permission::Role,
    scoring::{Direction, Kind, Milestone, Rollup},
    time::{Quarter, Timestamp},
};

pub mod assign;
pub mod change;
pub mod custom;

pub use custom::{CustomField, CustomKind};

/// What has to be attached before a result may be submitted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EvidenceContract {
    /// How many files at least.
    #[serde(default)]
    pub count: u32,
    /// File name extensions of which each must be there at least once, e.g. `pdf`.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Only files added within so many days count; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age_days: Option<u16>,
}

/// The fields a template sets. Absent means "not set here": inherited from the template it extends.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TemplateFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measurement_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stretch: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollup: Option<Rollup>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milestones: Option<Vec<Milestone>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<Vec<CustomField>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceContract>,
    /// Days between check-ins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_in_days: Option<u16>,
}

macro_rules! each_field {
    ($call:ident) => {
        $call!(
            title,
            description,
            measurement_method,
            category,
            kind,
            unit,
            decimals,
            direction,
            baseline,
            target,
            stretch,
            lower,
            upper,
            rollup,
            weight,
            cap,
            milestones,
            tags,
            custom_fields,
            evidence,
            check_in_days
        )
    };
}

macro_rules! names {
    ($($field:ident),*) => { &[$(stringify!($field)),*] };
}

impl TemplateFields {
    /// The names of all fields, in their order.
    pub const NAMES: &'static [&'static str] = each_field!(names);

    /// These fields over those of the extended template.
    #[must_use]
    pub fn over(self, base: &Self) -> Self {
        macro_rules! merge {
            ($($field:ident),*) => { Self { $($field: self.$field.or_else(|| base.$field.clone())),* } };
        }
        each_field!(merge)
    }

    /// Names of the fields that are set here.
    pub fn set_fields(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        macro_rules! collect {
            ($($field:ident),*) => { $(if self.$field.is_some() { names.push(stringify!($field)); })* };
        }
        each_field!(collect);
        names
    }

    /// Puts what the template sets into a definition.
    pub fn fill(&self, kpi: &mut crate::kpi::KpiNew) {
        macro_rules! copy {
            ($($field:ident),*) => { $(if let Some(value) = &self.$field { kpi.$field = value.clone(); })* };
        }
        macro_rules! some {
            ($($field:ident),*) => { $(if self.$field.is_some() { kpi.$field = self.$field; })* };
        }
        copy!(
            title,
            description,
            measurement_method,
            category,
            kind,
            unit,
            decimals,
            direction,
            rollup,
            weight,
            milestones,
            tags
        );
        some!(baseline, target, stretch, lower, upper, cap);
        for field in self.custom_fields.iter().flatten() {
            kpi.custom_fields.entry(field.key.clone()).or_insert(Value::Null);
        }
    }

    fn check(&self, check: &mut Check) {
        // What a KPI made from it starts with keeps the limits of KPIs; only its title may still be missing.
        let mut kpi = crate::kpi::KpiNew::blank(YEAR_MIN, Quarter::Q1);
        kpi.title = "–".into();
        self.fill(&mut kpi);
        kpi.check_fields("fields.", check);
        check.between("fields.check_in_days", self.check_in_days.map(f64::from), 1.0, 92.0);
        custom::check_definitions("fields.custom_fields", self.custom_fields.as_deref(), check);
        if let Some(contract) = &self.evidence {
            check.between("fields.evidence.count", Some(f64::from(contract.count)), 0.0, 20.0);
            check.ensure(contract.kinds.len() <= 11, "fields.evidence.kinds", "too_many", "At most 11.");
            let max_age = contract.max_age_days.map(f64::from);
            check.between("fields.evidence.max_age_days", max_age, 1.0, 366.0);
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateView {
    pub id: TemplateId,
    pub name: String,
    pub description: String,
    /// For this role only; for all when absent.
    pub role: Option<Role>,
    /// For this department and those below; for all when absent.
    pub department_id: Option<DepartmentId>,
    pub department_name: Option<String>,
    pub extends_id: Option<TemplateId>,
    pub extends_name: Option<String>,
    pub is_active: bool,
    /// What this template sets itself.
    pub own: TemplateFields,
    /// What a KPI made from it starts with.
    pub effective: TemplateFields,
    /// Counts the changes of `effective`, its own and those it inherited, from 1.
    pub fields_version: u32,
    /// KPIs made from it.
    pub used_by: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: Version,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateNew {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub role: Option<Role>,
    #[serde(default)]
    pub department_id: Option<DepartmentId>,
    #[serde(default)]
    pub extends_id: Option<TemplateId>,
    #[serde(default)]
    pub fields: TemplateFields,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TemplatePatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Role>))]
    pub role: Patch<Role>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub department_id: Patch<DepartmentId>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub extends_id: Patch<TemplateId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// Replaces the own fields as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<TemplateFields>,
}

impl TemplateNew {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        check.required("name", &self.name, NAME_MAX);
        check.text("description", &self.description, TEXT_MAX);
        self.fields.check(&mut check);
        check.done()
    }
}

impl TemplatePatch {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        if let Some(name) = &self.name {
            check.required("name", name, NAME_MAX);
        }
        check.text("description", self.description.as_deref().unwrap_or(""), TEXT_MAX);
        if let Some(fields) = &self.fields {
            fields.check(&mut check);
        }
        check.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_fields_stand_over_inherited_ones() {
        let base = TemplateFields { target: Some(10.0), unit: Some("h".into()), ..Default::default() };
        let own = TemplateFields { target: Some(5.0), ..Default::default() };
        let effective = own.clone().over(&base);
        assert_eq!((effective.target, effective.unit.as_deref()), (Some(5.0), Some("h")));
        assert_eq!(own.set_fields(), ["target"]);
    }

    #[test]
    fn what_no_kpi_could_start_with_is_refused() {
        let faults = |fields: TemplateFields| -> Vec<String> {
            let mut check = Check::new();
            fields.check(&mut check);
            let errors = check.done().err().unwrap_or_default();
            errors.into_iter().map(|error| format!("{} {}", error.field, error.code)).collect()
        };
        assert!(faults(TemplateFields::default()).is_empty());
        let blank = TemplateFields { title: Some(" ".into()), weight: Some(101.0), ..Default::default() };
        assert_eq!(faults(blank), ["fields.title required", "fields.weight out_of_range"]);
        let tags = vec!["ok".to_owned(), "long".repeat(11)];
        let tagged = TemplateFields { tags: Some(tags), ..Default::default() };
        assert_eq!(faults(tagged), ["fields.tags.1 too_long"]);
        let tags = vec!["tag".to_owned(); 21];
        assert_eq!(
            faults(TemplateFields { tags: Some(tags), ..Default::default() }),
            ["fields.tags too_many"]
        );
    }
}
