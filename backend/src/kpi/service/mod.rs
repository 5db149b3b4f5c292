//! The commands on KPIs. Each begins its transaction, loads within what the actor may see, asks the policy, changes
//! the row only if nobody was faster, writes history, audit and event, and commits.
//!
//! [`read`] shows, [`create`], [`edit`] and [`template`] define, [`acts`] move a KPI through its life and [`undo`] takes a decision
//! back, [`check_ins`] record and [`files`] scores anew what was proved.

use kpi_api::{
    approvals::{Decision, UNDO_WINDOW},
    error::{Code, FieldError},
    id::{KpiId, UserId, Version},
    kpi::{Act, KpiView},
    permission::Relation,
    scoring::{Finding, RuleKind, Severity},
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{
    around::Around,
    convert, history, machine, policy,
    policy::Standing,
    repo::{self, AlignedRow},
    scoring::{self, Occasion, Scene, Subject},
};
use crate::{
    app::Ctx,
    auth::actor::{Actor, Call},
    entity::{check_in, kpi},
    periods,
    platform::{
        db::work::{Event, Work},
        failure::{Failure, Outcome},
    },
};

pub mod acts;
pub mod check_ins;
pub mod copy;
pub mod create;
mod custom;
pub mod edit;
pub mod files;
pub mod preview;
pub mod read;
pub mod template;
pub mod undo;
mod view;

/// A KPI that the actor may see, and how they stand to it.
pub struct Loaded {
    pub row: kpi::Model,
    pub standing: Standing,
}

/// Loads a KPI; what the actor may not see is absent.
pub async fn load(db: &impl ConnectionTrait, actor: &Actor, scene: &Scene, id: KpiId) -> Outcome<Loaded> {
    let row = repo::by_id_unscoped(db, id).await?.ok_or_else(Failure::not_found)?;
    admitted(db, actor, scene, row).await
}

/// As [`load`], with what is aligned around it: for those who only look.
async fn load_with_aligned(
    db: &impl ConnectionTrait,
    actor: &Actor,
    scene: &Scene,
    id: KpiId,
) -> Outcome<(Loaded, Vec<AlignedRow>)> {
    let found = repo::by_id_with_aligned_unscoped(db, id).await?;
    let (row, aligned) = found.ok_or_else(Failure::not_found)?;
    Ok((admitted(db, actor, scene, row).await?, aligned))
}

async fn admitted(
    db: &impl ConnectionTrait,
    actor: &Actor,
    scene: &Scene,
    row: kpi::Model,
) -> Outcome<Loaded> {
    let owner = UserId(row.user_id);
    let mut relation = policy::relation(&scene.directory, actor, owner, false);
    if relation == Relation::Stranger && repo::is_aligned_to(db, KpiId(row.id), actor.id()).await? {
        relation = Relation::Aligned;
    }
    if !policy::may_see(actor, relation) {
        return Err(Failure::not_found());
    }
    let standing = Standing {
        relation,
        status: convert::status(&row)?,
        was_approved: row.approved_at.is_some(),
        period_closed: scene.closed.contains(&row.period),
    };
    Ok(Loaded { row, standing })
}

/// Lets an act in: permission first, then the version the actor saw, then state and quarter. Whether the quarter is
/// closed is asked again, in the transaction that is about to write.
async fn admit(work: &Work, actor: &Actor, loaded: &mut Loaded, act: Act) -> Outcome<()> {
    admit_at(work, actor, actor.version(), loaded, act).await
}

/// As [`admit`], of an act whose version the actor has said elsewhere.
async fn admit_at(
    work: &Work,
    actor: &Actor,
    seen: Outcome<Version>,
    loaded: &mut Loaded,
    act: Act,
) -> Outcome<()> {
    let period = periods::from_number(loaded.row.period);
    loaded.standing.period_closed = periods::is_closed(work.tx(), period).await?;
    let refusal = policy::refusal(actor.role(), loaded.standing, act);
    if matches!(refusal, Some(Code::NotAllowed | Code::OwnKpi)) {
        return policy::ensure(actor, loaded.standing, act);
    }
    check_version(seen?, &loaded.row)?;
    policy::ensure(actor, loaded.standing, act)
}

fn check_version(seen: Version, row: &kpi::Model) -> Outcome<()> {
    if seen.0 == row.version { Ok(()) } else { Err(stale(row.version)) }
}

fn stale(now: i64) -> Failure {
    Failure::new(Code::StaleVersion, format!("It is at version {now} by now."))
}

/// Runs the validation rules and refuses on their errors; the warnings come back.
async fn ensure_valid(
    ctx: &Ctx,
    scene: &Scene,
    subject: Subject,
    occasion: Occasion,
) -> Outcome<Vec<Finding>> {
    let findings = find(ctx, scene, subject, occasion).await?;
    let errors: Vec<FieldError> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| FieldError::new(&finding.field, "rule", &finding.message.text))
        .collect();
    if errors.is_empty() { Ok(findings) } else { Err(Failure::invalid(errors)) }
}

async fn find(ctx: &Ctx, scene: &Scene, subject: Subject, occasion: Occasion) -> Outcome<Vec<Finding>> {
    let scene = scene.clone();
    scoring::run_rules(ctx, move |engine, shelf| scoring::validate(engine, shelf, &scene, subject, &occasion))
        .await
}

