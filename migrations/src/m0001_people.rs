//! People and the tree of departments. `*_key` columns hold the lower-cased form that has to be unique.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "departments")
            .text("name")
            .int_or_null("parent_id")
            .int_or_null("manager_id")
            .int("created_at")
            .int("updated_at")
            .int("version")
            .refers("parent_id", "departments")
            .index(&["parent_id"])
            .index(&["manager_id"])
            .create()
            .await?;
        Table::new(manager, "users")
            .text("email")
            .unique_text("email_key")
            .text("username")
            .unique_text("username_key")
            .text("full_name")
            .text("password_hash")
            .bool("must_change_password")
            .text("role")
            .int_or_null("department_id")
            .text("position")
            .bool("is_active")
            .text("locale")
            .int_or_null("last_login_at")
            .int("created_at")
            .int("updated_at")
            .int("version")
            .refers("department_id", "departments")
            .index(&["department_id"])
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["departments", "users"]).await
    }
}
