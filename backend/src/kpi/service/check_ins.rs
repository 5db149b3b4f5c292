//! Recording values, and correcting them.

use kpi_api::{
    checkin::{CheckInNew, CheckedIn, Correction},
    error::Code,
    id::{CheckInId, KpiId},
    kpi::Act,
    scoring::{Kind, Milestone, RuleKind},
    time::Date,
};
use kpi_engine::Event;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use super::{
    Loaded, Trace, check_version, ensure_valid, leave_trace, load, rescore, store, tell_around, view,
};
use crate::{
    auth::actor::Call,
    entity::{check_in, kpi},
    kpi::{
        convert::{self, date_text},
        machine, policy, repo,
        scoring::{self, Occasion, Scene, Subject},
    },
    periods,
    platform::{
        db::work::Work,
        failure::{Failure, Outcome},
    },
};

pub async fn record(call: &Call, id: KpiId, body: CheckInNew) -> Outcome<CheckedIn> {
    let scene = Scene::now(&call.ctx).await?;
    let mut work = call.begin().await?;
    if let Some(done) = work.replay("POST /kpis/{id}/check-ins", &(id, &body)).await? {
        return Ok(done);
    }
    let mut loaded = load(work.tx(), &call.who, &scene, id).await?;
    admit(call, &work, &mut loaded).await?;
    body.check().map_err(Failure::invalid)?;
    let before = loaded.row;
    let on = day(&scene, &before, body.on)?;
    let (value, done) = measured(&before, body.value, body.milestones.as_deref())?;
    let row = check_in::ActiveModel {
        kpi_id: Set(before.id),
        on_date: Set(date_text(on)),
        value: Set(value),
        note: Set(body.note.trim().to_owned()),
        confidence: Set(body.confidence.map(i64::from)),
        milestones: Set(done.as_ref().map(|done| json!(done).to_string())),
        by_id: Set(call.who.id().0),
        for_owner: Set(before.user_id != call.who.id().0),
        created_at: Set(work.at().0),
        ..Default::default()
    };
    let row = repo::insert_check_in(work.tx(), row).await?;
    let payload = json!({ "check_in_id": row.id, "value": value, "on": on });
    finish(call, &scene, work, before, row, done, None, payload).await
}

