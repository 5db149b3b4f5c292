//! The rules that score, validate and remind: which apply where ([`shelf`]), running them with their fallback
//! ([`run`]), writing, trying and publishing them ([`authoring`]), and showing them ([`service`], [`plain_words`]).

pub mod authoring;
pub mod handlers;
pub mod impact;
pub mod plain_words;
pub mod repo;
pub mod rescore;
pub mod routes;
pub mod run;
pub mod service;
pub mod shadow;
pub mod shelf;
pub mod stats;
pub mod trouble;
