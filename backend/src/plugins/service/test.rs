//! Calling a hook with an example of its event, for whoever sets a plugin up.

use kpi_api::{
    error::Code,
    plugin::{PluginProblem, PluginState, PluginTest, PluginTested},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::wrong_state;
use crate::{
    auth::actor::Call,
    entity::kpi,
    kpi::convert::word,
    platform::{
        failure::{Failure, Outcome},
        outbox::Posted,
    },
    plugins::{
        calling::{self, Occasion},
        hooks::event,
    },
};

/// Calls the function, which really does what it does; its events are examples about the caller and the KPI changed
/// last. 409 where the plugin does not run; it may have been switched off for good reasons.
pub async fn test(call: &Call, id: &str, test: &PluginTest) -> Outcome<PluginTested> {
    let ctx = &call.ctx;
    if ctx.config.safe_mode {
        return Err(Failure::new(Code::SafeMode, Code::SafeMode.title()));
    }
    let plugins = ctx.plugins().await?;
    let installed = plugins.get(id).ok_or_else(Failure::not_found)?;
    let bundle = installed.bundle().ok_or_else(|| wrong_state("Its files are damaged; install it again."))?;
    if installed.state() != PluginState::Enabled {
        return Err(wrong_state("It does not run; enable it first."));
    }
    let hooks = &bundle.manifest.hooks;
    let Some(hook) = hooks.iter().find(|hook| hook.event == test.event) else {
        return Err(Failure::field("event", "unknown_value", "The plugin does not wait for this event."));
    };
    let argument = event::argument(ctx, bundle, &example(call, &hook.event).await?).await?;
    let argument = serde_json::to_value(argument)?;
    // Before the call: what it sends to others cannot be taken back.
    let mut work = ctx.begin(call.who.by()?).await?;
    let detail = json!({ "id": id, "event": hook.event, "function": hook.function });
    work.audit("plugin.test", "plugin", Some(installed.row.id), detail).await?;
    work.commit(&()).await?;
    let called = calling::call(ctx, installed, &hook.function, argument.clone(), Occasion::Test).await?;
    calling::settle_alone(ctx, installed, &hook.function, &called).await?;
    Ok(match called.outcome {
        Ok(done) => PluginTested {
            function: hook.function.clone(),
            argument,
            result: done.value,
            log: done.log,
            operations: done.operations,
            took_ms: done.took.as_millis() as u64,
            error: None,
        },
        Err(failed) => PluginTested {
            function: hook.function.clone(),
            argument,
            result: Value::Null,
            log: failed.log.clone(),
            operations: 0,
            took_ms: failed.took.as_millis() as u64,
            error: Some(PluginProblem {
                file: bundle.manifest.script.clone().unwrap_or_default(),
                line: failed.line,
                column: None,
                code: failed.kind.as_str().to_owned(),
                message: failed.message,
            }),
        },
    })
}

/// An event such as the outbox hands over. It has the number 0, as none really happened.
async fn example(call: &Call, name: &str) -> Outcome<Posted> {
    let ctx = &call.ctx;
    let mut query = kpi::Entity::find();
    if let Some(status) = name.strip_prefix("kpi.") {
        let status: Result<kpi_api::kpi::Status, _> = word(status);
        if let Ok(status) = status {
            query = query.filter(kpi::Column::Status.eq(status.as_str()));
        }
    }
    let find = async |query: sea_orm::Select<kpi::Entity>| {
        query.order_by_desc(kpi::Column::UpdatedAt).one(ctx.db.read()).await
    };
    let kpi = match find(query).await? {
        Some(kpi) => Some(kpi),
        None => find(kpi::Entity::find()).await?,
    };
    let is_about_a_kpi = !name.starts_with("user.") && !name.starts_with("period.");
    let kpi = kpi.filter(|_| is_about_a_kpi);
    let user = call.who.id();
    let mut payload = json!({ "user_id": user });
    if let Some(kpi) = &kpi {
        payload["kpi_id"] = json!(kpi.id);
        payload["owner_id"] = json!(kpi.user_id);
    }
    match name {
        "kpi.rejected" | "kpi.returned" => payload["reason"] = json!("An example of a reason."),
        "comment.created" => payload["excerpt"] = json!("An example of a comment."),
        "evidence.added" => payload["name"] = json!("example.pdf"),
        "reminder.due" => payload["title"] = json!("An example of a reminder."),
        _ => {}
    }
    Ok(Posted {
        id: 0,
        seq: 0,
        at: ctx.clock.now(),
        name: name.to_owned(),
        entity: if kpi.is_some() { "kpi" } else { "user" }.to_owned(),
        entity_id: kpi.map_or(user.0, |kpi| kpi.id),
        actor: Some(user),
        payload,
    })
}
