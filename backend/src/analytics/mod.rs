//! Figures over many KPIs, within what the caller may see: headlines of a period, the way through the quarters,
//! departments side by side. Kept until a KPI changes.

pub mod handlers;
pub mod routes;
pub mod service;
