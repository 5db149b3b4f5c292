//! Commands and questions about assignments.

use kpi_api::{
    approvals::UNDO_WINDOW,
    error::FieldError,
    id::{AssignmentId, KpiId, TemplateId, UserId},
    scoring::Severity,
    template::assign::{
        ASSIGNMENT_UNDO_WINDOW, AssignBody, AssignOutcome, Assignee, Assignment, AssignmentView, Assignments,
    },
    time::{Period, Timestamp},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::json;

use super::{
    plan::{self, Planned},
    repo,
};
use crate::{
    auth::actor::Call,
    entity::{kpi, template_assignment, template_assignment_item},
    kpi::{scoring::Scene, service::create},
    periods,
    platform::{
        db::work::{Event, Work},
        failure::{Failure, Outcome},
    },
    templates::service::{self as templates, Effective},
};

/// How many past assignments are shown of one template.
const SHOWN: u64 = 50;

/// What an assignment would come to. Nothing is stored.
pub async fn rehearse(call: &Call, id: TemplateId, body: AssignBody) -> Outcome<Assignment> {
    body.check().map_err(Failure::invalid)?;
    let scene = Scene::now(&call.ctx).await?;
    let (template, planned) = plan(call, call.ctx.db.read(), &scene, id, &body).await?;
    Ok(told(&template, &body, planned.into_iter().map(|one| one.shown).collect()))
}

async fn plan(
    call: &Call,
    db: &impl ConnectionTrait,
    scene: &Scene,
    id: TemplateId,
    body: &AssignBody,
) -> Outcome<(Effective, Vec<Planned>)> {
    let template = templates::effective(db, id).await?.ok_or_else(Failure::not_found)?;
    let planned = plan::make(call, db, scene, &template, body, call.ctx.clock.now()).await?;
    Ok((template, planned))
}

/// Makes a draft for everybody who gets one, all of them or none.
pub async fn assign(call: &Call, id: TemplateId, body: AssignBody) -> Outcome<Assignment> {
    body.check().map_err(Failure::invalid)?;
    let scene = Scene::now(&call.ctx).await?;
    // Before anybody has to wait: the rules are asked about hundreds of drafts.
    let before = plan(call, call.ctx.db.read(), &scene, id, &body).await;
    let mut work = call.begin().await?;
    if let Some(answer) = work.replay("POST /templates/assign", &(id, &body)).await? {
        return Ok(answer);
    }
    let (template, planned) = match before? {
        (template, planned) if plan::still_holds(work.tx(), &template, &body, &planned).await? => {
            (template, planned)
        }
        _ => plan(call, work.tx(), &scene, id, &body).await?,
    };
    let refused: Vec<FieldError> = planned.iter().flat_map(|one| faults(&one.shown)).collect();
    if !refused.is_empty() {
        return Err(Failure::invalid(refused));
    }
    let mut people = Vec::with_capacity(planned.len());
    let mut made = Vec::new();
    for Planned { mut shown, row } in planned {
        if let Some(row) = row {
            let row = kpi::Model { created_at: work.at().0, updated_at: work.at().0, ..row };
            let row = create::enter(call, &mut work, &scene, row).await?;
            shown.kpi_id = Some(KpiId(row.id));
            made.push(row);
        }
        people.push(shown);
    }
    if made.is_empty() {
        return Err(Failure::field("user_ids", "nobody", "None of these people would get one."));
    }
    let row = template_assignment::ActiveModel {
        template_id: Set(id.0),
        period: Set(periods::number(Period::new(body.year, body.quarter))),
        made: Set(made.len() as i64),
        at: Set(work.at().0),
        by_id: Set(call.who.id().0),
        until: Set(work.at().0 + ASSIGNMENT_UNDO_WINDOW),
        undone_at: Set(None),
        ..Default::default()
    };
    let assignment = repo::insert(work.tx(), row).await?;
    let mut items = Vec::with_capacity(made.len());
    for row in &made {
        items.push(template_assignment_item::ActiveModel {
            assignment_id: Set(assignment.id),
            kpi_id: Set(row.id),
            user_id: Set(row.user_id),
            outbox_id: Set(announce(&mut work, row, assignment.id).await?),
            ..Default::default()
        });
    }
    repo::insert_items(work.tx(), items).await?;
    let detail = json!({
        "assignment_id": assignment.id,
        "year": body.year,
        "quarter": body.quarter,
        "kpi_ids": made.iter().map(|row| row.id).collect::<Vec<_>>(),
    });
    work.audit("template.assign", "template", Some(id.0), detail).await?;
    let answer = Assignment {
        id: Some(AssignmentId(assignment.id)),
        undo_until: Some(Timestamp(assignment.until)),
        ..told(&template, &body, people)
    };
    work.commit(&answer).await?;
    Ok(answer)
}

/// Tells the owner, a little later: what was assigned by mistake is mostly noticed at once.
async fn announce(work: &mut Work, row: &kpi::Model, assignment: i64) -> Outcome<i64> {
    let payload = json!({
        "kpi_id": row.id,
        "title": row.title,
        "owner_id": row.user_id,
        "status": row.status,
        "version": row.version,
        "assignment_id": assignment,
    });
    let event = Event { name: "kpi.assigned", entity: "kpi", entity_id: row.id, payload };
    work.emit_after(event, UNDO_WINDOW).await
}

/// Why somebody's draft is refused, under `people.<id>.<field>`.
fn faults(shown: &Assignee) -> Vec<FieldError> {
    if shown.outcome != AssignOutcome::Refused {
        return Vec::new();
    }
    let errors = shown.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let at = |field: &str| format!("people.{}.{field}", shown.user_id);
    errors.map(|finding| FieldError::new(at(&finding.field), "rule", &finding.message.text)).collect()
}

fn told(template: &Effective, body: &AssignBody, people: Vec<Assignee>) -> Assignment {
    let count =
        |outcome: AssignOutcome| people.iter().filter(|person| person.outcome == outcome).count() as u32;
    Assignment {
        id: None,
        template_id: template.id,
        template_name: template.name.clone(),
        template_version: template.version.map_or(0, |number| number as u32),
        year: body.year,
        quarter: body.quarter,
        undo_until: None,
        gets: count(AssignOutcome::Gets),
        skipped: count(AssignOutcome::Skipped),
        refused: count(AssignOutcome::Refused),
        people,
    }
}

/// What was assigned from a template lately.
pub async fn list(call: &Call, id: TemplateId) -> Outcome<Assignments> {
    let db = call.ctx.db.read();
    if !call.ctx.template_names().await?.contains_key(&id.0) {
        return Err(Failure::not_found());
    }
    let (directory, now) = (call.ctx.directory().await?, call.ctx.clock.now());
    let items = repo::of_template(db, id.0, SHOWN).await?.into_iter().map(|row| {
        let period = periods::from_number(row.period);
        let by = UserId(row.by_id);
        AssignmentView {
            id: AssignmentId(row.id),
            template_id: TemplateId(row.template_id),
            year: period.year,
            quarter: period.quarter,
            made: row.made as u32,
            at: Timestamp(row.at),
            by,
            by_name: directory.name(by),
            undo_until: Some(Timestamp(row.until)).filter(|until| row.undone_at.is_none() && now.0 < until.0),
            undone_at: row.undone_at.map(Timestamp),
        }
    });
    Ok(Assignments { items: items.collect() })
}
