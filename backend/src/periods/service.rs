//! The quarters that a choice of quarters offers.

use kpi_api::dashboard::{PeriodList, PeriodView};

use super::{from_number, number, repo};
use crate::{app::Ctx, platform::failure::Outcome};

/// Every quarter from the first with a KPI to the one after the present, and on to the last with a KPI.
pub async fn list(ctx: &Ctx) -> Outcome<PeriodList> {
    let now = number(ctx.period_now());
    let (first, last) = repo::span(ctx.db.read()).await?.unwrap_or((now, now));
    let closed = repo::all_closed(ctx.db.read()).await?;
    let items = (first.min(now)..=last.max(now + 1)).rev().filter_map(|at| {
        let period = from_number(at);
        let (starts_on, ends_on) = period.bounds(ctx.config.fiscal_year_start)?;
        Some(PeriodView {
            period,
            starts_on,
            ends_on,
            is_closed: closed.contains(&at),
            is_current: at == now,
        })
    });
    Ok(PeriodList { items: items.collect() })
}
