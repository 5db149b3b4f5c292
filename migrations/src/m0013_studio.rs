//! Drafts of rules, where a rule comes from, and rules that no longer apply. `revision` counts every change of a rule or
//! its draft. `shipped_checksum` is the shipped source that was last put in or offered, so that each is offered once.
//! From `retired_period` on a retired rule applies to no quarter. `gaps` are the quarters in which a rule that has come
//! back was retired, as a list of the first and the one behind the last: `[[8100, 8104]]`.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The columns that rules get.
fn columns() -> [ColumnDef; 6] {
    let of = |name: &'static str| ColumnDef::new(name);
    [
        of("origin").text().not_null().default("shipped").take(),
        of("shipped_checksum").text().not_null().default("").take(),
        of("retired_at").big_integer().null().take(),
        of("retired_period").big_integer().null().take(),
        of("gaps").text().not_null().default("[]").take(),
        of("revision").big_integer().not_null().default(1).take(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in columns() {
            let mut alter = sea_orm_migration::prelude::Table::alter();
            manager.alter_table(alter.table("rules").add_column(&mut column).to_owned()).await?;
        }
        Table::new(manager, "rule_drafts")
            .int("rule_id")
            .text("source")
            .text("tests")
            .int("based_on")
            .bool("is_offered")
            .int_or_null("updated_by")
            .int("updated_at")
            .belongs("rule_id", "rules")
            .refers("updated_by", "users")
            .unique(&["rule_id"])
            .create()
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["rule_drafts"]).await?;
        for column in columns().iter().rev() {
            let mut alter = sea_orm_migration::prelude::Table::alter();
            manager
                .alter_table(alter.table("rules").drop_column(column.get_column_name()).to_owned())
                .await?;
        }
        Ok(())
    }
}
