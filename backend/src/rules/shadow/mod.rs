//! Drafts that run beside the published version of their rule for some quarters, without any effect.
//!
//! Two things are told: what the draft of today says about all KPIs of these quarters as they stand ([`service`]), and what
//! the draft of the time said when people changed them ([`watching`]). The latter happens behind the outbox: who changes
//! a KPI neither waits for a draft nor meets its failures.

pub mod handlers;
mod repo;
pub mod routes;
pub mod service;
mod watching;

pub use repo::{Shadow, all};
pub use watching::{Shadowing, Watcher, run, work_off};
