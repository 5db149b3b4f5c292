//! What is sent about a KPI: creating, changing, previewing, acting, copying.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Category, KpiNew};
use crate::{
    id::{KpiId, TemplateId, UserId},
    patch::Patch,
    scoring::{Direction, Kind, Milestone, Rollup},
    time::{Date, Quarter},
};

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
        /// Of a value being recorded, possibly empty: asks the rules about a check-in instead of the definition.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub check_in_note: Option<String>,
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
            check_in_note: None,
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
