//! Plugins as administrators see them: which there are, what each may do and adds, how it fares.

mod card;
mod changes;
mod detail;
mod enable;
mod health;
mod install;
mod log;
mod overview;
mod page;
mod preview;
mod setting;
mod settings;
mod test_run;
mod uninstall;
mod words;

pub use detail::PluginPage;
pub use page::PluginsPage;
