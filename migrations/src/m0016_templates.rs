//! What becomes of templates: `template_versions` keeps what a KPI started with at each of their changes, their own and
//! inherited ones; a KPI knows the version it holds to and keeps that version's custom fields, so that a changed template
//! changes no KPI. `cause_id` is the template that was changed, which may be gone since. Assignments give a template to
//! many people; an item's KPI may be gone too, and `outbox_id` is the event that its owner hears of.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "template_versions")
            .int("template_id")
            .int("number")
            .int("at")
            .int_or_null("by_id")
            .int_or_null("cause_id")
            .text("fields")
            .belongs("template_id", "templates")
            .refers("by_id", "users")
            .unique(&["template_id", "number"])
            .create()
            .await?;
        Table::new(manager, "template_assignments")
            .int("template_id")
            .int("period")
            .int("made")
            .int("at")
            .int("by_id")
            .int("until")
            .int_or_null("undone_at")
            .belongs("template_id", "templates")
            .refers("by_id", "users")
            .index(&["template_id", "id"])
            .create()
            .await?;
        Table::new(manager, "template_assignment_items")
            .int("assignment_id")
            .int("kpi_id")
            .int("user_id")
            .int("outbox_id")
            .belongs("assignment_id", "template_assignments")
            .refers("user_id", "users")
            .index(&["assignment_id"])
            .create()
            .await?;
        let mut version = ColumnDef::new("template_version");
        version.big_integer().null();
        add(manager, version).await?;
        let mut definitions = ColumnDef::new("custom_definitions");
        definitions.text().not_null().default("[]");
        add(manager, definitions).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["template_version", "custom_definitions"] {
            let mut alter = sea_orm_migration::prelude::Table::alter();
            manager.alter_table(alter.table("kpis").drop_column(column).to_owned()).await?;
        }
        drop_all(manager, &["template_versions", "template_assignments", "template_assignment_items"]).await
    }
}

async fn add(manager: &SchemaManager<'_>, column: ColumnDef) -> Result<(), DbErr> {
    let mut alter = sea_orm_migration::prelude::Table::alter();
    manager.alter_table(alter.table("kpis").add_column(column).to_owned()).await
}
