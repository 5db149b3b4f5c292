//! Plugins that are installed, and what belongs to each: values of its settings (`is_sealed`: encrypted with the
//! server's key), its small store, its log, the events it has still to be told of, and what it has added to the company.
//! `granted` is the JSON of the permissions given; `permissions` of a plugin that asks for more differ from it.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "plugins")
            .unique_text("key")
            .text("version")
            .text("origin")
            .text("checksum")
            .text("state")
            .text("granted")
            .text_or_null("trouble")
            .int("installed_at")
            .int_or_null("installed_by")
            .int("updated_at")
            .int("calls")
            .int("failures")
            .int("failures_in_a_row")
            .int("given_up")
            .int_or_null("last_run")
            .text_or_null("last_error")
            .int_or_null("last_error_at")
            .int("not_before")
            .int("revision")
            .refers("installed_by", "users")
            .create()
            .await?;
        Table::new(manager, "plugin_settings")
            .int("plugin_id")
            .text("key")
            .text("value")
            .bool("is_sealed")
            .int("updated_at")
            .int_or_null("updated_by")
            .belongs("plugin_id", "plugins")
            .refers("updated_by", "users")
            .unique(&["plugin_id", "key"])
            .create()
            .await?;
        Table::new(manager, "plugin_store")
            .int("plugin_id")
            .text("key")
            .text("value")
            .int("updated_at")
            .belongs("plugin_id", "plugins")
            .unique(&["plugin_id", "key"])
            .create()
            .await?;
        Table::new(manager, "plugin_log")
            .int("plugin_id")
            .int("at")
            .text("level")
            .text("source")
            .text("text")
            .int_or_null("line")
            .belongs("plugin_id", "plugins")
            .index(&["plugin_id", "id"])
            .create()
            .await?;
        Table::new(manager, "plugin_deliveries")
            .int("plugin_id")
            .int("outbox_id")
            .text("function")
            .text("subject")
            .text("event")
            .int("at")
            .text("state")
            .int("attempts")
            .int("not_before")
            .text_or_null("last_error")
            .belongs("plugin_id", "plugins")
            .unique(&["plugin_id", "outbox_id", "function"])
            .index(&["state", "plugin_id", "id"])
            .create()
            .await?;
        Table::new(manager, "plugin_parts")
            .int("plugin_id")
            .text("kind")
            .text("key")
            .int("entity_id")
            .text("checksum")
            .belongs("plugin_id", "plugins")
            .unique(&["plugin_id", "kind", "key"])
            .index(&["kind", "entity_id"])
            .create()
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "plugins",
                "plugin_settings",
                "plugin_store",
                "plugin_log",
                "plugin_deliveries",
                "plugin_parts",
            ],
        )
        .await
    }
}
