//! Giving a template to many people: who, for which quarter, what differs; who gets what, beforehand; taking it back.

mod given;
mod page;
mod plan;
mod wanted;
mod who;

pub use given::GivenTab;
pub use page::AssignPage;
