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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct SettingsPatch {
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub values: Map<String, Value>,
}
