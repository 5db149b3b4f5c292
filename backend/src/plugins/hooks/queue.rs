//! Notes what plugins are to be told of.

use futures_util::future::BoxFuture;
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};

use crate::{
    app::Ctx,
    platform::{
        failure::Outcome,
        outbox::{Consumer, Posted},
    },
    plugins::{bundle::EVENTS, repo::deliveries},
};

/// Characters kept of a text of an event.
const TEXT_MAX: usize = 2000;

pub struct Queue(pub Ctx);

impl Consumer for Queue {
    fn name(&self) -> &'static str {
        "plugins"
    }

    fn wants(&self, event: &Posted) -> bool {
        !self.0.config.safe_mode && EVENTS.contains(&event.name.as_str())
    }

    fn take<'a>(&'a self, tx: &'a DatabaseTransaction, event: &'a Posted) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let plugins = self.0.plugins().await?;
            let mut text = None;
            for installed in plugins.running() {
                let hooks = installed.bundle().map(|bundle| bundle.manifest.hooks.as_slice());
                for hook in hooks.unwrap_or_default().iter().filter(|hook| hook.event == event.name) {
                    let fresh = deliveries::Fresh {
                        plugin: installed.row.id,
                        outbox: event.id,
                        function: &hook.function,
                        subject: &subject(event),
                        event: text.get_or_insert_with(|| kept(event).to_string()),
                        at: event.at.0,
                    };
                    deliveries::queue(tx, fresh).await?;
                }
            }
            Ok(())
        })
    }

    fn delivered<'a>(&'a self, events: &'a [std::sync::Arc<Posted>]) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if events.iter().any(|event| self.wants(event)) {
                self.0.fleet.ring();
            }
        })
    }
}

/// What has to be told in order: everything about one KPI, or about one of whatever else it is.
fn subject(event: &Posted) -> String {
    match event.number("kpi_id") {
        Some(kpi) => format!("kpi {kpi}"),
        None => format!("{} {}", event.entity, event.entity_id),
    }
}

fn kept(event: &Posted) -> Value {
    let mut payload = event.payload.clone();
    if let Value::Object(fields) = &mut payload {
        for value in fields.values_mut() {
            if let Value::String(text) = value
                && text.chars().count() > TEXT_MAX
            {
                *text = text.chars().take(TEXT_MAX).collect();
            }
        }
    }
    json!({
        "name": event.name,
        "entity": event.entity,
        "entity_id": event.entity_id,
        "actor_id": event.actor,
        "payload": payload,
    })
}
