//! What is written with every command in its own transaction: the history of a KPI, the chained audit log, the outbox of
//! events, and the answers kept for repeated requests. History and audit outlive what they speak of, so they refer
//! to it by number without a foreign key.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "kpi_history")
            .int("kpi_id")
            .int("at")
            .text("act")
            .int("by_id")
            .int_or_null("on_behalf_of")
            .text_or_null("from_status")
            .text_or_null("to_status")
            .text_or_null("reason")
            .text("old")
            .text("new")
            .real_or_null("score")
            .text("band")
            .text_or_null("receipt")
            .int("kpi_version")
            .text("request_id")
            .index(&["kpi_id", "id"])
            .create()
            .await?;
        Table::new(manager, "audit_log")
            .int("at")
            .int_or_null("user_id")
            .text("action")
            .text("entity")
            .int_or_null("entity_id")
            .text("detail")
            .text("request_id")
            .text("previous_hash")
            .unique_text("hash")
            .index(&["entity", "entity_id"])
            .index(&["user_id"])
            .index(&["at"])
            .create()
            .await?;
        Table::new(manager, "outbox")
            .int("at")
            .int("not_before")
            .text("event")
            .text("entity")
            .int("entity_id")
            .int_or_null("actor_id")
            .text("payload")
            .int("attempts")
            .text("taken_by")
            .int_or_null("delivered_at")
            .int_or_null("delivered_seq")
            .text_or_null("last_error")
            .index(&["delivered_at", "not_before"])
            .unique(&["delivered_seq"])
            .index(&["entity", "entity_id"])
            .create()
            .await?;
        Table::new(manager, "idempotency_keys")
            .int("user_id")
            .text("key")
            .text("operation")
            .text("body_hash")
            .text("answer")
            .int("created_at")
            .unique(&["user_id", "key"])
            .index(&["created_at"])
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["kpi_history", "audit_log", "outbox", "idempotency_keys"]).await
    }
}
