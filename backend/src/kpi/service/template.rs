//! A draft and the template it was made from: what has changed there since, and taking it over. Nothing is ever taken
//! over by itself.

use kpi_api::{
    id::KpiId,
    kpi::{Act, KpiNew, KpiView},
    template::{
        EvidenceContract, TemplateFields,
        change::{ApplyTemplateBody, OfferedChange, TemplateOffer},
        custom,
    },
    time::Period,
};
use kpi_engine::Event;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value, json};

use super::{Trace, admit, edit, leave_trace, load, store, view};
use crate::{
    auth::actor::Call,
    entity::kpi,
    kpi::{convert, machine, scoring::Scene},
    periods,
    platform::failure::{Failure, Outcome},
    templates::versions,
};

/// Fields that a KPI can be without; what the template no longer says of others stays as it is.
const CAN_BE_EMPTY: [&str; 11] = [
    "baseline",
    "target",
    "stretch",
    "lower",
    "upper",
    "cap",
    "milestones",
    "tags",
    "custom_fields",
    "evidence",
    "check_in_days",
];

/// What the template has changed since the version that the KPI holds to; `None` where taking it over would change
/// nothing.
pub async fn offer(db: &impl ConnectionTrait, row: &kpi::Model) -> Outcome<Option<TemplateOffer>> {
    let (Some(template), Some(from)) = (row.template_id, row.template_version) else { return Ok(None) };
    let Some((then, to, now)) = versions::since(db, template, from).await? else { return Ok(None) };
    let changes = offered(&fields_of(row)?, &blank(row), &then, &now);
    if !changes.iter().any(|change| change.differs_from_mine) {
        return Ok(None);
    }
    Ok(Some(TemplateOffer { from_version: from as u32, to_version: to as u32, changes }))
}

/// Compares field by field. `blank` is what a field has where no template says anything.
fn offered(
    mine: &Map<String, Value>,
    blank: &Map<String, Value>,
    then: &TemplateFields,
    now: &TemplateFields,
) -> Vec<OfferedChange> {
    let value = |of: &Map<String, Value>, name: &str| of.get(name).cloned().unwrap_or_default();
    versions::changes(then, now)
        .into_iter()
        .filter(|change| !change.new.is_null() || CAN_BE_EMPTY.contains(&change.field.as_str()))
        .map(|change| {
            let or_blank = |said: Value| if said.is_null() { value(blank, &change.field) } else { said };
            let mine = value(mine, &change.field);
            let (then, now) = (or_blank(change.old), or_blank(change.new));
            OfferedChange {
                differs_from_mine: mine != now,
                edited: mine != then,
                field: change.field,
                mine,
                template_then: then,
                template_now: now,
            }
        })
        .collect()
}

/// A KPI's fields by the names that templates have for them.
fn fields_of(row: &kpi::Model) -> Outcome<Map<String, Value>> {
    named(
        &convert::definition(row)?,
        json!(convert::custom_definitions(row)?),
        serde_json::from_str(&row.evidence)?,
        row.check_in_days,
    )
}

fn blank(row: &kpi::Model) -> Map<String, Value> {
    let period: Period = periods::from_number(row.period);
    let contract = json!(EvidenceContract::default());
    named(&KpiNew::blank(period.year, period.quarter), json!([]), contract, None).unwrap_or_default()
}

fn named(
    definition: &KpiNew,
    custom: Value,
    evidence: Value,
    check_in_days: Option<i64>,
) -> Outcome<Map<String, Value>> {
    let Value::Object(mut fields) = serde_json::to_value(definition)? else { return Ok(Map::new()) };
    fields.insert("custom_fields".into(), custom);
    fields.insert("evidence".into(), evidence);
    fields.insert("check_in_days".into(), json!(check_in_days));
    Ok(fields)
}

