//! Rules as administrators look after them: the list, where a draft in the shadow differs, and the reference for authors.
//! They are written in the studio.

mod arranged;
mod cells;
mod list;
mod reference;
mod retire;
mod shadow;
mod words;

pub use list::RulesPage;
pub use reference::RuleReferencePage;
pub use shadow::RuleShadowPage;
