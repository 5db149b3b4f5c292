//! Previews as administrators ask for them.

use std::sync::Arc;

use kpi_api::{
    id::RuleId,
    rule_effects::{Impact, ImpactProgress, ImpactRequest},
};

use super::{Candidate, walk};
use crate::{
    auth::actor::Call,
    periods,
    platform::failure::{Failure, Outcome},
    rules::authoring,
};

/// What a source, or the rule's draft, would change.
pub async fn preview(call: &Call, id: RuleId, body: ImpactRequest) -> Outcome<Impact> {
    body.check().map_err(Failure::invalid)?;
    let ctx = &call.ctx;
    let period = body.period().map(periods::number);
    let source = match body.source {
        Some(source) => source,
        None => authoring::draft_source(ctx.db.read(), id).await?,
    };
    let preview = ctx.previews.begin(call.who.id(), body.ticket)?;
    let _turn = ctx.previews.turn(&preview.watch).await?;
    let candidate = Arc::new(Candidate::of(ctx, id, source).await?);
    let is_gone = || call.who.meta.is_gone();
    walk::over(ctx, candidate, period.as_ref().map(std::slice::from_ref), &preview.watch, is_gone).await
}

/// What a source would change in some quarters.
pub async fn over_quarters(call: &Call, id: RuleId, source: String, quarters: &[i64]) -> Outcome<Impact> {
    let ctx = &call.ctx;
    let preview = ctx.previews.begin(call.who.id(), None)?;
    let _turn = ctx.previews.turn(&preview.watch).await?;
    let candidate = Arc::new(Candidate::of(ctx, id, source).await?);
    walk::over(ctx, candidate, Some(quarters), &preview.watch, || call.who.meta.is_gone()).await
}

/// How far a preview is that the caller has begun.
pub fn progress(call: &Call, ticket: String) -> Outcome<ImpactProgress> {
    call.ctx.previews.progress(call.who.id(), ticket)
}

pub fn cancel(call: &Call, ticket: String) -> Outcome<()> {
    call.ctx.previews.cancel(call.who.id(), ticket)
}
