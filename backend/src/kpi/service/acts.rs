//! The acts that move a KPI through its life.

use kpi_api::{
    check::REASON_MAX,
    error::Code,
    id::{KpiId, Version},
    kpi::{Act, KpiPatch, KpiView, Status},
    scoring::RuleKind,
};
use kpi_engine::Event;

use super::{
    admit, admit_at, conclude, custom, edit::redefine, ensure_valid, load, period_weight, tell_around,
};
use crate::{
    auth::actor::{Actor, Call},
    entity::kpi,
    kpi::{
        convert, machine, repo,
        scoring::{Occasion, Scene, Subject},
    },
    platform::{
        db::work::Work,
        failure::{Failure, Outcome},
    },
};

/// Does one of the acts that only need a reason: all but edit, check-in, revise, delete and copy.
pub async fn act(call: &Call, id: KpiId, act: Act, reason: Option<String>) -> Outcome<KpiView> {
    act_in(call, call.begin().await?, id, call.who.version(), act, reason).await
}

/// As [`act`], in a transaction begun by the caller, with the version that the actor saw.
pub async fn act_in(
    call: &Call,
    work: Work,
    id: KpiId,
    seen: Outcome<Version>,
    act: Act,
    reason: Option<String>,
) -> Outcome<KpiView> {
    let scene = Scene::now(&call.ctx).await?;
    let mut loaded = load(work.tx(), &call.who, &scene, id).await?;
    admit_at(&work, &call.who, seen, &mut loaded, act).await?;
    let reason = read_reason(act, reason)?;
    let before = loaded.row;
    match act {
        Act::Submit => {
            let values = convert::definition(&before)?.custom_fields;
            custom::ensure_filled(&convert::custom_definitions(&before)?, &values)?;
            check_rules(call, &work, &scene, &before, Event::Submit).await?;
        }
        Act::SubmitResult => check_rules(call, &work, &scene, &before, Event::SubmitResult).await?,
        _ => {}
    }
    let mut after = before.clone();
    let now = work.at().0;
    move_on(&mut after, loaded.standing.status, act, &call.who, now, reason.as_deref())?;
    conclude(call, &scene, work, act, before, after, reason.as_deref()).await
}

/// A new definition for an approved KPI; it waits for approval, its values stay.
pub async fn revise(call: &Call, id: KpiId, changes: KpiPatch, reason: Option<String>) -> Outcome<KpiView> {
    let scene = Scene::now(&call.ctx).await?;
    let work = call.begin().await?;
    let mut loaded = load(work.tx(), &call.who, &scene, id).await?;
    admit(&work, &call.who, &mut loaded, Act::Revise).await?;
    let reason = read_reason(Act::Revise, reason)?;
    let before = loaded.row;
    let mut after = redefine(call, &work, &scene, &before, changes, Event::Submit).await?;
    let now = work.at().0;
    move_on(&mut after, loaded.standing.status, Act::Revise, &call.who, now, reason.as_deref())?;
    conclude(call, &scene, work, Act::Revise, before, after, reason.as_deref()).await
}

fn read_reason(act: Act, reason: Option<String>) -> Outcome<Option<String>> {
    let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    match &reason {
        None if act.needs_reason() => {
            return Err(Failure::field("reason", "required", "Say why; the owner will read it."));
        }
        Some(reason) => {
            let mut check = kpi_api::check::Check::new();
            check.text("reason", reason, REASON_MAX);
            check.done().map_err(Failure::invalid)?;
        }
        None => {}
    }
    Ok(reason)
}

async fn check_rules(call: &Call, work: &Work, scene: &Scene, row: &kpi::Model, event: Event) -> Outcome<()> {
    let check_ins = repo::valid_check_ins(work.tx(), KpiId(row.id)).await?;
    let mut subject = Subject::stored(row, &check_ins, &scene.zone)?;
    tell_around(&call.ctx, work.tx(), RuleKind::Validate, row, &mut subject).await?;
    let weight = period_weight(work.tx(), &subject).await?;
    let occasion = Occasion { event, actor: Some(call.who.id()), period_weight: weight };
    ensure_valid(&call.ctx, scene, subject, occasion).await.map(drop)
}

/// What an act changes in the row besides its version.
fn move_on(
    row: &mut kpi::Model,
    from: Status,
    act: Act,
    actor: &Actor,
    now: i64,
    reason: Option<&str>,
) -> Outcome<()> {
    let to =
        machine::next(from, act).ok_or_else(|| Failure::new(Code::WrongState, Code::WrongState.title()))?;
    let who = Some(actor.id().0);
    row.status = to.to_string();
    match act {
        Act::Submit | Act::Revise | Act::SubmitResult => {
            row.submitted_at = Some(now);
            row.submitted_by = who;
            row.submit_comment = reason.map(str::to_owned);
            row.returned_reason = None;
            row.is_revision = act == Act::Revise || (act == Act::Submit && row.is_revision);
        }
        Act::Approve => {
            row.approved_at = Some(now);
            row.approved_by = who;
            row.returned_reason = None;
            row.is_revision = false;
        }
        Act::Reject | Act::Return => row.returned_reason = reason.map(str::to_owned),
        Act::Accept => {
            row.closed_at = Some(now);
            row.closed_by = who;
            row.returned_reason = None;
        }
        Act::Reopen => {
            row.closed_at = None;
            row.closed_by = None;
            row.returned_reason = reason.map(str::to_owned);
        }
        Act::Recall | Act::Edit | Act::CheckIn | Act::Delete | Act::Copy => {}
    }
    debug_assert!(convert::status(row).is_ok_and(|status| status == to));
    Ok(())
}
