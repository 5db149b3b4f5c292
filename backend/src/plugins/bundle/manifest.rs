//! What a bundle says of itself, once it has been found to be right.

use std::{collections::BTreeMap, fmt};

use kpi_api::{permission::Role, scoring::RuleKind, template::TemplateFields};
use serde::Serialize;

/// `plugin.toml`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Manifest {
    /// `[a-z0-9-]`, 2 to 40, equals the name of the bundle's folder.
    pub id: String,
    pub name: String,
    /// Semantic version, e.g. `1.0.0`.
    pub version: String,
    pub description: String,
    /// The versions of this application it works with, e.g. `>=0.1`.
    pub requires: String,
    /// File of the script; absent where the plugin only brings templates and rules.
    pub script: Option<String>,
    pub permissions: Permissions,
    pub hooks: Vec<Hook>,
    pub jobs: Vec<Job>,
    pub widgets: Vec<Widget>,
    pub settings: Vec<Setting>,
}

impl Manifest {
    pub fn setting(&self, key: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }
}

/// What the plugin wants to be allowed; nothing by default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Permissions {
    /// Names of hosts, or `setting:<key>` for the host of the address in that setting.
    pub http: Vec<String>,
    pub read_kpis: bool,
    pub read_users: bool,
    pub notify: bool,
    pub store: bool,
}

/// A permission in a word and what it is about, for the page that asks an administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PermissionWord {
    /// `http_host`, `http_setting`, `read_kpis`, `read_users`, `notify` or `store`.
    pub code: &'static str,
    /// The host, or the key of the setting.
    pub value: Option<String>,
}

impl Permissions {
    /// Everything that is asked for, in the order in which it is shown.
    pub fn in_words(&self) -> Vec<PermissionWord> {
        let word = |code, value: Option<&str>| PermissionWord { code, value: value.map(str::to_owned) };
        let hosts = self.http.iter().map(|host| match host.strip_prefix("setting:") {
            Some(key) => word("http_setting", Some(key)),
            None => word("http_host", Some(host)),
        });
        let flags = [
            (self.read_kpis, "read_kpis"),
            (self.read_users, "read_users"),
            (self.notify, "notify"),
            (self.store, "store"),
        ];
        hosts
            .chain(flags.into_iter().filter(|(wanted, _)| *wanted).map(|(_, code)| word(code, None)))
            .collect()
    }
}

/// A function that is called when something has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hook {
    /// One of [`super::EVENTS`].
    pub event: String,
    /// Takes the event.
    pub function: String,
}

/// A function that is called at its times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Job {
    /// Five fields, in the company's zone.
    pub cron: String,
    /// Takes nothing, or the instant it was due at.
    pub function: String,
}

/// A card on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Widget {
    /// `dashboard`.
    pub slot: String,
    /// Takes who looks: `#{id, name, role, department_id}`.
    pub function: String,
    /// Shown above it; the plugin's name where it is left out.
    pub title: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SettingKind {
    Text,
    Url,
    Number,
    Boolean,
    Select,
    /// A text that is always secret.
    Secret,
}

/// A field of the settings form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    pub key: String,
    #[serde(rename = "type")]
    pub kind: SettingKind,
    pub label: String,
    pub help: String,
    /// Stored encrypted and never shown again.
    pub secret: bool,
    pub required: bool,
    /// Fits the kind; null where there is none.
    pub default: serde_json::Value,
    /// The values of a `select`.
    pub options: Vec<String>,
}

impl Setting {
    /// The value as it is kept, or why it is none of this setting. Null clears it.
    pub fn accepts(&self, value: &serde_json::Value) -> Result<(), String> {
        use serde_json::Value;
        let fits = match (self.kind, value) {
            (_, Value::Null) => !self.required,
            (SettingKind::Text | SettingKind::Secret, Value::String(text)) => text.len() <= LONGEST_VALUE,
            (SettingKind::Url, Value::String(text)) => {
                text.len() <= LONGEST_VALUE && crate::plugins::host::net::host_of(text).is_ok()
            }
            (SettingKind::Number, Value::Number(_)) | (SettingKind::Boolean, Value::Bool(_)) => true,
            (SettingKind::Select, Value::String(text)) => self.options.contains(text),
            _ => false,
        };
        if fits { Ok(()) } else { Err(self.wanted()) }
    }

    fn wanted(&self) -> String {
        match self.kind {
            _ if self.required => format!("{} is wanted, and may not be empty", self.kind),
            SettingKind::Select => format!("one of {} is wanted", self.options.join(", ")),
            kind => format!("{kind} is wanted"),
        }
    }
}

/// Bytes of the value of a setting.
pub const LONGEST_VALUE: usize = 4096;

impl fmt::Display for SettingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text | Self::Secret => "a text",
            Self::Url => "an address with http:// or https://",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Select => "one of the options",
        })
    }
}

/// A template of the bundle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BundleTemplate {
    /// Names it within the bundle, from one version to the next.
    pub key: String,
    pub name: String,
    pub description: String,
    /// For this role only; for all when absent.
    pub role: Option<Role>,
    /// Key of a template of the same bundle, which stands before this one.
    pub extends: Option<String>,
    pub fields: TemplateFields,
}

/// Where a rule of a bundle applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleScope {
    Global,
    /// Key of a template of the same bundle.
    Template(String),
}

/// A rule of the bundle with its cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BundleRule {
    pub kind: RuleKind,
    /// e.g. `rules/no-round-numbers.rhai`.
    pub file: String,
    /// The file's name without folder and ending.
    pub stem: String,
    pub scope: RuleScope,
    pub source: String,
    /// The case file that stands beside it, see [`kpi_engine::cases`].
    pub cases: String,
}

/// The words of one language.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Translation {
    /// e.g. `de`; the name of its file.
    pub language: String,
    pub name: Option<String>,
    pub description: Option<String>,
    /// Labels and help by the key of the setting.
    pub settings: BTreeMap<String, SettingWords>,
    /// Titles of widgets by their function.
    pub widgets: BTreeMap<String, String>,
    /// Sentences of the rules by their English pattern.
    pub sentences: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SettingWords {
    pub label: Option<String>,
    pub help: Option<String>,
    /// By the option.
    pub options: BTreeMap<String, String>,
}
