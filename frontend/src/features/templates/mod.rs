//! Templates: the tree by department and extension, and the editor with inherited and own fields side by side. For
//! administrators.

mod all;
mod assign;
mod contract;
mod custom;
mod delete;
mod editor;
mod fields;
mod form;
mod head;
mod list;
mod list_input;
mod look;
mod milestones;
mod page;
mod preview;
mod row;
mod tree;
mod value;
mod versions;
mod words;

pub use assign::AssignPage;
pub use list::TemplatesPage;
pub use page::{TemplateNewPage, TemplatePage};
