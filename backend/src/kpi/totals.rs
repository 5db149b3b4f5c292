//! How many KPIs a list has, and their figures, kept until a KPI changes: counting is the only part of a page whose
//! cost would grow with the table.

use std::sync::Arc;

use kpi_api::kpi::KpiStats;

use super::{
    convert::Now,
    filter::{Filter, Sight, sight_name, within},
    repo, stats,
};
use crate::{
    app::Ctx,
    auth::actor::Actor,
    platform::{failure::Outcome, memo::Memo, signals::Topic},
};

pub struct Totals {
    counts: Memo<u64>,
    stats: Memo<KpiStats>,
}

impl Default for Totals {
    fn default() -> Self {
        Self { counts: Memo::new(Topic::Kpis, 4096), stats: Memo::new(Topic::Kpis, 1024) }
    }
}

/// Names a question: who asks about what. People are in it because a team may change without a KPI changing; the day
/// because pace depends on it.
pub fn question(ctx: &Ctx, actor: &Actor, sight: Sight, filter: &Filter) -> Outcome<String> {
    let people = ctx.signals.generation(Topic::People);
    Ok(format!("{people} {} {} {}", sight_name(sight, actor), ctx.today(), serde_json::to_string(filter)?))
}

pub async fn count(ctx: &Ctx, actor: &Actor, filter: &Filter, now: Now) -> Outcome<u64> {
    let compute = async {
        let directory = ctx.directory().await?;
        let scope = within(Sight::Visible, actor, &directory);
        Ok(repo::count(ctx.db.read(), scope, filter.condition(&directory, now)).await?)
    };
    let question = question(ctx, actor, Sight::Visible, filter)?;
    Ok(*ctx.totals.counts.get(&ctx.signals, question, compute).await?)
}

pub async fn figures(
    ctx: &Ctx,
    actor: &Actor,
    sight: Sight,
    filter: &Filter,
    now: Now,
) -> Outcome<Arc<KpiStats>> {
    let compute = async {
        let directory = ctx.directory().await?;
        let scope = within(sight, actor, &directory);
        stats::stats(ctx.db.read(), scope, filter.condition(&directory, now), now).await
    };
    ctx.totals.stats.get(&ctx.signals, question(ctx, actor, sight, filter)?, compute).await
}
