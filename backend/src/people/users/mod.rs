//! Administering people: never deleted, only deactivated, so that history keeps its names.

pub mod convert;
pub mod handlers;
mod repo;
pub mod routes;
pub mod service;
