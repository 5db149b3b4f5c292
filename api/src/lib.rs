//! What travels over the wire between the server and its clients: resources, permissions, the error catalogue
//! and the field checks both sides share. Depends on serde and time only, so that it builds for WebAssembly too.
//!
//! Reading order: [`id`] and [`time`] (the small types), [`scoring`] and [`kpi`] (the heart), [`permission`] and
//! [`endpoint`] (who may do what), [`error`] (what is said when they may not), then one module per resource.

pub mod approvals;
pub mod audit;
pub mod auth;
pub mod check;
pub mod checkin;
pub mod comment;
pub mod dashboard;
pub mod delegation;
pub mod department;
pub mod endpoint;
pub mod error;
pub mod evidence;
pub mod history;
pub mod id;
pub mod job;
pub mod kpi;
pub mod live;
pub mod mail;
pub mod my_work;
pub mod notification;
pub mod page;
pub mod patch;
pub mod permission;
pub mod plugin;
pub mod receipt_change;
pub mod rule_effects;
pub mod rules;
pub mod scoring;
pub mod settings;
pub mod template;
pub mod time;
pub mod user;
