//! The queue of those who decide: what waits, why it is there, what has changed, what the rules warn of. The
//! decisions themselves are acts of the KPI; [`bulk`] does several of them.

mod bulk;
pub mod handlers;
pub mod routes;
mod service;
