//! What administrators look after: settings, the audit log, plugins, the jobs.

mod audit;
mod jobs;
mod mail;
mod plugins;
mod settings;
mod trace;

pub use audit::AuditPage;
pub use jobs::JobsPage;
pub use plugins::{PluginPage, PluginsPage};
pub use settings::SettingsPage;
