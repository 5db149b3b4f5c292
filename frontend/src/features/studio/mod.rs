//! Where rules are written: draft, tests, impact, publishing, versions.

mod acts;
mod asked;
mod case_file;
mod cases;
mod diff;
mod draft;
mod editor;
mod effect;
mod expected;
mod figures;
mod impact;
mod keeping;
mod movers;
mod new;
mod notes;
mod outcome;
mod page;
mod publish;
mod recipes;
mod rescoring;
mod sample_list;
mod samples;
mod saving;
mod steps;
mod typed;
mod versions;
mod work;

pub use new::RuleNewPage;
pub use page::RulePage;
