//! A plugin as its author hands it over: a folder, or the same as a zip archive.
//!
//! Reading order: [`manifest`] (what `plugin.toml` says), [`Bundle`] (everything together).

use std::collections::BTreeMap;

pub mod manifest;
mod refused;

pub use manifest::{
    BundleRule, BundleTemplate, Hook, Job, Manifest, Permissions, RuleScope, Setting, SettingKind,
    Translation, Widget,
};
pub use refused::{RefusalCode, Refused};

/// File of the manifest, at the top of every bundle.
pub const MANIFEST: &str = "plugin.toml";

/// What hooks can wait for.
pub const EVENTS: &[&str] = &[
    "kpi.created",
    "kpi.submitted",
    "kpi.approved",
    "kpi.rejected",
    "kpi.checked_in",
    "kpi.in_review",
    "kpi.closed",
    "kpi.returned",
    "comment.created",
    "evidence.added",
    "reminder.due",
    "period.closed",
    "user.created",
];

/// A plugin that has been read and found to be whole: every file its manifest names is there and can be used.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    pub manifest: Manifest,
    /// What `templates.toml` and its like define, in the order of the manifest.
    pub templates: Vec<BundleTemplate>,
    /// The rules with their cases, in the order of the manifest.
    pub rules: Vec<BundleRule>,
    /// One for each file in `translations/`.
    pub translations: Vec<Translation>,
    /// Contents by their path, with `/` between folders.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Hex SHA-256 over paths and contents.
    pub checksum: String,
}

impl Bundle {
    /// The script's source; absent where the plugin has none.
    pub fn script(&self) -> Option<&str> {
        self.text(self.manifest.script.as_deref()?)
    }

    /// A file as text; `None` where there is none, or it is not UTF-8.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// The words of a language, where the bundle brings them.
    pub fn translation(&self, language: &str) -> Option<&Translation> {
        self.translations.iter().find(|translation| translation.language == language)
    }
}
