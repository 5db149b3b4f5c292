//! Gathers the queue.

use std::collections::HashMap;

use kpi_api::{
    approvals::{ApprovalRow, QueueReason},
    evidence::EvidenceSummary,
    history::Change,
    kpi::{Act, Status},
    page::Page,
    permission::Role,
    scoring::{Finding, Severity},
    time::Timestamp,
};
use kpi_engine::Event;
use sea_orm::{ColumnTrait, Condition};
use serde::Deserialize;

use crate::{
    app::Ctx,
    auth::actor::{Actor, Call},
    entity::{check_in, kpi, kpi_history},
    kpi::{
        convert::{self, ListRow, word},
        filter::{Sort, SortColumn, Window, delegated_to, team_of},
        history, repo, rows,
        scoring::{self, Occasion, Scene, Subject},
    },
    people::directory::Directory,
    platform::{failure::Outcome, paging::Paging},
};

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// Only what waits for the caller first; otherwise all they may decide.
    pub mine: Option<bool>,
    pub page: Option<u32>,
    pub per_page: Option<u32>,
}

pub async fn queue(call: &Call, query: &QueueQuery) -> Outcome<Page<ApprovalRow>> {
    let paging = Paging::read(query.page, query.per_page)?;
    let scene = Scene::now(&call.ctx).await?;
    let waiting = || {
        Condition::all()
            .add(kpi::Column::Status.is_in([Status::Submitted.as_str(), Status::InReview.as_str()]))
            .add(decidable(&call.who, &scene.directory, query.mine.unwrap_or(false)))
    };
    let db = call.ctx.db.read();
    let total = repo::count(db, None, waiting()).await?;
    let sort = Sort { column: SortColumn::SubmittedAt, descending: false };
    let keys = repo::page(db, None, waiting(), &Window { paging, sort }).await?;
    let rows = rows::of(&call.ctx, &keys).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut changes = changes(call, &ids).await?;
    let mut flags = flags(call, &scene, &ids).await?;
    let items = rows
        .iter()
        .map(|row| {
            let changes = changes.remove(&row.id).unwrap_or_default();
            let flags = flags.remove(&row.id).unwrap_or_default();
            approval(&call.ctx, row, changes, flags, &scene)
        })
        .collect::<Outcome<_>>()?;
    Ok(paging.page(items, total))
}

/// Whose KPIs somebody may decide: their team's, administrators everybody's; never their own.
fn decidable(actor: &Actor, directory: &Directory, mine: bool) -> Condition {
    let not_own = kpi::Column::UserId.ne(actor.id().0);
    let all = Condition::all().add(not_own);
    if mine {
        let owners = directory.decides_for(&actor.person);
        return all.add(kpi::Column::UserId.is_in(owners.into_iter().map(|id| id.0)));
    }
    if actor.role() == Role::Admin {
        return all;
    }
    let teams = [team_of(directory, actor.id()), delegated_to(directory, actor.id())];
    // Nobody's KPIs where there is no team: an empty condition would be everybody's.
    let nobody = Condition::any().add(kpi::Column::Id.is_null());
    all.add(teams.into_iter().flatten().fold(nobody, Condition::add))
}

/// What a revision, or the work after a rejection, has changed.
#[derive(Default)]
struct Changed {
    was_rejected: bool,
    fields: Vec<Change>,
}

async fn changes(call: &Call, ids: &[i64]) -> Outcome<HashMap<i64, Changed>> {
    let acts = ["reject", "edit", "revise", "approve"];
    let rows = repo::last_history(call.ctx.db.read(), ids, &acts).await?;
    let mut by_kpi: HashMap<i64, Vec<kpi_history::Model>> = HashMap::new();
    for row in rows {
        by_kpi.entry(row.kpi_id).or_default().push(row);
    }
    by_kpi.into_iter().map(|(id, rows)| Ok((id, since_last_decision(rows)?))).collect()
}

/// Rows oldest first. Only what came after the last decision counts; a field changed twice is told once, from its
/// first value to its last.
fn since_last_decision(rows: Vec<kpi_history::Model>) -> Outcome<Changed> {
    let mut changed = Changed::default();
    for row in rows {
        match row.act.as_str() {
            "reject" => changed = Changed { was_rejected: true, fields: Vec::new() },
            "approve" => changed = Changed::default(),
            // Before the first decision, edits are just how the draft came about.
            "edit" if !changed.was_rejected => {}
            _ => {
                for change in history::changes(&row.old, &row.new)? {
                    if matches!(change.field.as_str(), "status" | "score" | "band") {
                        continue;
                    }
                    match changed.fields.iter_mut().find(|known| known.field == change.field) {
                        Some(known) => known.new = change.new,
                        None => changed.fields.push(change),
                    }
                }
            }
        }
    }
    changed.fields.retain(|change| change.old != change.new);
    Ok(changed)
}

