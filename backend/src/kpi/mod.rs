//! The KPI from draft to closed: its definition, its life, its values and its score.
//!
//! Reading order: [`machine`] (which act from which state), [`policy`] (who), [`scoring`] (what the rules are told
//! and what comes back), [`service`] (the commands), [`repo`] and [`filter`] (the queries), [`convert`] (rows to
//! what travels), [`routes`] and [`handlers`].

pub mod around;
pub mod audience;
pub mod convert;
pub mod earlier;
mod export;
pub mod filter;
pub mod handlers;
pub mod history;
pub mod machine;
pub mod policy;
pub mod repo;
pub mod routes;
pub mod rows;
pub mod scoring;
pub mod service;
pub mod stats;
pub mod tally;
pub mod totals;
