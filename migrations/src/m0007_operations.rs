//! Settings that differ from their defaults, and the runs of jobs: one row for each job and time it was due.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::without_id(manager, "settings")
            .unique_text("key")
            .text("value")
            .int("updated_at")
            .int_or_null("updated_by")
            .create()
            .await?;
        Table::new(manager, "job_runs")
            .text("job")
            .int("scheduled_for")
            .int("started_at")
            .int_or_null("finished_at")
            .text("state")
            .text("result")
            .unique(&["job", "scheduled_for"])
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["settings", "job_runs"]).await
    }
}
