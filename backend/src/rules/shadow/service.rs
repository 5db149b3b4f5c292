//! Beginning, ending and looking at a draft in the shadow.

use std::{collections::HashMap, sync::Arc};

use kpi_api::{
    error::Code,
    id::{KpiId, RuleId, UserId},
    rule_effects::{ImpactError, Receipts, ShadowBody, ShadowNote, ShadowReport, ShadowView},
    time::Timestamp,
    user::PersonRef,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::repo;
use crate::{
    auth::actor::Call,
    entity::{kpi, rule_shadow, shadow_note},
    kpi::repo as kpis,
    people::directory::Directory,
    periods,
    platform::{
        db::work::Work,
        failure::{Failure, Outcome},
        signals::Topic,
    },
    rules::{authoring, impact},
};

/// Notes that are told.
const TOLD: u64 = 200;

/// Lets the draft run beside the published version in these quarters.
pub async fn put(call: &Call, id: RuleId, body: ShadowBody) -> Outcome<ShadowView> {
    body.check().map_err(Failure::invalid)?;
    let directory = call.ctx.directory().await?;
    let mut quarters: Vec<i64> = body.quarters.iter().copied().map(periods::number).collect();
    quarters.sort_unstable();
    let mut work = call.begin().await?;
    if authoring::load(work.tx(), id).await?.draft.is_none() {
        return Err(Failure::new(Code::RuleState, "The rule has no draft that could run."));
    }
    let fresh = rule_shadow::ActiveModel {
        rule_id: Set(id.0),
        quarters: Set(serde_json::to_string(&quarters)?),
        since: Set(work.at().0),
        by_id: Set(Some(call.who.id().0)),
        ran: Set(0),
        differed: Set(0),
        failed: Set(0),
        ..Default::default()
    };
    repo::put(work.tx(), fresh).await?;
    work.audit("rule.shadow", "rule", Some(id.0), json!({ "quarters": body.quarters })).await?;
    work.touch(Topic::Rules);
    let row = repo::of_rule(work.tx(), id.0).await?.ok_or_else(Failure::not_found)?;
    let view = view(&row, &directory)?;
    work.commit(&view).await?;
    call.ctx.shadowing.any(true);
    Ok(view)
}

/// Ends it. What it said is forgotten.
pub async fn remove(call: &Call, id: RuleId) -> Outcome<()> {
    let mut work = call.begin().await?;
    if !repo::remove(work.tx(), id.0).await? {
        return Err(Failure::not_found());
    }
    work.audit("rule.unshadow", "rule", Some(id.0), json!({})).await?;
    work.touch(Topic::Rules);
    work.commit(&()).await
}

/// Ends it where it ran, as its draft is a draft no more.
pub async fn end_with_draft(work: &mut Work, id: RuleId) -> Outcome<()> {
    if repo::remove(work.tx(), id.0).await? {
        work.touch(Topic::Rules);
    }
    Ok(())
}

/// Where draft and published version differ: now, and when people changed KPIs.
pub async fn report(call: &Call, id: RuleId) -> Outcome<ShadowReport> {
    let ctx = &call.ctx;
    let db = ctx.db.read();
    let row = repo::of_rule(db, id.0).await?.ok_or_else(Failure::not_found)?;
    let directory = ctx.directory().await?;
    let quarters: Vec<i64> = serde_json::from_str(&row.quarters)?;
    let source = authoring::draft_source(db, id).await?;
    let now = impact::service::over_quarters(call, id, source, &quarters).await.map_err(|failure| {
        // The draft is not what was asked with: that it does not compile is about its state.
        if failure.code() == Code::Invalid {
            Failure::new(Code::CheckFailed, "The draft does not compile.")
        } else {
            failure
        }
    })?;
    let notes = repo::notes(db, id.0, TOLD).await?;
    let ids: Vec<i64> = notes.iter().map(|note| note.kpi_id).collect();
    let kpis: HashMap<i64, kpi::Model> =
        kpis::by_ids_unscoped(db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let noted = notes.into_iter().filter_map(|note| Some(told(kpis.get(&note.kpi_id)?, note, &directory)));
    Ok(ShadowReport {
        noted: noted.collect::<Outcome<_>>()?,
        now,
        ran: row.ran.unsigned_abs(),
        differed: row.differed.unsigned_abs(),
        failed: row.failed.unsigned_abs(),
        shadow: view(&row, &directory)?,
    })
}

fn view(row: &rule_shadow::Model, directory: &Directory) -> Outcome<ShadowView> {
    let quarters: Vec<i64> = serde_json::from_str(&row.quarters)?;
    Ok(ShadowView {
        rule_id: RuleId(row.rule_id),
        quarters: quarters.into_iter().map(periods::from_number).collect(),
        since: Timestamp(row.since),
        by: row.by_id.map(|id| PersonRef { id: UserId(id), full_name: directory.name(UserId(id)) }),
    })
}

fn told(kpi: &kpi::Model, note: shadow_note::Model, directory: &Arc<Directory>) -> Outcome<ShadowNote> {
    let receipt = |text: Option<String>| text.map(|text| serde_json::from_str(&text)).transpose();
    Ok(ShadowNote {
        at: Timestamp(note.at),
        kpi: impact::brief(kpi, directory)?,
        before: note.before,
        after: note.after,
        receipts: Receipts { before: receipt(note.receipt_before)?, after: receipt(note.receipt_after)? },
        error: note.error.map(|message| ImpactError {
            kpi_id: KpiId(kpi.id),
            message,
            line: note.line.and_then(|line| u32::try_from(line).ok()),
        }),
    })
}
