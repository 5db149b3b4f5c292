//! What administrators tune and look at: settings and the audit log.
//!
//! Reading order: [`settings`] (the registry and its values), `audit`, [`coherence`]; queries are in `repo`.

mod audit;
pub mod coherence;
pub mod handlers;
mod repo;
pub mod routes;
pub mod settings;