/// Puts another value in place of a recorded one, which stays readable with the reason.
pub async fn correct(call: &Call, id: CheckInId, body: Correction) -> Outcome<CheckedIn> {
    let scene = Scene::now(&call.ctx).await?;
    let mut work = call.begin().await?;
    if let Some(done) = work.replay("POST /check-ins/{id}/correct", &(id, &body)).await? {
        return Ok(done);
    }
    let old = repo::check_in(work.tx(), id.0).await?.ok_or_else(Failure::not_found)?;
    let mut loaded = load(work.tx(), &call.who, &scene, KpiId(old.kpi_id)).await?;
    admit(call, &work, &mut loaded).await?;
    body.check().map_err(Failure::invalid)?;
    let before = loaded.row;
    let (value, done) = measured(&before, body.value, body.milestones.as_deref())?;
    let reason = body.reason.trim();
    let row = check_in::ActiveModel {
        kpi_id: Set(old.kpi_id),
        on_date: Set(old.on_date.clone()),
        value: Set(value),
        note: Set(old.note.clone()),
        confidence: Set(old.confidence),
        milestones: Set(done.as_ref().map(|done| json!(done).to_string())),
        by_id: Set(call.who.id().0),
        for_owner: Set(before.user_id != call.who.id().0),
        created_at: Set(work.at().0),
        corrects_id: Set(Some(old.id)),
        reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    let row = repo::insert_check_in(work.tx(), row).await?;
    if !repo::replace_check_in(work.tx(), old.id, row.id).await? {
        return Err(Failure::new(Code::WrongState, "This value was corrected already."));
    }
    let payload = json!({ "check_in_id": row.id, "corrects_id": old.id, "old": old.value, "value": value });
    finish(call, &scene, work, before, row, done, Some(reason), payload).await
}

/// As for every act, except that the version is optional: a value sent later from a phone that had no network is
/// about a day, not about a version.
async fn admit(call: &Call, work: &Work, loaded: &mut Loaded) -> Outcome<()> {
    let period = periods::from_number(loaded.row.period);
    loaded.standing.period_closed = periods::is_closed(work.tx(), period).await?;
    policy::ensure(&call.who, loaded.standing, Act::CheckIn)?;
    if call.who.meta.if_match.is_some() {
        check_version(call.who.version()?, &loaded.row)?;
    }
    Ok(())
}

/// The day a value is for: within the quarter, and not in the future.
fn day(scene: &Scene, row: &kpi::Model, on: Option<Date>) -> Outcome<Date> {
    let period = periods::from_number(row.period);
    let (first, last) = period.bounds(scene.first_month).ok_or_else(Failure::not_found)?;
    // Without a day it is for today, or for the last day of a quarter that has ended but is not closed yet.
    let on = on.unwrap_or_else(|| scene.today.min(last));
    if on < first || on > last {
        let message = format!("The quarter runs from {first} to {last}.");
        return Err(Failure::field("on", "outside_quarter", message));
    }
    if on > scene.today {
        return Err(Failure::field(
            "on",
            "in_the_future",
            "A value cannot be for a day that is yet to come.",
        ));
    }
    Ok(on)
}

/// The value to store, and for milestones which of them are done.
fn measured(
    row: &kpi::Model,
    value: Option<f64>,
    milestones: Option<&[bool]>,
) -> Outcome<(f64, Option<Vec<bool>>)> {
    let kind: Kind = convert::word(&row.kind)?;
    if kind != Kind::Milestones && milestones.is_some() {
        return Err(Failure::field("milestones", "not_expected", "This KPI has no milestones."));
    }
    match (kind, value) {
        (Kind::Milestones, _) => {
            let all: Vec<Milestone> = serde_json::from_str(&row.milestones)?;
            let done = milestones
                .ok_or_else(|| Failure::field("milestones", "required", "Say which milestones are done."))?;
            if done.len() != all.len() {
                let message = format!("This KPI has {} milestones.", all.len());
                return Err(Failure::field("milestones", "wrong_length", message));
            }
            let weight: f64 = all.iter().map(|milestone| milestone.weight).sum();
            let reached: f64 =
                all.iter().zip(done).filter(|(_, done)| **done).map(|(milestone, _)| milestone.weight).sum();
            let percent = if weight > 0.0 { 100.0 * reached / weight } else { 0.0 };
            Ok((percent, Some(done.to_vec())))
        }
        (_, None) => Err(Failure::field("value", "required", "Fill this in.")),
        (Kind::Boolean, Some(value)) if value != 0.0 && value != 1.0 => {
            Err(Failure::field("value", "out_of_range", "1 for yes, 0 for no."))
        }
        (_, Some(value)) => Ok((value, None)),
    }
}

#[expect(clippy::too_many_arguments, reason = "the common end of two commands")]
async fn finish(
    call: &Call,
    scene: &Scene,
    mut work: Work,
    before: kpi::Model,
    row: check_in::Model,
    done: Option<Vec<bool>>,
    reason: Option<&str>,
    payload: Value,
) -> Outcome<CheckedIn> {
    let mut after = before.clone();
    if let Some(done) = done {
        let mut all: Vec<Milestone> = serde_json::from_str(&before.milestones)?;
        all.iter_mut().zip(done).for_each(|(milestone, done)| milestone.done = done);
        after.milestones = serde_json::to_string(&all)?;
    }
    let check_ins = rescore(&call.ctx, &work, scene, &mut after).await?;
    // A correction says its own reason; only a new value has a note to ask for.
    let recorded = reason.is_none().then_some(&row);
    check_value(call, &work, scene, &after, &check_ins, recorded).await?;
    store(&work, &call.who, &before, &mut after).await?;
    let act = if reason.is_some() { "correct" } else { Act::CheckIn.as_str() };
    let trace = Trace { act, event: machine::event(Act::CheckIn), reason, before: Some(&before), payload };
    leave_trace(&mut work, &call.who, &after, trace).await?;
    let answer = CheckedIn {
        check_in: convert::check_in(row, &scene.directory)?,
        kpi: view::of(&call.ctx, work.tx(), &call.who, scene, after).await?,
    };
    work.commit(&answer).await?;
    Ok(answer)
}

/// The validation rules, asked about the value as it would stand.
async fn check_value(
    call: &Call,
    work: &Work,
    scene: &Scene,
    row: &kpi::Model,
    check_ins: &[check_in::Model],
    recorded: Option<&check_in::Model>,
) -> Outcome<()> {
    let check_in = recorded.map(scoring::fact).transpose()?;
    let mut subject = Subject { check_in, ..Subject::stored(row, check_ins, &scene.zone)? };
    tell_around(&call.ctx, work.tx(), RuleKind::Validate, row, &mut subject).await?;
    let occasion = Occasion { event: Event::CheckIn, actor: Some(call.who.id()), period_weight: None };
    ensure_valid(&call.ctx, scene, subject, occasion).await.map(drop)
}