/// Takes over some of what is offered; from then on the KPI holds to the template's present version.
pub async fn apply(call: &Call, id: KpiId, body: ApplyTemplateBody) -> Outcome<KpiView> {
    let scene = Scene::now(&call.ctx).await?;
    let mut work = call.begin().await?;
    let mut loaded = load(work.tx(), &call.who, &scene, id).await?;
    admit(&work, &call.who, &mut loaded, Act::Edit).await?;
    let before = loaded.row;
    let none = || Failure::field("fields", "nothing_offered", "The template has nothing new for this KPI.");
    let offer = offer(work.tx(), &before).await?.ok_or_else(none)?;
    let (definition, base) = taken(&before, &offer, &body.fields)?;
    let mut after = edit::define(call, &work, &scene, &before, base, definition, Event::Update).await?;
    store(&work, &call.who, &before, &mut after).await?;
    let trace = Trace {
        act: "apply_template",
        event: machine::event(Act::Edit),
        reason: None,
        before: Some(&before),
        payload: json!({ "template_version": offer.to_version, "fields": body.fields }),
    };
    leave_trace(&mut work, &call.who, &after, trace).await?;
    let view = view::of(&call.ctx, work.tx(), &call.who, &scene, after).await?;
    work.commit(&view).await?;
    Ok(view)
}

/// The definition with the chosen fields, and the row with what of them is no part of a definition.
fn taken(row: &kpi::Model, offer: &TemplateOffer, chosen: &[String]) -> Outcome<(KpiNew, kpi::Model)> {
    let unknown = |index: usize| {
        Failure::field(format!("fields.{index}"), "unknown_value", "This field is not among those offered.")
    };
    let mut row = kpi::Model { template_version: Some(i64::from(offer.to_version)), ..row.clone() };
    let definition = convert::definition(&row)?;
    let mut fields = match serde_json::to_value(&definition)? {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let mut values = definition.custom_fields;
    for (index, name) in chosen.iter().enumerate() {
        let change = offer.changes.iter().find(|change| change.field == *name);
        let now = &change.ok_or_else(|| unknown(index))?.template_now;
        match name.as_str() {
            "custom_fields" => {
                let definitions: Vec<custom::CustomField> = serde_json::from_value(now.clone())?;
                row.custom_definitions = serde_json::to_string(&definitions)?;
                values = custom::fitting(&definitions, values);
            }
            "evidence" => row.evidence = now.to_string(),
            "check_in_days" => row.check_in_days = now.as_i64(),
            _ => {
                fields.insert(name.clone(), now.clone());
            }
        }
    }
    fields.insert("custom_fields".into(), Value::Object(values));
    Ok((serde_json::from_value(Value::Object(fields))?, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        let Value::Object(map) = value else { panic!("an object") };
        map
    }

    #[test]
    fn what_the_owner_set_otherwise_is_told_apart() {
        let then = TemplateFields {
            target: Some(10.0),
            unit: Some("h".into()),
            title: Some("Calls".into()),
            cap: Some(110.0),
            ..Default::default()
        };
        let now = TemplateFields {
            target: Some(20.0),
            unit: Some("d".into()),
            title: None,
            weight: Some(30.0),
            ..Default::default()
        };
        let blank = map(json!({ "target": null, "unit": "", "weight": 20.0, "cap": null }));
        let mine =
            map(json!({ "target": 15.0, "unit": "h", "weight": 30.0, "title": "Calls", "cap": 110.0 }));
        let found: Vec<(String, bool, bool)> = offered(&mine, &blank, &then, &now)
            .into_iter()
            .map(|change| (change.field, change.differs_from_mine, change.edited))
            .collect();
        // The title is no longer said: a KPI cannot be without one. The weight is set already as it is said now.
        let expected =
            [("unit", true, false), ("target", true, true), ("weight", false, true), ("cap", true, false)];
        assert_eq!(found, expected.map(|(name, differs, edited)| (name.to_owned(), differs, edited)));
    }
}
