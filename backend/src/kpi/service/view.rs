//! The detail of a KPI as one person sees it.

use kpi_api::{
    id::{DepartmentId, KpiId, TemplateId, UserId, Version},
    kpi::{Act, KpiView, expected_value},
    scoring::{Pace, RuleKind},
    time::{Period, Timestamp},
};
use kpi_engine::Event;
use sea_orm::ConnectionTrait;

use super::{custom, find, period_weight, tell_around, template, undo};
use crate::{
    app::Ctx,
    auth::actor::Actor,
    entity::kpi,
    kpi::{
        convert::{self, word},
        policy,
        repo::{self, AlignedRow},
        scoring::{Occasion, Scene, Subject},
    },
    platform::failure::{Failure, Outcome},
};

/// Shows a KPI that the actor may see.
pub async fn of(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    scene: &Scene,
    row: kpi::Model,
) -> Outcome<KpiView> {
    let aligned = repo::aligned_unscoped(db, row.id, row.parent_id).await?;
    among(ctx, db, actor, scene, row, &aligned).await
}

/// Shows a KPI among those that it is aligned to and that are aligned to it.
pub async fn among(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    scene: &Scene,
    row: kpi::Model,
    aligned: &[AlignedRow],
) -> Outcome<KpiView> {
    let directory = &scene.directory;
    let definition = convert::definition(&row)?;
    let period = Period::new(definition.year, definition.quarter);
    let (starts_on, ends_on) = period.bounds(scene.first_month).ok_or_else(Failure::not_found)?;
    let elapsed = period.elapsed(scene.today, scene.first_month);
    let standing = policy::Standing {
        relation: policy::relation(directory, actor, UserId(row.user_id), true),
        status: convert::status(&row)?,
        was_approved: row.approved_at.is_some(),
        period_closed: scene.closed.contains(&row.period),
    };
    let actions = policy::actions(actor, standing);
    // Only who may submit is told what stands in the way of it.
    let may_submit = actions.iter().any(|action| action.name == Act::Submit && action.allowed);
    let custom_definitions = convert::custom_definitions(&row)?;
    let findings = if may_submit {
        let mut subject = Subject::stored(&row, &[], &scene.zone)?;
        tell_around(ctx, db, RuleKind::Validate, &row, &mut subject).await?;
        let weight = period_weight(db, &subject).await?;
        let occasion = Occasion { event: Event::Submit, actor: Some(actor.id()), period_weight: weight };
        let missing = custom::findings(&custom_definitions, &definition.custom_fields);
        let mut found = find(ctx, scene, subject, occasion).await?;
        found.extend(missing);
        found
    } else {
        Vec::new()
    };
    let (mut parent, mut children) = (None, Vec::new());
    for other in aligned {
        if Some(other.id) == row.parent_id {
            parent = Some(convert::reference(other, directory)?);
        } else if policy::may_see(actor, policy::relation(directory, actor, UserId(other.user_id), false)) {
            children.push(convert::reference(other, directory)?);
        }
    }
    let template_name = match row.template_id {
        Some(id) => ctx.template_names().await?.get(&id).cloned(),
        None => None,
    };
    let may_edit = actions.iter().any(|action| action.name == Act::Edit && action.allowed);
    let template_offer = if may_edit { template::offer(db, &row).await? } else { None };
    let undo_until = undo::until(ctx, db, actor, &row).await?;
    Ok(KpiView {
        id: KpiId(row.id),
        user_id: UserId(row.user_id),
        user_name: directory.name(UserId(row.user_id)),
        department_id: row.department_id.map(DepartmentId),
        department_name: row.department_id.and_then(|id| directory.department_name(DepartmentId(id))),
        template_id: row.template_id.map(TemplateId),
        template_name,
        template_version: row.template_version.map(|number| number as u32),
        template_offer,
        starts_on,
        ends_on,
        expected_value: expected_value(&definition, elapsed),
        year: definition.year,
        quarter: definition.quarter,
        title: definition.title,
        description: definition.description,
        category: definition.category,
        measurement_method: definition.measurement_method,
        kind: definition.kind,
        unit: definition.unit,
        decimals: definition.decimals,
        direction: definition.direction,
        baseline: definition.baseline,
        target: definition.target,
        stretch: definition.stretch,
        lower: definition.lower,
        upper: definition.upper,
        rollup: definition.rollup,
        weight: definition.weight,
        cap: definition.cap,
        milestones: definition.milestones,
        parent,
        children,
        due_date: definition.due_date,
        tags: definition.tags,
        custom_fields: definition.custom_fields,
        custom_definitions,
        current_value: row.current_value,
        progress_percentage: row.progress,
        score: row.score,
        attainment: row.attainment,
        band: word(&row.band)?,
        is_flagged: row.is_flagged,
        pace: Pace::of(row.attainment, elapsed),
        status: standing.status,
        returned_reason: row.returned_reason,
        findings,
        actions,
        created_at: Timestamp(row.created_at),
        created_by: UserId(row.created_by),
        updated_at: Timestamp(row.updated_at),
        updated_by: UserId(row.updated_by),
        submitted_at: row.submitted_at.map(Timestamp),
        submitted_by: row.submitted_by.map(UserId),
        approved_at: row.approved_at.map(Timestamp),
        approved_by: row.approved_by.map(UserId),
        closed_at: row.closed_at.map(Timestamp),
        closed_by: row.closed_by.map(UserId),
        undo_until,
        version: Version(row.version),
    })
}
