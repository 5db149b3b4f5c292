//! Administering the tree of departments. Everybody may see it: it says who decides about whom.

pub mod handlers;
mod repo;
pub mod routes;
pub mod service;
