//! Templates; `fields` is JSON of what a template sets itself, the rest is inherited from `extends_id`.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "templates")
            .text("name")
            .text("description")
            .text_or_null("role")
            .int_or_null("department_id")
            .int_or_null("extends_id")
            .bool("is_active")
            .text("fields")
            .int("created_at")
            .int("updated_at")
            .int("version")
            .refers("department_id", "departments")
            .refers("extends_id", "templates")
            .index(&["department_id"])
            .index(&["extends_id"])
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["templates"]).await
    }
}
