//! Plugins: what one brings, what it may do, how it is, and ([`card`]) what it puts on the dashboard.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    error::FieldError,
    id::{RuleId, TemplateId, Version},
    scoring::words,
    time::Timestamp,
    user::PersonRef,
};

pub use card::{
    Cell, PluginWidget, PluginWidgets, SeriesData, SeriesKind, SeriesLine, StatData, TableData, TextData,
    Tone, WidgetData,
};

mod card;

words! {
    /// How a plugin stands. `available`: there to be installed. `switched_off`: it failed too often and was stopped.
    /// `broken`: its files are damaged or missing, so that it cannot run.
    PluginState {
        Available = "available",
        Enabled = "enabled",
        Disabled = "disabled",
        SwitchedOff = "switched_off",
        Broken = "broken",
    }

    /// Where a plugin comes from: with the application, from the operator's folder, or uploaded.
    PluginOrigin { Shipped = "shipped", Folder = "folder", Zip = "zip" }

    /// What a plugin may do. `http_host` names a host, `http_setting` the setting whose address it may call.
    PermissionCode {
        HttpHost = "http_host",
        HttpSetting = "http_setting",
        ReadKpis = "read_kpis",
        ReadUsers = "read_users",
        Notify = "notify",
        Store = "store",
    }

    /// What a setting of a plugin takes. A `secret` is kept encrypted and never shown again.
    PluginSettingKind {
        Text = "text",
        Url = "url",
        Number = "number",
        Boolean = "boolean",
        Select = "select",
        Secret = "secret",
    }

    PluginLogLevel { Info = "info", Error = "error" }
}

/// One permission, in a word and its value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PluginPermission {
    pub code: PermissionCode,
    /// The host, or the key of the setting; absent with the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A template that comes with a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginTemplate {
    /// Names it within the plugin.
    pub key: String,
    pub name: String,
    /// Once the plugin is installed.
    pub template_id: Option<TemplateId>,
}

/// A rule that comes with a plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginRule {
    /// As the rules list has it, e.g. `validate/no-round-numbers`.
    pub name: String,
    /// `score`, `validate` or `remind`.
    pub kind: String,
    /// As the manifest says it, e.g. `global`.
    pub scope: String,
    pub title: String,
    pub description: String,
    /// Once the plugin is installed.
    pub rule_id: Option<RuleId>,
}

/// A function that is called when something happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginHook {
    /// e.g. `kpi.approved`.
    pub event: String,
    pub function: String,
}

/// A function that is called at its times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginJob {
    /// As `GET /jobs` lists it: `plugin:<id>:<function>`.
    pub name: String,
    /// Five fields of cron, read in the company's zone.
    pub cron: String,
    pub function: String,
}

/// A function that fills a card on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginCard {
    pub title: String,
    pub function: String,
}

/// What a plugin adds while it is installed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginAdds {
    pub templates: Vec<PluginTemplate>,
    pub rules: Vec<PluginRule>,
    pub hooks: Vec<PluginHook>,
    pub jobs: Vec<PluginJob>,
    pub widgets: Vec<PluginCard>,
}

/// How a plugin has fared since it was enabled last.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginHealth {
    pub last_run: Option<Timestamp>,
    /// Calls that went well, and calls that failed.
    pub calls: u64,
    pub failures: u64,
    /// Failures since the last call that went well.
    pub failures_in_a_row: u64,
    pub last_error: Option<String>,
    pub last_error_at: Option<Timestamp>,
    /// Events that it has still to be told of, and those given up after the last attempt.
    pub waiting: u64,
    pub given_up: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginView {
    /// `[a-z0-9-]`.
    pub id: String,
    pub name: String,
    /// Of the plugin itself, e.g. `1.0.0`.
    pub version: String,
    pub description: String,
    pub state: PluginState,
    pub origin: PluginOrigin,
    /// What it asks for, in a fixed order.
    pub permissions: Vec<PluginPermission>,
    /// Whether everything it asks for was granted.
    pub granted: bool,
    pub adds: PluginAdds,
    /// Absent until it is installed.
    pub health: Option<PluginHealth>,
    /// The newer version that is there to be installed.
    pub update_available: Option<String>,
    /// Why it was switched off, or what is broken.
    pub trouble: Option<String>,
    /// Keys of the required settings that have no value yet.
    pub settings_missing: Vec<String>,
    pub installed_at: Option<Timestamp>,
    pub installed_by: Option<PersonRef>,
    /// For `If-Match`; 0 until it is installed.
    pub revision: Version,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginList {
    pub items: Vec<PluginView>,
    /// Whether the server was started without plugins: none of them runs.
    pub safe_mode: bool,
}

/// One of the values that a `select` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginOption {
    pub value: String,
    pub label: String,
}

