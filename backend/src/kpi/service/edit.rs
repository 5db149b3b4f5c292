//! Changing and deleting a draft.

use kpi_api::{
    error::{Code, FieldError},
    id::KpiId,
    kpi::{Act, KpiNew, KpiPatch, KpiView},
};
use kpi_engine::Event;
use serde_json::json;

use super::{
    admit, conclude,
    create::{check_definition, check_parent, check_period_open},
    custom, load, rescore, stale, undo,
};
use crate::{
    auth::actor::{Actor, Call},
    entity::kpi,
    kpi::{convert, machine, repo, scoring::Scene},
    platform::{
        db::work::{self, Work},
        failure::{Failure, Outcome},
    },
};

pub async fn update(call: &Call, id: KpiId, patch: KpiPatch) -> Outcome<KpiView> {
    let scene = Scene::now(&call.ctx).await?;
    let work = call.begin().await?;
    let mut loaded = load(work.tx(), &call.who, &scene, id).await?;
    admit(&work, &call.who, &mut loaded, Act::Edit).await?;
    let before = loaded.row;
    let after = redefine(call, &work, &scene, &before, patch, Event::Update).await?;
    conclude(call, &scene, work, Act::Edit, before, after, None).await
}

/// The row with a changed definition: checked, validated, scored.
pub async fn redefine(
    call: &Call,
    work: &Work,
    scene: &Scene,
    before: &kpi::Model,
    patch: KpiPatch,
    event: Event,
) -> Outcome<kpi::Model> {
    let definition = convert::definition(before)?.patched(patch);
    define(call, work, scene, before, before.clone(), definition, event).await
}

/// As [`redefine`], with the whole definition. `after` is the row that takes it, with the template's part as it shall
/// be.
pub async fn define(
    call: &Call,
    work: &Work,
    scene: &Scene,
    before: &kpi::Model,
    mut after: kpi::Model,
    mut definition: KpiNew,
    event: Event,
) -> Outcome<kpi::Model> {
    definition.check().map_err(Failure::invalid)?;
    let fields = convert::custom_definitions(&after)?;
    let stood = convert::definition(before)?.custom_fields;
    custom::settle(&fields, &stood, &mut definition).map_err(Failure::invalid)?;
    if event == Event::Submit {
        custom::ensure_filled(&fields, &definition.custom_fields)?;
    }
    check_parent(work.tx(), &call.who, scene, Some(KpiId(before.id)), changed_parent(before, &definition))
        .await?;
    check_period_open(work.tx(), &definition).await?;
    convert::define(&mut after, &definition)?;
    check_values_fit(before, &after)?;
    check_definition(call, work.tx(), scene, &after, event).await?;
    rescore(&call.ctx, work, scene, &mut after).await?;
    Ok(after)
}

/// A parent that stays is not asked for again: its owner may have left the actor's sight since.
fn changed_parent(before: &kpi::Model, definition: &KpiNew) -> Option<KpiId> {
    definition.parent_id.filter(|parent| before.parent_id != Some(parent.0))
}

/// Values recorded as one kind or in one quarter mean nothing in another.
fn check_values_fit(before: &kpi::Model, after: &kpi::Model) -> Outcome<()> {
    if before.last_check_in_on.is_none() {
        return Ok(());
    }
    let mut errors = Vec::new();
    for (field, differs) in [
        ("kind", before.kind != after.kind),
        ("year", before.period != after.period),
        ("milestones", after.kind == "milestones" && milestone_count(before) != milestone_count(after)),
    ] {
        if differs {
            errors.push(FieldError::new(field, "has_values", "It cannot change once values are recorded."));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure::invalid(errors)) }
}

fn milestone_count(row: &kpi::Model) -> usize {
    serde_json::from_str::<Vec<serde_json::Value>>(&row.milestones).map_or(0, |all| all.len())
}

pub async fn delete(call: &Call, id: KpiId) -> Outcome<()> {
    let scene = Scene::now(&call.ctx).await?;
    let mut work = call.begin().await?;
    let mut loaded = load(work.tx(), &call.who, &scene, id).await?;
    admit(&work, &call.who, &mut loaded, Act::Delete).await?;
    let row = loaded.row;
    if !repo::aligned_unscoped(work.tx(), row.id, None).await?.is_empty() {
        return Err(Failure::new(Code::InUse, "Other KPIs are aligned to it."));
    }
    remove(&mut work, &call.who, &row).await?;
    work.commit(&()).await
}

/// Deletes a draft that nobody has changed since it was read, with what every deletion leaves behind.
pub async fn remove(work: &mut Work, actor: &Actor, row: &kpi::Model) -> Outcome<()> {
    undo::settle(work, row).await?;
    if !repo::delete_if_unchanged(work.tx(), row.id, kpi_api::id::Version(row.version)).await? {
        return Err(stale(row.version + 1));
    }
    trace_deletion(work, actor, row).await
}

/// The history of a deleted draft stays, and the audit row keeps its whole definition.
async fn trace_deletion(work: &mut Work, actor: &Actor, row: &kpi::Model) -> Outcome<()> {
    let definition = serde_json::to_value(convert::definition(row)?)?;
    work.audit("kpi.delete", "kpi", Some(row.id), json!({ "old": definition, "by": actor.id() })).await?;
    let payload = json!({ "kpi_id": row.id, "title": row.title, "owner_id": row.user_id });
    work.emit(work::Event { name: machine::event(Act::Delete), entity: "kpi", entity_id: row.id, payload })
        .await?;
    work.touch_share((row.period, row.user_id));
    Ok(())
}