/// Sum of the weights of the owner's quarter with this definition in it.
async fn period_weight(db: &impl ConnectionTrait, subject: &Subject) -> Outcome<Option<f64>> {
    let definition = &subject.definition;
    let period = periods::number(kpi_api::time::Period::new(definition.year, definition.quarter));
    let others = repo::period_weight(db, subject.owner, period, subject.id).await?;
    Ok(Some(others + definition.weight))
}

/// Tells what is around a KPI, as far as the rules of a kind look at it.
async fn tell_around(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    kind: RuleKind,
    row: &kpi::Model,
    subject: &mut Subject,
) -> Outcome<()> {
    let looks = ctx.rules().await?.looks(kind);
    Around::one(ctx, db, row, looks).await?.tell(subject);
    Ok(())
}

/// Scores the row with its check-ins and stores the result in it; the check-ins come back.
pub async fn rescore(
    ctx: &Ctx,
    work: &Work,
    scene: &Scene,
    row: &mut kpi::Model,
) -> Outcome<Vec<check_in::Model>> {
    let check_ins = repo::valid_check_ins(work.tx(), KpiId(row.id)).await?;
    let mut subject = Subject::stored(row, &check_ins, &scene.zone)?;
    tell_around(ctx, work.tx(), RuleKind::Score, row, &mut subject).await?;
    row.last_check_in_on = check_ins.last().map(|check_in| check_in.on_date.clone());
    let scene = scene.clone();
    let standing =
        scoring::run_rules(ctx, move |engine, shelf| scoring::score_subject(engine, shelf, &scene, subject))
            .await?;
    standing.store(row)?;
    Ok(check_ins)
}

/// What every act leaves behind.
struct Trace<'a> {
    act: &'a str,
    event: &'a str,
    reason: Option<&'a str>,
    before: Option<&'a kpi::Model>,
    /// What the event tells besides the usual.
    payload: Value,
}

/// How a decision is traced.
#[derive(Default)]
struct Traced {
    /// In whose place it was taken.
    on_behalf_of: Option<UserId>,
    /// How long its event waits, in milliseconds.
    wait: i64,
}

/// Writes history, audit and event, and says that KPIs have changed.
async fn leave_trace(work: &mut Work, actor: &Actor, after: &kpi::Model, trace: Trace<'_>) -> Outcome<()> {
    leave_trace_as(work, actor, after, trace, Traced::default()).await.map(drop)
}

/// As [`leave_trace`]; the id of the event comes back.
async fn leave_trace_as(
    work: &mut Work,
    actor: &Actor,
    after: &kpi::Model,
    trace: Trace<'_>,
    traced: Traced,
) -> Outcome<i64> {
    let record = history::Record {
        act: trace.act,
        by: actor.id(),
        on_behalf_of: traced.on_behalf_of,
        reason: trace.reason,
        before: trace.before,
        after,
    };
    let (old, new) = history::write(work, record).await?;
    let mut detail = json!({ "old": old, "new": new, "reason": trace.reason });
    if let Some(manager) = traced.on_behalf_of {
        detail["on_behalf_of"] = json!(manager);
    }
    work.audit(&format!("kpi.{}", trace.act), "kpi", Some(after.id), detail).await?;
    let mut payload = json!({
        "kpi_id": after.id,
        "title": after.title,
        "owner_id": after.user_id,
        "status": after.status,
        "version": after.version,
        "reason": trace.reason,
    });
    if let Some(manager) = traced.on_behalf_of {
        payload["on_behalf_of"] = json!(manager);
    }
    if let (Value::Object(all), Value::Object(more)) = (&mut payload, trace.payload) {
        all.extend(more);
    }
    let event = Event { name: trace.event, entity: "kpi", entity_id: after.id, payload };
    let event = work.emit_after(event, traced.wait).await?;
    for kpi in trace.before.into_iter().chain([after]) {
        work.touch_share((kpi.period, kpi.user_id));
    }
    Ok(event)
}

/// Stores the row one version on, over exactly the state that was read.
async fn store(work: &Work, actor: &Actor, before: &kpi::Model, after: &mut kpi::Model) -> Outcome<()> {
    undo::settle(work, before).await?;
    after.version = before.version + 1;
    after.updated_at = work.at().0;
    after.updated_by = actor.id().0;
    let stored = repo::update_if_unchanged(work.tx(), after, Version(before.version), &before.status).await?;
    if stored { Ok(()) } else { Err(stale(before.version + 1)) }
}

/// The usual end of an act: store, trace, look, commit. The news of a decision waits as long as it can be taken back.
async fn conclude(
    call: &Call,
    scene: &Scene,
    mut work: Work,
    act: Act,
    before: kpi::Model,
    mut after: kpi::Model,
    reason: Option<&str>,
) -> Outcome<KpiView> {
    store(&work, &call.who, &before, &mut after).await?;
    let trace = Trace {
        act: act.as_str(),
        event: machine::event(act),
        reason,
        before: Some(&before),
        payload: Value::Null,
    };
    if Decision::of(act).is_some() {
        let on_behalf_of = scene.directory.on_behalf_of(call.who.id(), UserId(after.user_id));
        let traced = Traced { on_behalf_of, wait: UNDO_WINDOW };
        let event = leave_trace_as(&mut work, &call.who, &after, trace, traced).await?;
        undo::remember(&work, &call.who, act, (&before, &after), event).await?;
    } else {
        leave_trace(&mut work, &call.who, &after, trace).await?;
    }
    let view = view::of(&call.ctx, work.tx(), &call.who, scene, after).await?;
    work.commit(&view).await?;
    Ok(view)
}
