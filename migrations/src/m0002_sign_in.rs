//! Sessions with their rotating refresh tokens, personal tokens, password resets. Secrets are stored as hashes only.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "sessions")
            .int("user_id")
            .text("ip")
            .text("user_agent")
            .int("created_at")
            .int("last_seen_at")
            .int("expires_at")
            .int_or_null("ended_at")
            .text_or_null("ended_why")
            .belongs("user_id", "users")
            .index(&["user_id"])
            .create()
            .await?;
        Table::new(manager, "refresh_tokens")
            .int("session_id")
            .unique_text("hash")
            .int("created_at")
            .int("expires_at")
            .int_or_null("used_at")
            .belongs("session_id", "sessions")
            .index(&["session_id"])
            .create()
            .await?;
        Table::new(manager, "personal_tokens")
            .int("user_id")
            .text("name")
            .unique_text("hash")
            .text("scope")
            .int("created_at")
            .int("expires_at")
            .int_or_null("last_used_at")
            .int_or_null("revoked_at")
            .belongs("user_id", "users")
            .index(&["user_id"])
            .create()
            .await?;
        Table::new(manager, "password_resets")
            .int("user_id")
            .unique_text("hash")
            .text_or_null("sealed_link")
            .int("created_at")
            .int("expires_at")
            .int_or_null("used_at")
            .belongs("user_id", "users")
            .index(&["user_id"])
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["sessions", "refresh_tokens", "personal_tokens", "password_resets"]).await
    }
}
