//! A new KPI.

use kpi_api::{
    error::Code,
    id::{KpiId, UserId},
    kpi::{Act, KpiCreate, KpiNew, KpiView, Status},
    permission::Capability,
    scoring::{Band, Finding, RuleKind},
    time::Timestamp,
};
use kpi_engine::Event;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value};

use super::{Trace, custom, ensure_valid, find, leave_trace, period_weight, rescore, tell_around, view};
use crate::{
    auth::actor::{Actor, Call},
    entity::kpi,
    kpi::{
        convert, machine, policy, repo,
        scoring::{Occasion, Scene, Subject},
    },
    periods,
    platform::{
        db::work::Work,
        failure::{Failure, Outcome},
    },
    templates::service::{self as templates, Effective},
};

/// How many steps of alignment there may be.
const DEEPEST_ALIGNMENT: usize = 20;

pub async fn create(call: &Call, body: KpiCreate) -> Outcome<KpiView> {
    let scene = Scene::now(&call.ctx).await?;
    let mut work = call.begin().await?;
    if let Some(view) = work.replay("POST /kpis", &body).await? {
        return Ok(view);
    }
    let owner = body.user_id.unwrap_or(call.who.id());
    check_owner(&call.who, &scene, owner)?;
    let template = match body.template_id {
        Some(id) => Some(usable_template(work.tx(), &scene, owner, id).await?),
        None => None,
    };
    let definition = body.definition(template.as_ref().map(|template| &template.fields));
    let row = insert(call, &mut work, &scene, owner, definition, template).await?;
    let view = view::of(&call.ctx, work.tx(), &call.who, &scene, row).await?;
    work.commit(&view).await?;
    Ok(view)
}

/// Only administrators write down KPIs for others.
fn check_owner(actor: &Actor, scene: &Scene, owner: UserId) -> Outcome<()> {
    let relation = scene.directory.relation(actor.id(), owner);
    if !actor.may(Capability::CreateKpi, relation) {
        return Err(Failure::new(Code::NotAllowed, "Only administrators create KPIs for others."));
    }
    match scene.directory.person(owner) {
        Some(person) if person.is_active => Ok(()),
        _ => Err(Failure::field("user_id", "unknown", "There is no such active person.")),
    }
}

pub async fn usable_template(
    db: &impl ConnectionTrait,
    scene: &Scene,
    owner: UserId,
    id: kpi_api::id::TemplateId,
) -> Outcome<Effective> {
    let unknown = || Failure::field("template_id", "unknown", "There is no such template for this person.");
    let template = templates::effective(db, id).await?.ok_or_else(unknown)?;
    let person = scene.directory.person(owner).ok_or_else(unknown)?;
    if template.usable_by(person, &scene.directory) { Ok(template) } else { Err(unknown()) }
}

/// Checks a definition and stores it as a draft with its first history row.
pub async fn insert(
    call: &Call,
    work: &mut Work,
    scene: &Scene,
    owner: UserId,
    definition: KpiNew,
    template: Option<Effective>,
) -> Outcome<kpi::Model> {
    check_parent(work.tx(), &call.who, scene, None, definition.parent_id).await?;
    check_period_open(work.tx(), &definition).await?;
    let row = drafted(call, scene, work.at(), owner, definition, template.as_ref())?;
    check_definition(call, work.tx(), scene, &row, Event::Create).await?;
    enter(call, work, scene, row).await
}

/// A draft that is not stored yet: the limits of its fields hold, its rules were not asked.
pub fn drafted(
    call: &Call,
    scene: &Scene,
    at: Timestamp,
    owner: UserId,
    mut definition: KpiNew,
    template: Option<&Effective>,
) -> Outcome<kpi::Model> {
    definition.check().map_err(Failure::invalid)?;
    let fields = template.map(|template| &template.fields);
    let custom = fields.and_then(|fields| fields.custom_fields.clone()).unwrap_or_default();
    custom::settle(&custom, &Map::new(), &mut definition).map_err(Failure::invalid)?;
    let contract = fields.and_then(|fields| fields.evidence.clone()).unwrap_or_default();
    let mut row = kpi::Model {
        user_id: owner.0,
        department_id: scene.directory.person(owner).and_then(|p| p.department_id).map(|id| id.0),
        template_id: definition.template_id.map(|id| id.0),
        template_version: template.and_then(|template| template.version),
        custom_definitions: serde_json::to_string(&custom)?,
        check_in_days: fields.and_then(|fields| fields.check_in_days).map(i64::from),
        evidence: serde_json::to_string(&contract)?,
        band: Band::None.to_string(),
        status: Status::Draft.to_string(),
        created_at: at.0,
        created_by: call.who.id().0,
        updated_at: at.0,
        updated_by: call.who.id().0,
        version: 1,
        ..kpi::Model::default()
    };
    convert::define(&mut row, &definition)?;
    Ok(row)
}

