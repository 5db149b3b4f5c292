//! The commands on KPIs. Each begins its transaction, loads within what the actor may see, asks the policy, changes
//! the row only if nobody was faster, writes history, audit and event, and commits.
//!
//! [`read`] shows, [`create`] and [`edit`] define, [`acts`] move a KPI through its life, [`check_ins`] record.

use kpi_api::{
    error::{Code, FieldError},
    id::{KpiId, UserId, Version},
    kpi::{Act, KpiView},
    permission::Relation,
    scoring::{Finding, Severity},
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{
    convert, history, machine, policy,
    policy::Standing,
    repo,
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
        signals::Topic,
    },
};

pub mod acts;
pub mod check_ins;
pub mod copy;
pub mod create;
pub mod edit;
pub mod preview;
pub mod read;
mod view;

/// A KPI that the actor may see, and how they stand to it.
pub struct Loaded {
    pub row: kpi::Model,
    pub standing: Standing,
}

/// Loads a KPI; what the actor may not see is absent.
pub async fn load(db: &impl ConnectionTrait, actor: &Actor, scene: &Scene, id: KpiId) -> Outcome<Loaded> {
    let row = repo::by_id_unscoped(db, id).await?.ok_or_else(Failure::not_found)?;
    let owner = UserId(row.user_id);
    let mut relation = policy::relation(&scene.directory, actor, owner, false);
    if relation == Relation::Stranger && repo::is_aligned_to(db, id, actor.id()).await? {
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
    let period = periods::from_number(loaded.row.period);
    loaded.standing.period_closed = periods::is_closed(work.tx(), period).await?;
    let refusal = policy::refusal(actor.role(), loaded.standing, act);
    if matches!(refusal, Some(Code::NotAllowed | Code::OwnKpi)) {
        return policy::ensure(actor, loaded.standing, act);
    }
    check_version(actor.version()?, &loaded.row)?;
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

/// Scores the row with its check-ins and stores the result in it; the check-ins come back.
async fn rescore(
    ctx: &Ctx,
    work: &Work,
    scene: &Scene,
    row: &mut kpi::Model,
) -> Outcome<Vec<check_in::Model>> {
    let check_ins = repo::valid_check_ins(work.tx(), KpiId(row.id)).await?;
    let subject = Subject::stored(row, &check_ins)?;
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

/// Writes history, audit and event, and says that KPIs have changed.
async fn leave_trace(work: &mut Work, actor: &Actor, after: &kpi::Model, trace: Trace<'_>) -> Outcome<()> {
    let record =
        history::Record { act: trace.act, by: actor.id(), reason: trace.reason, before: trace.before, after };
    let (old, new) = history::write(work, record).await?;
    let detail = json!({ "old": old, "new": new, "reason": trace.reason });
    work.audit(&format!("kpi.{}", trace.act), "kpi", Some(after.id), detail).await?;
    let mut payload = json!({
        "kpi_id": after.id,
        "title": after.title,
        "owner_id": after.user_id,
        "status": after.status,
        "version": after.version,
        "reason": trace.reason,
    });
    if let (Value::Object(all), Value::Object(more)) = (&mut payload, trace.payload) {
        all.extend(more);
    }
    work.emit(Event { name: trace.event, entity: "kpi", entity_id: after.id, payload }).await?;
    work.touch(Topic::Kpis);
    Ok(())
}

/// Stores the row one version on, over exactly the state that was read.
async fn store(work: &Work, actor: &Actor, before: &kpi::Model, after: &mut kpi::Model) -> Outcome<()> {
    after.version = before.version + 1;
    after.updated_at = work.at().0;
    after.updated_by = actor.id().0;
    let stored = repo::update_if_unchanged(work.tx(), after, Version(before.version), &before.status).await?;
    if stored { Ok(()) } else { Err(stale(before.version + 1)) }
}

/// The usual end of an act: store, trace, look, commit.
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
    leave_trace(&mut work, &call.who, &after, trace).await?;
    let view = view::of(&call.ctx, work.tx(), &call.who, scene, after).await?;
    work.commit(&view).await?;
    Ok(view)
}
