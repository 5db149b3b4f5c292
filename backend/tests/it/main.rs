//! The server from the outside: one file for each area of behaviour, all of them through [`support::TestApp`].
#![expect(clippy::unwrap_used, reason = "what surprises a test is its failure")]

mod support;

mod analytics;
mod audit;
mod auth;
mod csrf;
mod departments;
mod http_contract;
mod kpi_bad_input;
mod kpi_check_ins;
mod kpi_life;
mod kpi_lists;
mod kpi_races;
mod mail_admin;
mod mail_news;
mod mail_sending;
mod migrations;
mod my_work;
mod openapi;
mod people;
mod permissions;
mod races;
mod rules;
mod settings;
mod setup;
mod templates;
