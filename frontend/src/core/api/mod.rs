//! The server's resources as typed calls, one file each.

pub mod admin;
pub mod approvals;
pub mod auth;
pub mod departments;
pub mod figures;
pub mod kpis;
pub mod templates;
pub mod users;
