//! The queue of those who decide: what waits, why it is there, what has changed, what the rules warn of. The
//! decisions themselves are acts of the KPI; [`bulk`] does several of them.
//!
//! Reading order: [`filter`] (which rows), [`changes`] (why they are there), `service` (what one decides them by).

mod bulk;
mod changes;
mod filter;
pub mod handlers;
pub mod routes;
mod service;
