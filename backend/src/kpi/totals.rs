//! What a list consists of: how many KPIs, which are on a page, and their figures. Kept until a KPI changes, because
//! people look far more often than they change, and because counting is a cost that would grow with the table. An
//! administrator's figures are sums of what [`tally`] has counted, wherever it can say.

use std::sync::Arc;

use kpi_api::{kpi::KpiStats, permission::Role};

use super::{
    convert::Now,
    filter::{Filter, Sight, Window, sight_name, within},
    repo::{self, Key},
    stats, tally,
};
use crate::{
    app::Ctx,
    auth::actor::Actor,
    platform::{failure::Outcome, memo::Memo, signals::Topic},
};

pub struct Totals {
    counts: Memo<u64>,
    pages: Memo<Vec<Key>>,
    stats: Memo<KpiStats>,
}

impl Default for Totals {
    fn default() -> Self {
        Self {
            counts: Memo::new(Topic::Kpis, 4096),
            pages: Memo::new(Topic::Kpis, 4096),
            stats: Memo::new(Topic::Kpis, 1024),
        }
    }
}

/// Names a question: who asks about what. People are in it because a team may change without a KPI changing; the day
/// because pace depends on it.
fn question(ctx: &Ctx, actor: &Actor, sight: Sight, filter: &Filter) -> Outcome<String> {
    let people = ctx.signals.generation(Topic::People);
    Ok(format!("{people} {} {} {}", sight_name(sight, actor), ctx.today(), serde_json::to_string(filter)?))
}

pub async fn count(ctx: &Ctx, actor: &Actor, filter: &Filter, now: Now) -> Outcome<u64> {
    if actor.role() == Role::Admin
        && let Some(groups) = tally::filtered(ctx, filter, now).await?
    {
        return Ok(groups.iter().map(|group| group.sums.total as u64).sum());
    }
    let compute = async {
        let directory = ctx.directory().await?;
        let scope = within(Sight::Visible, actor, &directory);
        Ok(repo::count(ctx.db.read(), scope, filter.condition(&directory, now)).await?)
    };
    let question = question(ctx, actor, Sight::Visible, filter)?;
    Ok(*ctx.totals.counts.get(&ctx.signals, question, compute).await?)
}

/// The keys of one page of the KPIs within somebody's sight.
pub async fn page(
    ctx: &Ctx,
    actor: &Actor,
    sight: Sight,
    filter: &Filter,
    window: &Window,
    now: Now,
) -> Outcome<Arc<Vec<Key>>> {
    let compute = async {
        let directory = ctx.directory().await?;
        let scope = within(sight, actor, &directory);
        Ok(repo::page(ctx.db.read(), scope, filter.condition(&directory, now), window).await?)
    };
    let question = format!("{window:?} {}", question(ctx, actor, sight, filter)?);
    ctx.totals.pages.get(&ctx.signals, question, compute).await
}

pub async fn figures(ctx: &Ctx, actor: &Actor, filter: &Filter, now: Now) -> Outcome<Arc<KpiStats>> {
    if actor.role() == Role::Admin
        && let Some(groups) = tally::filtered(ctx, filter, now).await?
    {
        return Ok(Arc::new(stats::summarise(&groups)));
    }
    let compute = async {
        let directory = ctx.directory().await?;
        let scope = within(Sight::Visible, actor, &directory);
        stats::stats(ctx.db.read(), scope, filter.condition(&directory, now), now).await
    };
    ctx.totals.stats.get(&ctx.signals, question(ctx, actor, Sight::Visible, filter)?, compute).await
}
