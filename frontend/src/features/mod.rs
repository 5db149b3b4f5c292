//! The pages, one folder per feature. Features link to each other by [`crate::route::Route`] and share through
//! [`crate::widgets`]; none reaches into another.

pub mod account;
pub mod help;
pub mod my_work;
pub mod problem;
pub mod profile;
