//! KPIs, their check-ins, and the quarters. `period` is year * 4 + quarter - 1: it sorts and ranges as one number.
//! `check_in_days` and `evidence` are the template's as of creation, so that a changed template changes no KPI.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "periods")
            .int("period")
            .bool("is_closed")
            .int("revision")
            .int_or_null("closed_at")
            .int_or_null("closed_by")
            .unique(&["period"])
            .create()
            .await?;
        Table::new(manager, "kpis")
            .int("user_id")
            .int_or_null("department_id")
            .int_or_null("template_id")
            .int("period")
            .text("title")
            .text("search_text")
            .text("description")
            .text("category")
            .text("measurement_method")
            .text("kind")
            .text("unit")
            .int("decimals")
            .text("direction")
            .real_or_null("baseline")
            .real_or_null("target")
            .real_or_null("stretch")
            .real_or_null("lower")
            .real_or_null("upper")
            .text("rollup")
            .real("weight")
            .real_or_null("cap")
            .text("milestones")
            .int_or_null("parent_id")
            .text_or_null("due_date")
            .text("tags")
            .text("custom_fields")
            .int_or_null("check_in_days")
            .text("evidence")
            .real_or_null("current_value")
            .real_or_null("attainment")
            .real_or_null("progress")
            .real_or_null("score")
            .text("band")
            .text_or_null("receipt")
            .text_or_null("last_check_in_on")
            .text("status")
            .text_or_null("returned_reason")
            .text_or_null("submit_comment")
            .bool("is_revision")
            .int("created_at")
            .int("created_by")
            .int("updated_at")
            .int("updated_by")
            .int_or_null("submitted_at")
            .int_or_null("submitted_by")
            .int_or_null("approved_at")
            .int_or_null("approved_by")
            .int_or_null("closed_at")
            .int_or_null("closed_by")
            .int("version")
            .refers("user_id", "users")
            .refers("department_id", "departments")
            .refers("template_id", "templates")
            .refers("parent_id", "kpis")
            .index(&["user_id", "period"])
            .index(&["user_id", "updated_at"])
            .index(&["department_id", "period"])
            .index(&["period", "status"])
            .index(&["period", "updated_at"])
            .index(&["updated_at"])
            .index(&["status", "updated_at"])
            .index(&["parent_id"])
            .index(&["template_id"])
            .create()
            .await?;
        Table::new(manager, "check_ins")
            .int("kpi_id")
            .text("on_date")
            .real("value")
            .text("note")
            .int_or_null("confidence")
            .text_or_null("milestones")
            .int("by_id")
            .bool("for_owner")
            .int("created_at")
            .int_or_null("corrects_id")
            .int_or_null("replaced_by_id")
            .text_or_null("reason")
            .belongs("kpi_id", "kpis")
            .refers("by_id", "users")
            .index(&["kpi_id", "on_date"])
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["periods", "kpis", "check_ins"]).await
    }
}
