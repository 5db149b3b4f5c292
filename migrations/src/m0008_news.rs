//! What people are told, and what they want to be told: one row per person and event, shown in the app, mailed, or
//! both.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "notifications")
            .int("user_id")
            .text("kind")
            .int_or_null("kpi_id")
            .int_or_null("outbox_id")
            .text("data")
            .text("link")
            .int("created_at")
            .int_or_null("read_at")
            .bool("in_app")
            .text("mail_state")
            .refers("user_id", "users")
            .belongs("kpi_id", "kpis")
            .index(&["user_id", "id"])
            .index(&["user_id", "read_at"])
            .index(&["kpi_id"])
            .index(&["outbox_id"])
            .index(&["mail_state", "created_at"])
            .index(&["created_at"])
            .create()
            .await?;
        Table::new(manager, "notification_preferences")
            .int("user_id")
            .text("kind")
            .bool("app")
            .bool("mail")
            .refers("user_id", "users")
            .unique(&["user_id", "kind"])
            .create()
            .await?;
        Table::new(manager, "mail_preferences")
            .int("user_id")
            .text("rhythm")
            .int("daily_hour")
            .int("version")
            .refers("user_id", "users")
            .unique(&["user_id"])
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["notifications", "notification_preferences", "mail_preferences"]).await
    }
}
