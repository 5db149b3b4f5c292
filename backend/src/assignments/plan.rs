//! Who gets what: the same plan is shown beforehand and carried out.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use kpi_api::{
    error::{Code, FieldError},
    id::{KpiId, UserId},
    kpi::{KpiNew, KpiPatch},
    scoring::{Finding, Said, Severity},
    template::assign::{ASSIGNED_MAX, AssignBody, AssignOutcome, AssignedDraft, Assignee, SkipReason},
    time::{Period, Timestamp},
};
use kpi_engine::Event;
use sea_orm::ConnectionTrait;

use super::repo;
use crate::{
    auth::actor::Call,
    entity::kpi,
    kpi::{
        scoring::Scene,
        service::create::{check_parent, check_period_open, drafted, look_at_definition},
    },
    people::directory::{Directory, Person},
    periods,
    platform::failure::{Failure, Outcome},
    templates::{self, service::Effective},
};

/// What becomes of one person, and the row that is stored if they get a draft.
pub struct Planned {
    pub shown: Assignee,
    pub row: Option<kpi::Model>,
}

/// Plans for everybody, by name.
///
/// # Errors
/// 422 where the request itself makes no sense, 409 when the quarter is closed. What is wrong with a single person's
/// draft is said with that person.
pub async fn make(
    call: &Call,
    db: &impl ConnectionTrait,
    scene: &Scene,
    template: &Effective,
    body: &AssignBody,
    at: Timestamp,
) -> Outcome<Vec<Planned>> {
    if !template.is_active {
        return Err(Failure::field("template_id", "inactive", "The template is not in use any more."));
    }
    check_period_open(db, &KpiNew::blank(body.year, body.quarter)).await?;
    let people = chosen(&scene.directory, body)?;
    let period = periods::number(Period::new(body.year, body.quarter));
    let ids: Vec<i64> = people.iter().map(|person| person.id.0).collect();
    let have: HashMap<i64, i64> = repo::having(db, template.id.0, period, &ids).await?.into_iter().collect();
    let own: HashMap<UserId, (bool, &KpiPatch)> =
        body.people.iter().map(|one| (one.user_id, (one.leave_out, &one.overrides))).collect();
    let mut planned = Vec::with_capacity(people.len());
    for person in people {
        let (left_out, overrides) =
            own.get(&person.id).map_or((false, None), |(out, own)| (*out, Some(*own)));
        let has = have.get(&person.id.0).copied().map(KpiId);
        let reason = match has {
            _ if left_out => Some(SkipReason::LeftOut),
            _ if !person.is_active => Some(SkipReason::Inactive),
            Some(_) => Some(SkipReason::HasOne),
            None if !template.for_role(person.role) => Some(SkipReason::NotForRole),
            None if !template.for_department(person.department_id, &scene.directory) => {
                Some(SkipReason::NotForDepartment)
            }
            None => None,
        };
        let department = person.department_id.and_then(|id| scene.directory.department_name(id));
        let mut shown = Assignee {
            user_id: person.id,
            user_name: person.full_name.clone(),
            department_name: department,
            outcome: AssignOutcome::Skipped,
            reason,
            kpi_id: has.filter(|_| reason == Some(SkipReason::HasOne)),
            draft: None,
            findings: Vec::new(),
        };
        if reason.is_some() {
            planned.push(Planned { shown, row: None });
            continue;
        }
        let definition = definition(template, body, person.id, overrides);
        let (outcome, row) = draft(call, db, scene, template, definition, at, &mut shown).await?;
        shown.outcome = outcome;
        planned.push(Planned { shown, row });
    }
    Ok(planned)
}

/// Whether a plan made a moment ago would come out the same: the template, the quarter, and who has a KPI of it already.
pub async fn still_holds(
    db: &impl ConnectionTrait,
    template: &Effective,
    body: &AssignBody,
    planned: &[Planned],
) -> Outcome<bool> {
    check_period_open(db, &KpiNew::blank(body.year, body.quarter)).await?;
    let now = templates::service::effective(db, template.id).await?;
    let is_same = |now: &Effective| now.version == template.version && now.is_active == template.is_active;
    if !now.as_ref().is_some_and(is_same) {
        return Ok(false);
    }
    let drafted = planned.iter().filter(|one| one.row.is_some()).map(|one| one.shown.user_id.0);
    let period = periods::number(Period::new(body.year, body.quarter));
    Ok(repo::having(db, template.id.0, period, &drafted.collect::<Vec<_>>()).await?.is_empty())
}

