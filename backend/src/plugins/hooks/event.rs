//! What the function of a hook is called with.

use anyhow::anyhow;
use kpi_api::{
    id::{KpiId, UserId},
    time::Timestamp,
};
use serde_json::{Map, Value};

use crate::{
    app::Ctx,
    entity::plugin_delivery,
    kpi::repo as kpis,
    people::directory::Directory,
    platform::{failure::Outcome, outbox::Posted},
    plugins::{
        bundle::Bundle,
        hands::{kpi_facts, person_facts, stranger},
        host::facts::{HookEvent, Person},
    },
};

/// The event of a row of the queue.
pub fn posted(row: &plugin_delivery::Model) -> Outcome<Posted> {
    let kept: Value = serde_json::from_str(&row.event)?;
    let text = |key: &str| kept[key].as_str().map(str::to_owned);
    let lacks = || anyhow!("event {} of a plugin is not what was kept", row.id);
    Ok(Posted {
        id: row.outbox_id,
        seq: 0,
        at: Timestamp(row.at),
        name: text("name").ok_or_else(lacks)?,
        entity: text("entity").ok_or_else(lacks)?,
        entity_id: kept["entity_id"].as_i64().ok_or_else(lacks)?,
        actor: kept["actor_id"].as_i64().map(UserId),
        payload: kept["payload"].clone(),
    })
}

/// The argument: the event, and the KPI as it is now. Of people, a plugin that may not read them is told no more than
/// who they are.
pub async fn argument(ctx: &Ctx, bundle: &Bundle, event: &Posted) -> Outcome<HookEvent> {
    let directory = ctx.directory().await?;
    let knows_people = bundle.manifest.permissions.read_users;
    let person = |id: UserId| known(&directory, id, knows_people);
    let kpi = match event.number("kpi_id") {
        Some(id) => kpis::by_id_unscoped(ctx.db.read(), KpiId(id)).await?,
        None => None,
    };
    let kpi = kpi_facts(ctx, &directory, kpi.into_iter().collect(), knows_people).await?.pop();
    let said = |key: &str| match event.payload.get(key)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        // A sentence of a rule.
        sentence => sentence.get("text")?.as_str().map(str::to_owned),
    };
    let text = match event.name.as_str() {
        "reminder.due" => {
            let sentences: Vec<String> = ["title", "text"].into_iter().filter_map(said).collect();
            Some(sentences.join(" ")).filter(|text| !text.is_empty())
        }
        _ => said("excerpt"),
    };
    Ok(HookEvent {
        id: event.id,
        name: event.name.clone(),
        at: event.at.to_string(),
        actor: event.actor.and_then(person),
        user: event.number("user_id").map(UserId).and_then(person),
        // The reason of a reminder is its rule's word for the occasion, not a sentence.
        reason: said("reason").filter(|_| event.name != "reminder.due"),
        text,
        link: link(ctx, event),
        data: data(event),
        kpi,
    })
}

fn known(directory: &Directory, id: UserId, knows_people: bool) -> Option<Person> {
    let person = directory.person(id)?;
    Some(if knows_people { person_facts(directory, person) } else { stranger(person) })
}

/// The page to look at.
fn link(ctx: &Ctx, event: &Posted) -> String {
    let path = match (event.number("kpi_id"), event.name.as_str()) {
        (Some(kpi), "comment.created") => match event.number("comment_id") {
            Some(comment) => format!("/kpis/{kpi}?tab=comments#comment-{comment}"),
            None => format!("/kpis/{kpi}?tab=comments"),
        },
        (Some(kpi), "evidence.added") => format!("/kpis/{kpi}?tab=evidence"),
        (Some(kpi), _) => format!("/kpis/{kpi}"),
        (None, "user.created") => format!("/admin/people/{}", event.entity_id),
        (None, _) => "/".to_owned(),
    };
    format!("{}{path}", ctx.config.public_url)
}

/// What else the event carries: names and numbers, as far as they are said nowhere else.
fn data(event: &Posted) -> Map<String, Value> {
    const TOLD: [&str; 6] = ["kpi_id", "reason", "excerpt", "title", "text", "sealed_link"];
    let Value::Object(payload) = &event.payload else { return Map::new() };
    let rest = payload.iter().filter(|(key, value)| {
        !TOLD.contains(&key.as_str()) && (value.is_string() || value.is_number() || value.is_boolean())
    });
    rest.map(|(key, value)| (key.clone(), value.clone())).collect()
}
