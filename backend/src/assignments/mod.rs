//! Assignments: a template given to many people at once, each of whom gets a draft, in one transaction; and taking that
//! back as long as nobody has worked on theirs.
//!
//! Reading order: [`plan`] (who gets what, and who not, and why), [`service`], [`undo`], `repo`.

pub mod handlers;
pub mod plan;
mod repo;
pub mod routes;
pub mod service;
pub mod undo;