/// Scores and stores a draft, with its first history row.
pub async fn enter(call: &Call, work: &mut Work, scene: &Scene, mut row: kpi::Model) -> Outcome<kpi::Model> {
    // Id 0 has no check-ins: this is the receipt of a KPI without a value.
    rescore(&call.ctx, work, scene, &mut row).await?;
    let row = repo::insert(work.tx(), &row).await?;
    let trace = Trace {
        act: "create",
        // Others are told of a copy and of a new KPI alike.
        event: machine::event(Act::Copy),
        reason: None,
        before: None,
        payload: Value::Null,
    };
    leave_trace(work, &call.who, &row, trace).await?;
    Ok(row)
}

/// What the validation rules say to a definition being written down.
pub async fn check_definition(
    call: &Call,
    db: &impl ConnectionTrait,
    scene: &Scene,
    row: &kpi::Model,
    event: Event,
) -> Outcome<()> {
    let (subject, occasion) = asked(call, db, scene, row, event).await?;
    ensure_valid(&call.ctx, scene, subject, occasion).await.map(drop)
}

/// As [`check_definition`], with everything that they say, and the sum of the owner's weights with it.
pub async fn look_at_definition(
    call: &Call,
    db: &impl ConnectionTrait,
    scene: &Scene,
    row: &kpi::Model,
    event: Event,
) -> Outcome<(Vec<Finding>, f64)> {
    let (subject, occasion) = asked(call, db, scene, row, event).await?;
    let weight = occasion.period_weight.unwrap_or_default();
    Ok((find(&call.ctx, scene, subject, occasion).await?, weight))
}

async fn asked(
    call: &Call,
    db: &impl ConnectionTrait,
    scene: &Scene,
    row: &kpi::Model,
    event: Event,
) -> Outcome<(Subject, Occasion)> {
    let mut subject = Subject::stored(row, &[], &scene.zone)?;
    tell_around(&call.ctx, db, RuleKind::Validate, row, &mut subject).await?;
    subject.id = subject.id.filter(|id| *id != 0);
    let period_weight = period_weight(db, &subject).await?;
    Ok((subject, Occasion { event, actor: Some(call.who.id()), period_weight }))
}

/// A parent must be there to be seen, and must not be aligned to this KPI in turn.
pub async fn check_parent(
    db: &impl ConnectionTrait,
    actor: &Actor,
    scene: &Scene,
    id: Option<KpiId>,
    parent: Option<KpiId>,
) -> Outcome<()> {
    let Some(parent) = parent else { return Ok(()) };
    let unknown = || Failure::field("parent_id", "unknown", "There is no such KPI to align to.");
    let row = repo::by_id_unscoped(db, parent).await?.ok_or_else(unknown)?;
    if !may_align_to(actor, scene, &row) {
        return Err(unknown());
    }
    let chain = repo::ancestry(db, parent, DEEPEST_ALIGNMENT + 1).await?;
    if id.is_some_and(|id| chain.contains(&id.0)) {
        return Err(Failure::field("parent_id", "cycle", "It is aligned to this KPI itself."));
    }
    if chain.len() > DEEPEST_ALIGNMENT {
        let message = format!("At most {DEEPEST_ALIGNMENT} steps of alignment.");
        return Err(Failure::field("parent_id", "too_deep", message));
    }
    Ok(())
}

/// One aligns to what one sees, and to the KPIs of those who lead one's department or those above it.
fn may_align_to(actor: &Actor, scene: &Scene, parent: &kpi::Model) -> bool {
    let owner = UserId(parent.user_id);
    if policy::may_see(actor, policy::relation(&scene.directory, actor, owner, false)) {
        return true;
    }
    let department = actor.person.department_id;
    department
        .is_some_and(|id| scene.directory.ancestry(id).any(|department| department.manager_id == Some(owner)))
}

pub async fn check_period_open(db: &impl ConnectionTrait, definition: &KpiNew) -> Outcome<()> {
    let period = kpi_api::time::Period::new(definition.year, definition.quarter);
    if periods::is_closed(db, period).await? {
        return Err(Failure::new(Code::PeriodClosed, Code::PeriodClosed.title()));
    }
    Ok(())
}
