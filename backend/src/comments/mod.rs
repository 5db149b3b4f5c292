//! What people say about a KPI: threads one level deep, with colleagues named by `@username`. Who sees the KPI may speak,
//! and reads everything that was said, earlier texts included. What is deleted stays as an empty place in its thread.
//!
//! Reading order: [`mention`] (who is named in a text), `policy` (who may change what), `service` (the commands),
//! [`repo`] (the queries), `convert` (rows to what travels), [`routes`] and [`handlers`].

mod convert;
pub mod handlers;
pub mod mention;
mod policy;
pub mod repo;
pub mod routes;
mod service;
