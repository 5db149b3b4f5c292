//! What rules do: re-scores of open quarters with what each came to KPI by KPI, drafts that run in the shadow of the
//! published version with what they said, and failures by rule, version and day. `quarters` is a JSON array of the numbers
//! of quarters; `after_user_id` is the last person whose KPIs a re-score has looked at.

use sea_orm_migration::prelude::*;

use crate::table::{Table, drop_all};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new(manager, "rescores")
            .int("rule_id")
            .int("version")
            .int_or_null("from_period")
            .text("state")
            .int_or_null("by_id")
            .int("started_at")
            .int_or_null("finished_at")
            .int("total")
            .int("done")
            .int("after_user_id")
            .refers("rule_id", "rules")
            .refers("by_id", "users")
            .index(&["state"])
            .index(&["rule_id"])
            .create()
            .await?;
        Table::new(manager, "rescored_kpis")
            .int("rescore_id")
            .int("kpi_id")
            .int("user_id")
            .real("weight")
            .real_or_null("before")
            .real_or_null("after")
            .bool("changed")
            .belongs("rescore_id", "rescores")
            .belongs("kpi_id", "kpis")
            .unique(&["rescore_id", "kpi_id"])
            .index(&["kpi_id"])
            .create()
            .await?;
        Table::new(manager, "rule_shadows")
            .int("rule_id")
            .text("quarters")
            .int("since")
            .int_or_null("by_id")
            .int("ran")
            .int("differed")
            .int("failed")
            .belongs("rule_id", "rules")
            .refers("by_id", "users")
            .unique(&["rule_id"])
            .create()
            .await?;
        Table::new(manager, "shadow_tasks")
            .int("rule_id")
            .int("kpi_id")
            .int("at")
            .belongs("rule_id", "rules")
            .belongs("kpi_id", "kpis")
            .unique(&["rule_id", "kpi_id"])
            .index(&["kpi_id"])
            .create()
            .await?;
        Table::new(manager, "shadow_notes")
            .int("rule_id")
            .int("kpi_id")
            .int("at")
            .real_or_null("before")
            .real_or_null("after")
            .text_or_null("receipt_before")
            .text_or_null("receipt_after")
            .text_or_null("error")
            .int_or_null("line")
            .belongs("rule_id", "rules")
            .belongs("kpi_id", "kpis")
            .index(&["rule_id", "id"])
            .index(&["kpi_id"])
            .create()
            .await?;
        Table::new(manager, "rule_failures")
            .int("rule_id")
            .int("version")
            .text("day")
            .int("count")
            .int("last_at")
            .text("last_message")
            .int_or_null("last_line")
            .int_or_null("last_kpi_id")
            .belongs("rule_id", "rules")
            .unique(&["rule_id", "version", "day"])
            .index(&["day"])
            .create()
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &["rescores", "rescored_kpis", "rule_shadows", "shadow_tasks", "shadow_notes", "rule_failures"],
        )
        .await
    }
}
