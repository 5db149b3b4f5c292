//! Gathers the queue: the rows, and what one decides them by.

use std::collections::HashMap;

use kpi_api::{
    approvals::{ApprovalRow, EarlierResult, ResultFacts},
    evidence::EvidenceSummary,
    id::UserId,
    kpi::{Status, expected_value},
    page::Page,
    scoring::{Finding, Severity},
    time::Timestamp,
};
use kpi_engine::Event;
use sea_orm::ConnectionTrait;

use super::{
    changes::{self, Changed},
    filter::QueueQuery,
};
use crate::{
    auth::actor::Call,
    entity::{check_in, kpi},
    evidence,
    kpi::{
        around::Around,
        convert::{self, ListRow, word},
        earlier::Earlier,
        repo, rows,
        scoring::{self, Occasion, Scene, Subject},
    },
    platform::failure::Outcome,
    rules::shelf::Looks,
};

/// Check-ins shown with a result.
const LAST: usize = 5;

pub async fn queue(call: &Call, query: &QueueQuery) -> Outcome<Page<ApprovalRow>> {
    let window = query.window()?;
    let scene = Scene::now(&call.ctx).await?;
    let waiting = || query.condition(&call.who, &scene.directory, scene.time());
    let db = call.ctx.db.read();
    let total = repo::count(db, None, waiting()?).await?;
    let keys = repo::page(db, None, waiting()?, &window).await?;
    let rows = rows::of(&call.ctx, &keys).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut behind = behind(call, &scene, &ids).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        // What was deleted since the page was read is left out.
        if let Some(behind) = behind.remove(&row.id) {
            items.push(approval(call, &scene, row, behind)?);
        }
    }
    Ok(window.paging.page(items, total))
}

/// What stands behind a row.
struct Behind {
    kpi: kpi::Model,
    changed: Changed,
    check_ins: Vec<check_in::Model>,
    earlier: Vec<Earlier>,
    evidence: EvidenceSummary,
    flags: Vec<Finding>,
}

async fn behind(call: &Call, scene: &Scene, ids: &[i64]) -> Outcome<HashMap<i64, Behind>> {
    let db = call.ctx.db.read();
    let kpis = repo::by_ids_unscoped(db, ids).await?;
    let mut changed = changes::of(db, ids).await?;
    let mut summaries = evidence::service::summary_of(&call.ctx, db, ids).await?;
    let mut around = Around::of(&call.ctx, db, &kpis, Looks::EVERYWHERE).await?;
    let mut check_ins: HashMap<i64, Vec<check_in::Model>> = HashMap::new();
    for row in repo::valid_check_ins_of(db, ids).await? {
        check_ins.entry(row.kpi_id).or_default().push(row);
    }
    let mut all = HashMap::with_capacity(kpis.len());
    let mut subjects = Vec::with_capacity(kpis.len());
    for kpi in kpis {
        let check_ins = check_ins.remove(&kpi.id).unwrap_or_default();
        let mut subject = Subject::stored(&kpi, &check_ins, &scene.zone)?;
        around.tell(&mut subject);
        let behind = Behind {
            changed: changed.remove(&kpi.id).unwrap_or_default(),
            check_ins,
            earlier: subject.earlier.clone(),
            evidence: summaries.remove(&kpi.id).unwrap_or_default(),
            flags: Vec::new(),
            kpi,
        };
        subjects.push((behind.kpi.id, subject, occasion(db, &behind.kpi).await?));
        all.insert(behind.kpi.id, behind);
    }
    for (id, flags) in flags(call, scene, subjects).await? {
        if let Some(behind) = all.get_mut(&id) {
            behind.flags = flags;
        }
    }
    Ok(all)
}

/// As what the rules are asked about a KPI that waits.
async fn occasion(db: &impl ConnectionTrait, kpi: &kpi::Model) -> Outcome<Occasion> {
    let others = repo::period_weight(db, UserId(kpi.user_id), kpi.period, Some(kpi.id)).await?;
    let event = if kpi.status == Status::InReview.as_str() { Event::SubmitResult } else { Event::Submit };
    Ok(Occasion { event, actor: None, period_weight: Some(others + kpi.weight) })
}

/// What the validation rules find. An error has become one only after the KPI was handed in, by another rule or files
/// that grew old: it is as worth a second look as a warning.
async fn flags(
    call: &Call,
    scene: &Scene,
    subjects: Vec<(i64, Subject, Occasion)>,
) -> Outcome<Vec<(i64, Vec<Finding>)>> {
    let scene = scene.clone();
    scoring::run_rules(&call.ctx, move |engine, shelf| {
        subjects
            .into_iter()
            .map(|(id, subject, occasion)| {
                let mut findings = scoring::validate(engine, shelf, &scene, subject, &occasion)?;
                findings.iter_mut().for_each(|finding| finding.severity = Severity::Warning);
                Ok((id, findings))
            })
            .collect()
    })
    .await
}

fn approval(call: &Call, scene: &Scene, row: &ListRow, behind: Behind) -> Outcome<ApprovalRow> {
    let directory = &scene.directory;
    let status = word::<Status>(&row.status)?;
    let is_result = status == Status::InReview;
    let waiting_since = Timestamp(row.submitted_at.unwrap_or(row.updated_at));
    let on_behalf_of = directory.on_behalf_of(call.who.id(), UserId(row.user_id));
    Ok(ApprovalRow {
        reason: changes::reason(status, row.is_revision, &behind.changed),
        waiting_since,
        waiting_days: (scene.today - call.ctx.clock.date_of(waiting_since)).whole_days().max(0),
        comment: row.submit_comment.clone(),
        result: if is_result { Some(result(scene, &behind)?) } else { None },
        changes: if is_result { Vec::new() } else { behind.changed.fields },
        flags: behind.flags,
        evidence: behind.evidence,
        on_behalf_of: on_behalf_of.map(|id| directory.colleague(id)),
        decisions: changes::decisions(status),
        kpi: convert::row(row, directory, scene.time())?,
    })
}

fn result(scene: &Scene, behind: &Behind) -> Outcome<ResultFacts> {
    let definition = convert::definition(&behind.kpi)?;
    let period = kpi_api::time::Period::new(definition.year, definition.quarter);
    let last = behind.check_ins.iter().rev().take(LAST).cloned();
    Ok(ResultFacts {
        expected_value: expected_value(&definition, scene.time().elapsed(period)),
        check_ins: last.map(|row| convert::check_in(row, &scene.directory)).collect::<Outcome<_>>()?,
        earlier: behind
            .earlier
            .iter()
            .map(|earlier| EarlierResult {
                kpi_id: earlier.id,
                year: earlier.period.year,
                quarter: earlier.period.quarter,
                value: earlier.value,
                target: earlier.target,
                score: earlier.score,
            })
            .collect(),
    })
}
