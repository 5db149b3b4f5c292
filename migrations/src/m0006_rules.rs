//! Rules and their immutable versions. `scope_id` is 0 for the global scope, so that the scope is unique.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "rules")
            .text("name")
            .text("kind")
            .text("scope")
            .int("scope_id")
            .int("published_version")
            .int("created_at")
            .unique(&["name", "scope", "scope_id"])
            .create()
            .await?;
        Table::new(manager, "rule_versions")
            .int("rule_id")
            .int("version")
            .text("source")
            .text("tests")
            .text("checksum")
            .text("engine")
            .int_or_null("author_id")
            .text("note")
            .int_or_null("effective_period")
            .int("created_at")
            .refers("rule_id", "rules")
            .unique(&["rule_id", "version"])
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["rules", "rule_versions"]).await
    }
}