/// The warnings of the validation rules for each KPI.
async fn flags(call: &Call, scene: &Scene, ids: &[i64]) -> Outcome<HashMap<i64, Vec<Finding>>> {
    let db = call.ctx.db.read();
    let kpis = repo::by_ids_unscoped(db, ids).await?;
    let mut check_ins: HashMap<i64, Vec<check_in::Model>> = HashMap::new();
    for row in repo::valid_check_ins_of(db, ids).await? {
        check_ins.entry(row.kpi_id).or_default().push(row);
    }
    let mut subjects = Vec::with_capacity(kpis.len());
    for kpi in kpis {
        let rows = check_ins.remove(&kpi.id).unwrap_or_default();
        let subject = Subject::stored(&kpi, &rows)?;
        let others = repo::period_weight(db, subject.owner, kpi.period, Some(kpi.id)).await?;
        let event = if kpi.status == Status::InReview.as_str() { Event::SubmitResult } else { Event::Submit };
        let occasion = Occasion { event, actor: None, period_weight: Some(others + kpi.weight) };
        subjects.push((kpi.id, subject, occasion));
    }
    let scene = scene.clone();
    scoring::run_rules(&call.ctx, move |engine, shelf| {
        subjects
            .into_iter()
            .map(|(id, subject, occasion)| {
                let mut findings = scoring::validate(engine, shelf, &scene, subject, &occasion)?;
                findings.retain(|finding| finding.severity == Severity::Warning);
                Ok((id, findings))
            })
            .collect()
    })
    .await
}

fn approval(
    ctx: &Ctx,
    row: &ListRow,
    changed: Changed,
    flags: Vec<Finding>,
    scene: &Scene,
) -> Outcome<ApprovalRow> {
    let in_review = word::<Status>(&row.status)? == Status::InReview;
    let reason = if in_review {
        QueueReason::Result
    } else if row.is_revision {
        QueueReason::Revised
    } else if changed.was_rejected {
        QueueReason::Resubmitted
    } else {
        QueueReason::NewKpi
    };
    let decisions = if in_review { vec![Act::Accept, Act::Return] } else { vec![Act::Approve, Act::Reject] };
    let waiting_since = Timestamp(row.submitted_at.unwrap_or(row.updated_at));
    Ok(ApprovalRow {
        reason,
        waiting_since,
        waiting_days: (scene.today - ctx.clock.date_of(waiting_since)).whole_days().max(0),
        comment: row.submit_comment.clone(),
        flags,
        changes: if in_review { Vec::new() } else { changed.fields },
        result: None,
        evidence: EvidenceSummary::default(),
        on_behalf_of: None,
        decisions,
        kpi: convert::row(row, &scene.directory, scene.time())?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(act: &str, old: serde_json::Value, new: serde_json::Value) -> kpi_history::Model {
        kpi_history::Model {
            id: 1,
            kpi_id: 1,
            at: 0,
            act: act.into(),
            by_id: 1,
            on_behalf_of: None,
            from_status: None,
            to_status: None,
            reason: None,
            old: old.to_string(),
            new: new.to_string(),
            score: None,
            band: "none".into(),
            receipt: None,
            kpi_version: 1,
            request_id: String::new(),
        }
    }

    #[test]
    fn changes_are_told_from_the_last_decision_on() {
        let changed = since_last_decision(vec![
            row("edit", json!({"title": "a"}), json!({"title": "b"})),
            row("reject", json!({"status": "submitted"}), json!({"status": "rejected"})),
            row("edit", json!({"target": 1}), json!({"target": 2})),
            row("edit", json!({"target": 2, "unit": "h"}), json!({"target": 3, "unit": "d"})),
            row("edit", json!({"unit": "d"}), json!({"unit": "h"})),
        ])
        .unwrap();
        assert!(changed.was_rejected);
        let told: Vec<_> = changed.fields.iter().map(|c| (c.field.as_str(), &c.old, &c.new)).collect();
        assert_eq!(told, [("target", &json!(1), &json!(3))]);
    }
}
