//! What people say and decide together: comments with their earlier texts, delegations, and decisions that can still be
//! taken back. A deleted comment stays as a row, because answers hang on it. `mentions` are pairs of user id and the
//! user name as it was written. `from_day` and `to_day` are both included.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "comments")
            .int("kpi_id")
            .int_or_null("parent_id")
            .int("author_id")
            .text("body")
            .text("mentions")
            .int("created_at")
            .int_or_null("edited_at")
            .int_or_null("deleted_at")
            .int_or_null("deleted_by")
            .int("version")
            .belongs("kpi_id", "kpis")
            .belongs("parent_id", "comments")
            .refers("author_id", "users")
            .refers("deleted_by", "users")
            .index(&["kpi_id", "id"])
            .index(&["parent_id"])
            .index(&["author_id"])
            .create()
            .await?;
        Table::new(manager, "comment_revisions")
            .int("comment_id")
            .text("body")
            .int("written_at")
            .int("replaced_at")
            .belongs("comment_id", "comments")
            .index(&["comment_id", "id"])
            .create()
            .await?;
        Table::new(manager, "delegations")
            .int("manager_id")
            .int("delegate_id")
            .text("from_day")
            .text("to_day")
            .int("created_at")
            .int_or_null("ended_at")
            .int_or_null("ended_by")
            .int("version")
            .refers("manager_id", "users")
            .refers("delegate_id", "users")
            .refers("ended_by", "users")
            .index(&["manager_id", "to_day"])
            .index(&["delegate_id", "to_day"])
            .index(&["to_day"])
            .create()
            .await?;
        Table::new(manager, "undoable_decisions")
            .int("kpi_id")
            .int("version")
            .int("by_id")
            .int("until")
            .text("act")
            .text("before")
            .int("outbox_id")
            .belongs("kpi_id", "kpis")
            .refers("by_id", "users")
            .unique(&["kpi_id"])
            .index(&["until"])
            .create()
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["comments", "comment_revisions", "delegations", "undoable_decisions"]).await
    }
}
