//! Plugins over HTTP.

use kpi_api::{
    page::Page,
    plugin::{
        PluginCheck, PluginDetail, PluginGrant, PluginList, PluginLogLevel, PluginLogRow, PluginSettings,
        PluginSettingsPut, PluginTest, PluginTested, PluginUninstalled, PluginWidgets,
    },
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{cards, receiving::receive, service};
use crate::{
    auth::actor::{Call, Entered},
    platform::{
        failure::Outcome,
        http::{Answer, Reply, form::Incoming},
        paging::Paging,
    },
};

/// A plugin as an archive, or the name of one that is there; exactly one of them.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a form, which is read part by part")]
pub struct PluginForm {
    /// A zip archive of the plugin's folder.
    #[schema(value_type = Option<String>, format = Binary)]
    file: Vec<u8>,
    /// Of a plugin that comes with the application or lies in the operator's folder.
    id: Option<String>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LogQuery {
    /// From 1.
    page: Option<u32>,
    /// 1 to 100.
    per_page: Option<u32>,
    /// Only these lines.
    #[param(inline)]
    level: Option<PluginLogLevel>,
}

fn locale(call: &Call) -> &str {
    &call.who.person.locale
}

/// The plugins that are installed and those that could be, each with what it may do, what it adds and how it fares.
#[utoipa::path(get, path = "/plugins", tag = "plugins", responses((status = 200, body = PluginList)))]
pub async fn list(call: Entered) -> Answer<PluginList> {
    let call = call?;
    Ok(Reply::Ok(service::list(&call.ctx, locale(&call)).await?))
}

/// Looks at a bundle without installing it: what it asks for, what it adds, and what its rules would do to scores. What
/// is wrong with it is told by file, line and column. Instead of a form, `{"id": "..."}` may be sent as JSON.
#[utoipa::path(post, path = "/plugins/check", tag = "plugins",
    request_body(content((PluginForm = "multipart/form-data"), (kpi_api::plugin::PluginChosen = "application/json"))),
    responses((status = 200, body = PluginCheck)))]
pub async fn check(call: Entered, incoming: Incoming) -> Answer<PluginCheck> {
    let (call, source) = receive(call, &incoming).await?;
    Ok(Reply::Ok(service::check(&call.ctx, source, locale(&call)).await?))
}

/// Installs a bundle, or puts a newer version in the place of the installed one. It runs once it is enabled. Instead of
/// a form, `{"id": "..."}` may be sent as JSON. A bundle with faults is refused, each named by file, line and column.
#[utoipa::path(post, path = "/plugins/install", tag = "plugins",
    request_body(content((PluginForm = "multipart/form-data"), (kpi_api::plugin::PluginChosen = "application/json"))),
    responses((status = 201, body = PluginDetail)))]
pub async fn install(call: Entered, incoming: Incoming) -> Answer<PluginDetail> {
    let (call, source) = receive(call, &incoming).await?;
    let view = service::install(&call.ctx, call.who.by()?, source, locale(&call)).await?;
    let (at, version) = (format!("/plugins/{}", view.plugin.id), view.plugin.revision);
    Ok(Reply::CreatedVersioned { at, version, body: view })
}

/// One plugin with its form.
#[utoipa::path(get, path = "/plugins/{id}", tag = "plugins", params(("id" = String, Path)),
    responses((status = 200, body = PluginDetail)))]
pub async fn get(id: String, call: Entered) -> Answer<PluginDetail> {
    let call = call?;
    let detail = service::get(&call.ctx, &id, locale(&call)).await?;
    Ok(Reply::Versioned(detail.plugin.revision, detail))
}

/// Lets a plugin run, with exactly the permissions that it asks for.
#[utoipa::path(post, path = "/plugins/{id}/enable", tag = "plugins", params(("id" = String, Path)),
    request_body = PluginGrant, responses((status = 200, body = PluginDetail)))]
