//! The KPI server as a library.
//!
//! Reading order: [`app`] (what lives as long as the server), [`router`] (every path), then the features, each a
//! folder that begins with its `mod.rs`. [`platform`] knows no feature, [`entity`] is the tables.

pub mod admin;
pub mod analytics;
pub mod app;
pub mod approvals;
pub mod assignments;
pub mod auth;
pub mod background;
pub mod cli;
pub mod comments;
pub mod delegations;
pub mod entity;
pub mod evidence;
pub mod jobs;
pub mod kpi;
pub mod live;
pub mod mail;
pub mod my_work;
pub mod notifications;
pub mod openapi;
pub mod people;
pub mod periods;
pub mod platform;
pub mod plugins;
pub mod reminders;
pub mod router;
pub mod rules;
pub mod seed;
pub mod templates;
