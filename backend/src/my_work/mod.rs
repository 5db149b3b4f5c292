//! "My work": what waits for one person, in one answer made of two queries.

pub mod handlers;
pub mod routes;
mod service;
mod sort;
