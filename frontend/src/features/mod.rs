//! The pages, one folder per feature. Features link to each other by [`crate::route::Route`] and share through
//! [`crate::widgets`]; none reaches into another.

pub mod account;
pub mod admin;
pub mod approvals;
pub mod dashboard;
pub mod departments;
pub mod help;
pub mod kpi;
pub mod my_work;
pub mod notifications;
pub mod people;
pub mod problem;
pub mod profile;
pub mod rules;
pub mod studio;
pub mod templates;
