//! Evidence as one person sees it.

use std::collections::{HashMap, HashSet};

use kpi_api::{
    error::Code,
    evidence::{AlsoUsed, EvidenceList, EvidenceView, Uploader},
    id::{CheckInId, EvidenceId, KpiId, UserId},
    kpi::Status,
    permission::Capability,
    template::EvidenceContract,
    time::Timestamp,
};
use sea_orm::ConnectionTrait;

use super::{facts, inside::Task, kinds::FileKind, policy, repo};
use crate::{
    auth::actor::Call,
    entity::{evidence, kpi},
    kpi::{policy as kpi_policy, scoring::Scene, service::Loaded},
    platform::failure::Outcome,
};

pub async fn list(
    call: &Call,
    db: &impl ConnectionTrait,
    scene: &Scene,
    loaded: &Loaded,
) -> Outcome<EvidenceList> {
    let rows = repo::of_kpi(db, loaded.row.id).await?;
    let contract: EvidenceContract = serde_json::from_str(&loaded.row.evidence)?;
    let known = facts::told_of(&call.ctx, &rows, &contract);
    let need = facts::asks(&contract).then(|| facts::need(contract, &known));
    let refusal = policy::refusal(call.who.role(), loaded.standing);
    Ok(EvidenceList {
        items: views(call, db, scene, loaded, rows).await?,
        may_add: policy::permitted(refusal),
        need,
    })
}

pub async fn one(
    call: &Call,
    db: &impl ConnectionTrait,
    scene: &Scene,
    loaded: &Loaded,
    row: evidence::Model,
) -> Outcome<EvidenceView> {
    let views = views(call, db, scene, loaded, vec![row]).await?;
    Ok(views.into_iter().next().ok_or_else(|| anyhow::anyhow!("one row gives one view"))?)
}

/// The rows without which the contract, met now, would not be met.
pub async fn needed(call: &Call, db: &impl ConnectionTrait, kpi: &kpi::Model) -> Outcome<HashSet<i64>> {
    let contract: EvidenceContract = serde_json::from_str(&kpi.evidence)?;
    if !facts::asks(&contract) {
        return Ok(HashSet::new());
    }
    let mut rows = repo::of_kpi(db, kpi.id).await?;
    let is_met = |rows: &[evidence::Model]| {
        facts::need(contract.clone(), &facts::told_of(&call.ctx, rows, &contract)).is_met
    };
    let mut needed = HashSet::new();
    if is_met(&rows) {
        for place in 0..rows.len() {
            let row = rows.remove(place);
            if !is_met(&rows) {
                needed.insert(row.id);
            }
            rows.insert(place, row);
        }
    }
    Ok(needed)
}

async fn views(
    call: &Call,
    db: &impl ConnectionTrait,
    scene: &Scene,
    loaded: &Loaded,
    rows: Vec<evidence::Model>,
) -> Outcome<Vec<EvidenceView>> {
    let refusal = policy::refusal(call.who.role(), loaded.standing);
    let may_decide = call.who.may(Capability::DecideKpi, loaded.standing.relation);
    let elsewhere = if may_decide { elsewhere(call, db, scene, &rows).await? } else { HashMap::new() };
    let needed = if loaded.standing.status == Status::InReview {
        needed(call, db, &loaded.row).await?
    } else {
        HashSet::new()
    };
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let refusal = match refusal {
            None if needed.contains(&row.id) => Some(Code::EvidenceNeeded),
            other => other,
        };
        let kind = FileKind::of(&row.extension);
        let others = elsewhere.get(&row.sha256);
        views.push(EvidenceView {
            id: EvidenceId(row.id),
            kpi_id: KpiId(row.kpi_id),
            check_in_id: row.check_in_id.map(CheckInId),
            media_type: kind.media_type().to_owned(),
            has_thumbnail: kind.has_thumbnail()
                && call.ctx.looker.failed(&row.sha256, Task::Thumbnail).is_none(),
            preview: kind.preview(),
            name: row.name,
            extension: row.extension,
            size: u64::try_from(row.size).unwrap_or(0),
            sha256: row.sha256,
            description: row.description,
            uploaded_by: Uploader {
                id: UserId(row.uploaded_by),
                name: scene.directory.name(UserId(row.uploaded_by)),
            },
            created_at: Timestamp(row.created_at),
            may_delete: policy::permitted(refusal),
            also_used_on: others.map(|others| others.seen.clone()).unwrap_or_default(),
            also_used_count: may_decide.then(|| others.map_or(0, |others| others.count)),
        });
    }
    Ok(views)
}

/// Where a content hangs besides the KPI that is looked at.
#[derive(Default)]
struct Elsewhere {
    /// Of the KPIs that the caller may see.
    seen: Vec<AlsoUsed>,
    /// Of all.
    count: u64,
}

async fn elsewhere(
    call: &Call,
    db: &impl ConnectionTrait,
    scene: &Scene,
    rows: &[evidence::Model],
) -> Outcome<HashMap<String, Elsewhere>> {
    let hashes: HashSet<String> = rows.iter().map(|row| row.sha256.clone()).collect();
    let here: HashSet<i64> = rows.iter().map(|row| row.kpi_id).collect();
    let mut users = repo::users_of(db, &hashes).await?;
    users.retain(|(_, kpi)| !here.contains(kpi));
    if users.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = users.iter().map(|(_, kpi)| *kpi).collect::<HashSet<_>>().into_iter().collect();
    let kpis = repo::kpis_unscoped(db, &ids).await?;
    let mut all: HashMap<String, Elsewhere> = HashMap::new();
    for (hash, _) in &users {
        all.entry(hash.clone()).or_default().count += 1;
    }
    for kpi in kpis {
        let owner = UserId(kpi.user_id);
        let relation = kpi_policy::relation(&scene.directory, &call.who, owner, false);
        if !kpi_policy::may_see(&call.who, relation) {
            continue;
        }
        let used =
            AlsoUsed { kpi_id: KpiId(kpi.id), title: kpi.title, user_name: scene.directory.name(owner) };
        for (hash, _) in users.iter().filter(|(_, id)| *id == kpi.id) {
            all.entry(hash.clone()).or_default().seen.push(used.clone());
        }
    }
    Ok(all)
}
