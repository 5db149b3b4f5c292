//! Taking KPIs over into another quarter.

use kpi_api::{
    id::{KpiId, UserId},
    kpi::{Act, CopyBody, ItemResult, ItemResults},
    template::custom,
};

use super::{
    create::{insert, usable_template},
    load,
};
use crate::{
    auth::actor::Call,
    kpi::{convert, policy, scoring::Scene},
    platform::{
        db::work::Work,
        failure::{Failure, Outcome},
    },
};

const MOST: usize = 100;

/// Copies definitions, not values: each copy is a draft of the same owner. What cannot be copied is told item by
/// item; the rest goes through.
pub async fn copy(call: &Call, body: CopyBody) -> Outcome<ItemResults> {
    let mut check = kpi_api::check::Check::new();
    check.year("year", body.year);
    check.ensure(!body.ids.is_empty(), "ids", "required", "Choose at least one.");
    check.ensure(body.ids.len() <= MOST, "ids", "too_many", format!("At most {MOST}."));
    check.done().map_err(Failure::invalid)?;
    let scene = Scene::now(&call.ctx).await?;
    let mut work = call.begin().await?;
    if let Some(done) = work.replay("POST /kpis/copy", &body).await? {
        return Ok(done);
    }
    let mut items = Vec::with_capacity(body.ids.len());
    for &id in &body.ids {
        let item = match copy_one(call, &mut work, &scene, id, &body).await {
            Ok(new_id) => ItemResult { id, ok: true, new_id: Some(new_id), code: None, detail: None },
            Err(failure @ Failure::Known { .. }) => ItemResult {
                id,
                ok: false,
                new_id: None,
                code: Some(failure.code()),
                detail: Some(failure.to_string()),
            },
            Err(internal) => return Err(internal),
        };
        items.push(item);
    }
    let answer = ItemResults { items };
    work.commit(&answer).await?;
    Ok(answer)
}

async fn copy_one(call: &Call, work: &mut Work, scene: &Scene, id: KpiId, to: &CopyBody) -> Outcome<KpiId> {
    let source = load(work.tx(), &call.who, scene, id).await?;
    let owner = UserId(source.row.user_id);
    let relation = source.standing.relation;
    if !call.who.may(kpi_api::permission::Capability::CreateKpi, relation) {
        return Err(Failure::new(
            kpi_api::error::Code::NotAllowed,
            "Only the owner or an administrator copies a KPI.",
        ));
    }
    policy::ensure(&call.who, source.standing, Act::Copy)?;
    let mut definition = convert::definition(&source.row)?;
    definition.year = to.year;
    definition.quarter = to.quarter;
    // The date and the alignment belong to the old quarter.
    definition.due_date = None;
    definition.parent_id = None;
    definition.milestones.iter_mut().for_each(|milestone| milestone.done = false);
    let template = match definition.template_id {
        // A template that was withdrawn since does not keep anybody from going on.
        Some(template) => usable_template(work.tx(), scene, owner, template).await.ok(),
        None => None,
    };
    if template.is_none() {
        definition.template_id = None;
    }
    // What was filled in for fields that are gone or different by now stays behind.
    let custom = template.as_ref().and_then(|template| template.fields.custom_fields.as_deref());
    definition.custom_fields =
        custom::fitting(custom.unwrap_or_default(), std::mem::take(&mut definition.custom_fields));
    let row = insert(call, work, scene, owner, definition, template).await?;
    Ok(KpiId(row.id))
}
