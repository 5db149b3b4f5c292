//! The server's resources as typed calls, one file each.

pub mod admin;
pub mod approvals;
pub mod auth;
pub mod comments;
pub mod delegations;
pub mod departments;
pub mod evidence;
pub mod figures;
pub mod jobs;
pub mod kpis;
pub mod mails;
pub mod notifications;
pub mod plugins;
pub mod rules;
pub mod templates;
pub mod users;
