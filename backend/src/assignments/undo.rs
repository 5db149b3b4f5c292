//! Taking an assignment back: the drafts that nobody has worked on are deleted, all of them or none; the others stay
//! and are named.

use std::collections::{HashMap, HashSet};

use kpi_api::{
    error::Code,
    id::{AssignmentId, KpiId, UserId},
    kpi::Status,
    template::assign::{AssignmentUndone, KeptDraft, KeptReason},
};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::repo;
use crate::{
    auth::actor::Call,
    entity::kpi,
    kpi::service::edit,
    platform::failure::{Failure, Outcome},
};

pub async fn undo(call: &Call, id: AssignmentId) -> Outcome<AssignmentUndone> {
    let directory = call.ctx.directory().await?;
    let mut work = call.begin().await?;
    let assignment = repo::by_id(work.tx(), id.0).await?.ok_or_else(Failure::not_found)?;
    let over = || Failure::new(Code::UndoOver, Code::UndoOver.title());
    if work.at().0 >= assignment.until || !repo::mark_undone(work.tx(), id.0, work.at().0).await? {
        return Err(over());
    }
    let items = repo::items(work.tx(), id.0).await?;
    let ids: Vec<i64> = items.iter().map(|item| item.kpi_id).collect();
    let events: HashMap<i64, i64> = items.iter().map(|item| (item.kpi_id, item.outbox_id)).collect();
    let worked_on = WorkedOn::load(work.tx(), &ids).await?;
    let mut answer = AssignmentUndone { removed: 0, kept: Vec::new() };
    let mut removed = Vec::new();
    for row in repo::kpis(work.tx(), &ids).await? {
        if let Some(reason) = worked_on.why(&row) {
            let owner = UserId(row.user_id);
            answer.kept.push(KeptDraft {
                kpi_id: KpiId(row.id),
                title: row.title,
                user_id: owner,
                user_name: directory.name(owner),
                reason,
            });
            continue;
        }
        edit::remove(&mut work, &call.who, &row).await?;
        if let Some(event) = events.get(&row.id) {
            work.withdraw(*event).await?;
        }
        removed.push(row.id);
    }
    answer.removed = removed.len() as u32;
    let detail = json!({
        "assignment_id": id,
        "removed": removed,
        "kept": answer.kept.iter().map(|kept| kept.kpi_id).collect::<Vec<_>>(),
    });
    work.audit("template.unassign", "template", Some(assignment.template_id), detail).await?;
    work.commit(&answer).await?;
    Ok(answer)
}

/// What somebody has done to drafts since they were made.
struct WorkedOn {
    commented: HashSet<i64>,
    with_evidence: HashSet<i64>,
    aligned_to: HashSet<i64>,
}

impl WorkedOn {
    async fn load(db: &impl ConnectionTrait, ids: &[i64]) -> Outcome<Self> {
        Ok(Self {
            commented: repo::commented(db, ids).await?,
            with_evidence: repo::with_evidence(db, ids).await?,
            aligned_to: repo::aligned_to(db, ids).await?,
        })
    }

    /// Why a draft stays.
    fn why(&self, row: &kpi::Model) -> Option<KeptReason> {
        if row.version != 1 || row.status != Status::Draft.as_str() {
            return Some(KeptReason::Changed);
        }
        [
            (&self.commented, KeptReason::Commented),
            (&self.with_evidence, KeptReason::HasEvidence),
            (&self.aligned_to, KeptReason::AlignedTo),
        ]
        .into_iter()
        .find_map(|(those, reason)| those.contains(&row.id).then_some(reason))
    }
}
