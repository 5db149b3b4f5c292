//! Evidence: which file hangs on which KPI or check-in. The content is a file named by its hash; a row names it.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "evidence")
            .int("kpi_id")
            .int_or_null("check_in_id")
            .text("name")
            .text("extension")
            .text("sha256")
            .int("size")
            .text("description")
            .int("uploaded_by")
            .int("created_at")
            .belongs("kpi_id", "kpis")
            .belongs("check_in_id", "check_ins")
            .refers("uploaded_by", "users")
            .index(&["kpi_id", "id"])
            .index(&["check_in_id"])
            .index(&["sha256"])
            .index(&["uploaded_by"])
            .create()
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["evidence"]).await
    }
}
