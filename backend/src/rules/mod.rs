//! The rules that score, validate and remind: which apply where ([`shelf`]), running them with their fallback
//! ([`run`]), putting the shipped ones in ([`service`]), and showing them.

pub mod handlers;
pub mod impact;
mod repo;
pub mod rescore;
pub mod routes;
pub mod run;
pub mod service;
pub mod shelf;
pub mod stats;
pub mod trouble;
