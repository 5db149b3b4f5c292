//! What becomes of a KPI's score when its files change.

use kpi_api::{error::Code, scoring::RuleKind};
use sea_orm::ActiveModelTrait;
use serde_json::json;

use super::{rescore, store};
use crate::{
    auth::actor::Call,
    entity::kpi,
    kpi::{history, scoring::Scene},
    platform::{db::work::Work, failure::Outcome},
};

/// Scores a KPI anew whose files have changed, if the rules look at files. A score that stays the same leaves no trace.
pub async fn changed(call: &Call, work: &mut Work, scene: &Scene, before: &kpi::Model) -> Outcome<()> {
    if !call.ctx.rules().await?.looks(RuleKind::Score).at_evidence {
        return Ok(());
    }
    let mut after = before.clone();
    match rescore(&call.ctx, work, scene, &mut after).await {
        // Whoever brings a file cannot help a rule that gives no result; the administrators are told of it.
        Err(failure) if failure.code() == Code::RuleBroken => return Ok(()),
        done => drop(done?),
    }
    if standing(&after) == standing(before) {
        return Ok(());
    }
    store(work, &call.who, before, &mut after).await?;
    let (row, old, new) = history::rescored(work, call.who.id(), before, &after);
    row.insert(work.tx()).await?;
    work.audit("kpi.rescore", "kpi", Some(after.id), json!({ "old": old, "new": new })).await?;
    work.touch_share((after.period, after.user_id));
    Ok(())
}

fn standing(row: &kpi::Model) -> (Option<f64>, Option<f64>, Option<f64>, &str, bool) {
    (row.score, row.attainment, row.progress, &row.band, row.is_flagged)
}
