//! Scoring the open quarters anew after a rule was published: a row in the table of re-scores says what is to be done and
//! how far it is, so that a server that ends in between goes on where it stopped. Closed KPIs and closed quarters are
//! never touched.
//!
//! Reading order: [`round`] (some KPIs in one transaction, until there are no more), [`storing`] (what is written of
//! them), [`repo`] (queries), [`service`] and [`handlers`] (what administrators see).

pub mod handlers;
mod repo;
mod round;
pub mod routes;
pub mod service;
mod storing;

pub use round::{carry_on, finish_all, run, start};
