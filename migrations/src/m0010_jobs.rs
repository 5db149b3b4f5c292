//! Why a run of a job took place and who asked for it; since when a job has run at its times, so that a missed time is
//! told from one before it was planned; and which reminders people have had, so that none comes twice.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = |column: &mut ColumnDef| {
            let column = column.to_owned();
            sea_orm_migration::prelude::Table::alter().table("job_runs").add_column(column).to_owned()
        };
        manager.alter_table(add(ColumnDef::new("cause").text().not_null().default("schedule"))).await?;
        manager.alter_table(add(ColumnDef::new("by_id").big_integer().null())).await?;
        Table::without_id(manager, "job_schedules")
            .unique_text("job")
            .text("schedule")
            .int("since")
            .create()
            .await?;
        Table::new(manager, "reminders")
            .int("user_id")
            .int("kpi_id")
            .text("reason")
            .text("sent_on")
            .int("sent_at")
            .belongs("user_id", "users")
            .belongs("kpi_id", "kpis")
            .unique(&["kpi_id", "user_id", "reason"])
            .index(&["user_id"])
            .create()
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["job_schedules", "reminders"]).await?;
        for column in ["cause", "by_id"] {
            let drop =
                sea_orm_migration::prelude::Table::alter().table("job_runs").drop_column(column).to_owned();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}
