//! The form of a plugin: what was filled in, and filling it in. Secrets are kept encrypted and never told.

use std::collections::HashSet;

use kpi_api::{
    error::FieldError,
    id::Version,
    plugin::{PluginSettings, PluginSettingsPut, PluginState},
};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use super::{held, stale, wrong_state};
use crate::{
    app::Ctx,
    auth::seal::Sealer,
    entity::{plugin, plugin_setting},
    kpi::convert::word,
    platform::{
        db::work::{By, Work},
        failure::{Failure, Outcome},
        signals::Topic,
    },
    plugins::{
        bundle::{Bundle, Manifest, Setting},
        repo::{self, settings::Value as New},
        view,
    },
};

pub async fn get(ctx: &Ctx, id: &str, locale: &str) -> Outcome<PluginSettings> {
    let plugins = ctx.plugins().await?;
    let row = held(ctx.db.read(), id, None).await?;
    let bundle = plugins.get(id).and_then(|installed| installed.bundle());
    let bundle = bundle.ok_or_else(|| wrong_state("Its files are damaged; install it again."))?;
    let rows = repo::settings::of(ctx.db.read(), row.id).await?;
    Ok(PluginSettings { items: view::settings(bundle, &rows, locale)?, revision: Version(row.revision) })
}

/// Changes the settings that are named. 422 names every value that does not fit.
pub async fn put(
    ctx: &Ctx,
    by: By,
    id: &str,
    seen: Option<Version>,
    new: PluginSettingsPut,
    locale: &str,
) -> Outcome<PluginSettings> {
    let plugins = ctx.plugins().await?;
    let bundle = plugins.get(id).and_then(|installed| installed.bundle());
    let sealer = Sealer::of(&ctx.config)?;
    let mut work = ctx.begin(by).await?;
    let row = held(work.tx(), id, seen).await?;
    let bundle = bundle.ok_or_else(|| wrong_state("Its files are damaged; install it again."))?;
    let runs = word::<PluginState>(&row.state)? == PluginState::Enabled;
    let errors = faults(bundle, &new, runs);
    if !errors.is_empty() {
        return Err(Failure::invalid(errors));
    }
    let (at, user) = (work.at().0, work.by().user_id.map(|id| id.0));
    for (key, value) in &new.values {
        let Some(setting) = bundle.manifest.setting(key) else { continue };
        if value.is_null() {
            repo::settings::delete(work.tx(), row.id, key).await?;
            continue;
        }
        let is_sealed = view::is_secret(setting);
        let text = serde_json::to_string(value)?;
        let value = if is_sealed { sealer.seal(&text)? } else { text };
        repo::settings::put(work.tx(), row.id, New { key, value, is_sealed, at, by: user }).await?;
    }
    let change = plugin::ActiveModel { updated_at: Set(at), ..Default::default() };
    if !repo::update_if_unchanged(work.tx(), row.id, row.revision, change).await? {
        return Err(stale());
    }
    // Which ones, never what: an address may hold a secret too.
    let keys: Vec<&String> = new.values.keys().collect();
    work.audit("plugin.settings", "plugin", Some(row.id), json!({ "id": id, "keys": keys })).await?;
    work.touch(Topic::Plugins);
    let rows = repo::settings::of(work.tx(), row.id).await?;
    let answer =
        PluginSettings { items: view::settings(bundle, &rows, locale)?, revision: Version(row.revision + 1) };
    work.commit(&answer).await?;
    Ok(answer)
}

/// Settles what is set before a newer version takes over: values that are none of the setting any more are forgotten,
/// what has become a secret is sealed, and no secret ever becomes readable. The keys that keep their value.
pub(super) async fn carry_over(
    ctx: &Ctx,
    work: &Work,
    manifest: &Manifest,
    rows: &[plugin_setting::Model],
) -> Outcome<HashSet<String>> {
    let sealer = Sealer::of(&ctx.config)?;
    let mut kept = HashSet::new();
    for row in rows {
        let key = row.key.as_str();
        let carried = match manifest.setting(key) {
            Some(setting) => carried(&sealer, setting, row)?,
            None => None,
        };
        let Some(value) = carried else {
            repo::settings::delete(work.tx(), row.plugin_id, key).await?;
            continue;
        };
        if value != row.value {
            let new = New { key, value, is_sealed: true, at: row.updated_at, by: row.updated_by };
            repo::settings::put(work.tx(), row.plugin_id, new).await?;
        }
        kept.insert(row.key.clone());
    }
    Ok(kept)
}

/// The value as it is to be kept for this setting; `None` where it is none of it.
fn carried(sealer: &Sealer, setting: &Setting, row: &plugin_setting::Model) -> Outcome<Option<String>> {
    let is_secret = view::is_secret(setting);
    if row.is_sealed && !is_secret {
        return Ok(None);
    }
    let text = if row.is_sealed { sealer.open(&row.value).ok() } else { Some(row.value.clone()) };
    let value: Option<Value> = text.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let fits = value.is_some_and(|value| refused(setting, &value).is_none());
    Ok(match text {
        Some(text) if fits && is_secret && !row.is_sealed => Some(sealer.seal(&text)?),
        _ => fits.then(|| row.value.clone()),
    })
}

fn faults(bundle: &Bundle, new: &PluginSettingsPut, runs: bool) -> Vec<FieldError> {
    let fault = |(key, value): (&String, &Value)| {
        let field = format!("values.{key}");
        let Some(setting) = bundle.manifest.setting(key) else {
            return Some(FieldError::new(field, "unknown_field", "There is no such setting."));
        };
        if value.is_null() {
            let lacks = runs && setting.required && setting.default.is_null();
            return lacks.then(|| FieldError::new(field, "required", "The plugin runs and needs it."));
        }
        refused(setting, value).map(|message| FieldError::new(field, "invalid", message))
    };
    new.values.iter().filter_map(fault).collect()
}

fn refused(setting: &Setting, value: &Value) -> Option<String> {
    let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
    if setting.required && is_blank {
        return Some("It may not be empty.".into());
    }
    let message = setting.accepts(value).err()?;
    let mut letters = message.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).chain(['.']).collect())
}
