//! The database schema. Each file is one forward step with its way back; [`table`] holds the few column types on
//! which SQLite and PostgreSQL differ.

use sea_orm_migration::prelude::*;

mod m0001_people;
mod m0002_sign_in;
mod m0003_templates;
mod m0004_kpis;
mod m0005_records;
mod m0006_rules;
mod m0007_operations;
mod m0008_news;
mod m0009_mail;
mod m0010_jobs;
mod m0011_evidence;
mod m0012_talk;
mod m0013_studio;
mod m0014_rule_effects;
mod m0015_plugins;
mod m0016_templates;
mod table;

pub use sea_orm_migration::MigratorTrait;

/// All steps, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_people::Migration),
            Box::new(m0002_sign_in::Migration),
            Box::new(m0003_templates::Migration),
            Box::new(m0004_kpis::Migration),
            Box::new(m0005_records::Migration),
            Box::new(m0006_rules::Migration),
            Box::new(m0007_operations::Migration),
            Box::new(m0008_news::Migration),
            Box::new(m0009_mail::Migration),
            Box::new(m0010_jobs::Migration),
            Box::new(m0011_evidence::Migration),
            Box::new(m0012_talk::Migration),
            Box::new(m0013_studio::Migration),
            Box::new(m0014_rule_effects::Migration),
            Box::new(m0015_plugins::Migration),
            Box::new(m0016_templates::Migration),
        ]
    }
}
