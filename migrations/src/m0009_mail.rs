//! The queue of mails. A mail outlives the person it went to only as a row without a name, so `user_id` has no foreign
//! key. `about` says which notifications it carries, so that what may not be seen any more is not mailed after all.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "mails")
            .int_or_null("user_id")
            .text("purpose")
            .text("language")
            .text_or_null("address")
            .text("subject")
            .text("text")
            .text("html")
            .bool("is_sealed")
            .text("about")
            .unique_text("message_id")
            .text("state")
            .int("attempts")
            .int("not_before")
            .int("expires_at")
            .text_or_null("last_error")
            .int("created_at")
            .int_or_null("sent_at")
            .index(&["state", "not_before"])
            .index(&["user_id"])
            .index(&["created_at"])
            .create()
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["mails"]).await
    }
}