pub async fn enable(id: String, call: Entered, body: Outcome<PluginGrant>) -> Answer<PluginDetail> {
    let (call, body) = (call?, body?);
    let (by, seen) = (call.who.by()?, call.who.version()?);
    let view = service::enable(&call.ctx, by, &id, Some(seen), Some(body.granted), locale(&call)).await?;
    Ok(Reply::Versioned(view.plugin.revision, view))
}

/// Stops a plugin. What it has added rests; its settings stay.
#[utoipa::path(post, path = "/plugins/{id}/disable", tag = "plugins", params(("id" = String, Path)),
    responses((status = 200, body = PluginDetail)))]
pub async fn disable(id: String, call: Entered) -> Answer<PluginDetail> {
    let call = call?;
    let (by, seen) = (call.who.by()?, call.who.version()?);
    let view = service::disable(&call.ctx, by, &id, Some(seen), locale(&call)).await?;
    Ok(Reply::Versioned(view.plugin.revision, view))
}

/// Removes a plugin with what it has added. Templates that are in use stay and are offered to nobody; histories and the
/// audit log stay as they are.
#[utoipa::path(delete, path = "/plugins/{id}", tag = "plugins", params(("id" = String, Path)),
    responses((status = 200, body = PluginUninstalled)))]
pub async fn uninstall(id: String, call: Entered) -> Answer<PluginUninstalled> {
    let call = call?;
    let (by, seen) = (call.who.by()?, call.who.version()?);
    Ok(Reply::Ok(service::uninstall(&call.ctx, by, &id, Some(seen)).await?))
}

/// The form of a plugin. Of secrets only whether they are set is told.
#[utoipa::path(get, path = "/plugins/{id}/settings", tag = "plugins", params(("id" = String, Path)),
    responses((status = 200, body = PluginSettings)))]
pub async fn get_settings(id: String, call: Entered) -> Answer<PluginSettings> {
    let call = call?;
    let settings = service::get_settings(&call.ctx, &id, locale(&call)).await?;
    Ok(Reply::Versioned(settings.revision, settings))
}

/// Changes the settings named in the body; `null` takes a value away.
#[utoipa::path(put, path = "/plugins/{id}/settings", tag = "plugins", params(("id" = String, Path)),
    request_body = PluginSettingsPut, responses((status = 200, body = PluginSettings)))]
pub async fn put_settings(
    id: String,
    call: Entered,
    body: Outcome<PluginSettingsPut>,
) -> Answer<PluginSettings> {
    let (call, body) = (call?, body?);
    let (by, seen) = (call.who.by()?, call.who.version()?);
    let settings = service::put_settings(&call.ctx, by, &id, Some(seen), body, locale(&call)).await?;
    Ok(Reply::Versioned(settings.revision, settings))
}

/// What a plugin has said and what went wrong with it, newest first. The newest thousand lines are kept.
#[utoipa::path(get, path = "/plugins/{id}/log", tag = "plugins", params(("id" = String, Path), LogQuery),
    responses((status = 200, body = Page<PluginLogRow>)))]
pub async fn log(id: String, call: Entered, query: Outcome<LogQuery>) -> Answer<Page<PluginLogRow>> {
    let (call, query) = (call?, query?);
    let paging = Paging::read(query.page, query.per_page)?;
    Ok(Reply::Ok(service::log(&call.ctx, &id, query.level, paging).await?))
}

/// Calls a hook with an example of its event. What the function does, it really does.
#[utoipa::path(post, path = "/plugins/{id}/test", tag = "plugins", params(("id" = String, Path)),
    request_body = PluginTest, responses((status = 200, body = PluginTested)))]
pub async fn test(id: String, call: Entered, body: Outcome<PluginTest>) -> Answer<PluginTested> {
    let (call, body) = (call?, body?);
    Ok(Reply::Ok(service::test(&call, &id, &body).await?))
}

/// The cards that plugins put on the caller's dashboard. A card that fails is left out.
#[utoipa::path(get, path = "/dashboard/widgets", tag = "plugins", responses((status = 200, body = PluginWidgets)))]
pub async fn widgets(call: Entered) -> Answer<PluginWidgets> {
    Ok(Reply::Ok(PluginWidgets { items: cards::of(&call?).await? }))
}
