//! The server from the outside: one file for each area of behaviour, all of them through [`support::TestApp`].
#![expect(clippy::unwrap_used, reason = "what surprises a test is its failure")]

mod support;

mod analytics;
mod approvals;
mod audit;
mod auth;
mod coherence;
mod comments;
mod csrf;
mod decisions;
mod delegations;
mod departments;
mod evidence;
mod http_contract;
mod jobs;
mod kpi_bad_input;
mod kpi_check_ins;
mod kpi_life;
mod kpi_lists;
mod kpi_races;
mod live;
mod mail_admin;
mod mail_news;
mod mail_sending;
mod migrations;
mod my_work;
mod notifications;
mod openapi;
mod outbox;
mod people;
mod permissions;
mod plugins;
mod races;
mod reminders;
mod rule_effects_impact;
mod rule_effects_receipts;
mod rule_effects_rescore;
mod rules;
mod settings;
mod setup;
mod templates;
mod templates_assign;
mod templates_fields;
mod templates_versions;
mod undo;
