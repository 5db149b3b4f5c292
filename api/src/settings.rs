//! What an administrator may tune.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{id::Version, scoring::words};

words! {
    SettingKind { Number = "number", Boolean = "boolean", Text = "text" }
}

/// One setting with everything a form needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettingView {
    pub key: String,
    pub kind: SettingKind,
    /// What it does, in a sentence.
    pub description: String,
    pub value: Value,
    pub default: Value,
    pub min: Option<f64>,
    pub max: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettingsView {
    pub items: Vec<SettingView>,
    pub version: Version,
}

/// New values by key; `null` puts the default back.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SettingsPatch {
    pub values: Map<String, Value>,
}

// Derived, the schema would have a field `values`: the derive takes structs with names for objects of their own.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for SettingsPatch {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("New values by key; `null` puts the default back."))
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for SettingsPatch {}
