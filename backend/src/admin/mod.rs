//! What administrators tune and look at: settings, the audit log, the runs of jobs.
//!
//! Reading order: [`settings`] (the registry and its values), `audit`, `jobs`; queries are in `repo`.

mod audit;
pub mod handlers;
mod jobs;
mod repo;
pub mod routes;
pub mod settings;