/// Those named, and those of the department; nobody twice, by name.
fn chosen(directory: &Directory, body: &AssignBody) -> Outcome<Vec<Arc<Person>>> {
    let mut people: BTreeMap<(String, UserId), Arc<Person>> = BTreeMap::new();
    let mut add = |person: &Arc<Person>| {
        people.insert((person.full_name.to_lowercase(), person.id), Arc::clone(person));
    };
    for (index, id) in body.user_ids.iter().enumerate() {
        let unknown = || Failure::field(format!("user_ids.{index}"), "unknown", "There is no such person.");
        add(directory.person(*id).ok_or_else(unknown)?);
    }
    if let Some(department) = body.department_id {
        let unknown = || Failure::field("department_id", "unknown", "There is no such department.");
        directory.department(department).ok_or_else(unknown)?;
        let mut within = directory.subtree(department);
        if !body.with_below {
            within.retain(|id| *id == department);
        }
        let of_role = |person: &Person| body.role.is_none_or(|role| person.role == role);
        for person in directory.people() {
            let is_there = person.department_id.is_some_and(|id| within.contains(&id));
            if person.is_active && is_there && of_role(person) {
                add(person);
            }
        }
    }
    if people.len() > ASSIGNED_MAX {
        return Err(Failure::field("user_ids", "too_many", format!("At most {ASSIGNED_MAX}.")));
    }
    Ok(people.into_values().collect())
}

/// What the person's KPI begins with: the person's overrides over everybody's over the template's fields.
fn definition(template: &Effective, body: &AssignBody, owner: UserId, own: Option<&KpiPatch>) -> KpiNew {
    let mut kpi = KpiNew::blank(body.year, body.quarter);
    kpi.user_id = Some(owner);
    kpi.template_id = Some(template.id);
    template.fields.fill(&mut kpi);
    let mut kpi = kpi.patched(body.overrides.clone());
    if let Some(own) = own {
        kpi = kpi.patched(own.clone());
    }
    if kpi.title.trim().is_empty() {
        kpi.title.clone_from(&template.name);
    }
    kpi
}

/// Looks at a draft without storing it.
async fn draft(
    call: &Call,
    db: &impl ConnectionTrait,
    scene: &Scene,
    template: &Effective,
    definition: KpiNew,
    at: Timestamp,
    shown: &mut Assignee,
) -> Outcome<(AssignOutcome, Option<kpi::Model>)> {
    let mut said = AssignedDraft {
        title: definition.title.clone(),
        kind: definition.kind,
        unit: definition.unit.clone(),
        decimals: definition.decimals,
        target: definition.target,
        lower: definition.lower,
        upper: definition.upper,
        weight: definition.weight,
        period_weight: definition.weight,
    };
    let parent = check_parent(db, &call.who, scene, None, definition.parent_id).await;
    let row = parent.and_then(|()| drafted(call, scene, at, shown.user_id, definition, Some(template)));
    let row = match row {
        Ok(row) => row,
        Err(Failure::Known { code: Code::Invalid, errors, .. }) => {
            shown.findings = errors.iter().map(finding).collect();
            shown.draft = Some(said);
            return Ok((AssignOutcome::Refused, None));
        }
        Err(other) => return Err(other),
    };
    let (findings, weight) = look_at_definition(call, db, scene, &row, Event::Create).await?;
    said.period_weight = weight;
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    shown.findings = findings;
    shown.draft = Some(said);
    let outcome = if refused { AssignOutcome::Refused } else { AssignOutcome::Gets };
    Ok((outcome, Some(row).filter(|_| !refused)))
}

fn finding(error: &FieldError) -> Finding {
    Finding {
        severity: Severity::Error,
        field: error.field.clone(),
        message: Said::plain(error.message.as_str()),
    }
}
