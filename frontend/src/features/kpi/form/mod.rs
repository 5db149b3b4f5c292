//! The form for a KPI: new from a template or blank, changed as a draft, or revised once it is approved.

mod custom;
mod edit;
mod editor;
mod entry;
mod fields;
mod milestones;
mod new;
mod parent;
mod preview;
mod sample;
mod save;
mod tags;
mod templates;
mod values;
mod wizard;

pub use custom::Custom;
pub use edit::KpiEditPage;
pub use new::KpiNewPage;
pub use sample::SampleForm;
