//! The KPI server as a library.
//!
//! Reading order: [`app`] (what lives as long as the server), [`router`] (every path), then the features, each a
//! folder that begins with its `mod.rs`. [`platform`] knows no feature, [`entity`] is the tables.

pub mod admin;
pub mod app;
pub mod auth;
pub mod entity;
pub mod kpi;
pub mod people;
pub mod periods;
pub mod platform;
pub mod rules;
pub mod templates;