/// A setting of a plugin with everything a form needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginSettingView {
    pub key: String,
    pub kind: PluginSettingKind,
    pub label: String,
    pub help: String,
    pub required: bool,
    /// Kept encrypted; `value` is never told, `is_set` is.
    pub secret: bool,
    /// With `select`.
    pub options: Vec<PluginOption>,
    /// `null` where there is none.
    pub default: Value,
    /// The value in force, `null` where there is none and for secrets.
    pub value: Value,
    /// Whether somebody has given a value.
    pub is_set: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginSettings {
    pub items: Vec<PluginSettingView>,
    /// The plugin's `revision`, for `If-Match`.
    pub revision: Version,
}

/// New values by key. What is not named stays as it is; `null` takes the value away.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PluginSettingsPut {
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, Value>))]
    pub values: Map<String, Value>,
}

/// A plugin with its form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginDetail {
    #[serde(flatten)]
    pub plugin: PluginView,
    pub settings: Vec<PluginSettingView>,
}

/// What is wrong with a bundle, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginProblem {
    /// Within the bundle, e.g. `plugin.toml`; empty for the bundle as a whole.
    pub file: String,
    /// From 1; absent where no line is to blame.
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub code: String,
    pub message: String,
}

impl PluginProblem {
    /// As a fault of a field, where it stands in a list of errors: `plugin.toml:3:5`.
    pub fn to_field(&self) -> FieldError {
        let mut place = self.file.clone();
        for number in [self.line, self.column].into_iter().flatten() {
            place.push_str(&format!(":{number}"));
        }
        FieldError::new(place, &self.code, &self.message)
    }
}

/// What one of its rules would do to the KPIs there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginRuleEffect {
    /// As in `adds.rules`.
    pub name: String,
    /// KPIs in its scope that were tried.
    pub evaluated: u64,
    /// Those whose score or findings would be others than today.
    pub changed: u64,
    /// Those that would come into another band.
    pub band_changed: u64,
    /// Those that the rule fails for.
    pub errors: u64,
}

/// A bundle before it is installed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginCheck {
    /// Absent where the bundle cannot be read.
    pub plugin: Option<PluginView>,
    /// Must be empty for an installation.
    pub problems: Vec<PluginProblem>,
    /// The version that is installed at present and would be replaced.
    pub replaces: Option<String>,
    /// What it asks for beyond what was granted to the installed version.
    pub more_permissions: Vec<PluginPermission>,
    pub rule_effects: Vec<PluginRuleEffect>,
    pub files: u64,
    /// Bytes, unpacked.
    pub size: u64,
}

/// A bundle that is there already, with the application or in the operator's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PluginChosen {
    pub id: String,
}

/// The permissions that an administrator gives: exactly what the plugin asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PluginGrant {
    pub granted: Vec<PluginPermission>,
}

/// What became of a plugin that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginUninstalled {
    pub templates_deleted: u64,
    /// Templates that KPIs or other templates still hold: they stay, and nobody makes new KPIs from them.
    pub templates_kept: u64,
    pub rules_retired: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginLogRow {
    pub id: i64,
    pub at: Timestamp,
    pub level: PluginLogLevel,
    /// The function, or `plugin` where it is about the plugin as a whole.
    pub source: String,
    pub text: String,
    /// From 1, in the plugin's script.
    pub line: Option<u32>,
}

/// Calls a hook with an example of its event. What the function does, it really does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PluginTest {
    /// One of `adds.hooks`, e.g. `kpi.approved`.
    pub event: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginTested {
    pub function: String,
    /// What the function was called with.
    pub argument: Value,
    pub result: Value,
    /// What it said in its log.
    pub log: Vec<String>,
    pub operations: u64,
    pub took_ms: u64,
    /// Absent when all went well.
    pub error: Option<PluginProblem>,
}
