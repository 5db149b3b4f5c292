//! Letting a plugin run, stopping it, and removing it with what it has added.

use kpi_api::{
    error::{Code, FieldError},
    id::Version,
    plugin::{PluginDetail, PluginPermission, PluginState, PluginUninstalled},
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{Library, held, shown_now, stale, wrong_state};
use crate::{
    app::Ctx,
    entity::plugin,
    kpi::convert::word,
    platform::{
        db::work::By,
        failure::{Failure, Outcome},
        signals::Topic,
    },
    plugins::{adds, jobs, kept, repo, view},
};

/// Lets a plugin run with these permissions, which have to be all that it asks for. `granted` is absent where whoever
/// asks has been shown them and takes them as they are.
///
/// # Errors
/// 409 `tests_failed` where its rules do not hold, 409 `permissions_differ`, 409 `plugin_state` where it runs already or is broken, 422 naming required settings that have
/// no value.
pub async fn enable(
    ctx: &Ctx,
    by: By,
    id: &str,
    seen: Option<Version>,
    granted: Option<Vec<PluginPermission>>,
    locale: &str,
) -> Outcome<PluginDetail> {
    let plugins = ctx.plugins().await?;
    // Before the transaction, as it takes its time; what is enabled within it has to be the same bundle.
    let proved = plugins.get(id).and_then(|installed| installed.bundle());
    if let Some(bundle) = proved {
        adds::proof::demand(ctx, bundle).await?;
    }
    let mut work = ctx.begin(by).await?;
    let row = held(work.tx(), id, seen).await?;
    let installed = plugins.get(id).filter(|installed| installed.row.checksum == row.checksum);
    let bundle = installed.and_then(|installed| installed.bundle());
    let bundle = bundle.ok_or_else(|| wrong_state("Its files are damaged; install it again."))?;
    if word::<PluginState>(&row.state)? == PluginState::Enabled {
        return Err(wrong_state("It is enabled already."));
    }
    let asked = view::permissions(&bundle.manifest.permissions);
    if granted.is_some_and(|granted| !view::same(&granted, &asked)) {
        return Err(Failure::new(Code::PermissionsDiffer, Code::PermissionsDiffer.title()));
    }
    let set = repo::settings::of(work.tx(), row.id).await?;
    let missing = view::missing(&bundle.manifest.settings, |key| set.iter().any(|row| row.key == key));
    if !missing.is_empty() {
        let faults = missing
            .into_iter()
            .map(|key| FieldError::new(format!("settings.{key}"), "required", "It has no value yet."));
        return Err(Failure::invalid(faults.collect()));
    }
    let change = plugin::ActiveModel {
        state: Set(PluginState::Enabled.to_string()),
        granted: Set(serde_json::to_string(&asked)?),
        trouble: Set(None),
        calls: Set(0),
        failures: Set(0),
        failures_in_a_row: Set(0),
        given_up: Set(0),
        last_error: Set(None),
        last_error_at: Set(None),
        not_before: Set(0),
        updated_at: Set(work.at().0),
        ..Default::default()
    };
    if !repo::update_if_unchanged(work.tx(), row.id, row.revision, change).await? {
        return Err(stale());
    }
    adds::bring(ctx, &mut work, row.id, bundle).await?;
    jobs::forget_times(&work, id).await?;
    let detail = json!({ "id": id, "version": row.version, "granted": asked });
    work.audit("plugin.enable", "plugin", Some(row.id), detail).await?;
    work.touch(Topic::Plugins);
    let answer = shown_now(ctx, work.tx(), bundle, row.id, locale).await?;
    work.commit(&answer).await?;
    ctx.jobs.ring();
    Ok(answer)
}

/// Stops a plugin. Its templates and rules rest, its settings and store stay; events that wait for it are forgotten.
///
/// # Errors
/// 409 `plugin_state` where it does not run.
pub async fn disable(
    ctx: &Ctx,
    by: By,
    id: &str,
    seen: Option<Version>,
    locale: &str,
) -> Outcome<PluginDetail> {
    let plugins = ctx.plugins().await?;
    let mut work = ctx.begin(by).await?;
    let row = held(work.tx(), id, seen).await?;
    if word::<PluginState>(&row.state)? == PluginState::Disabled {
        return Err(wrong_state("It is disabled already."));
    }
    let change = plugin::ActiveModel {
        state: Set(PluginState::Disabled.to_string()),
        trouble: Set(None),
        updated_at: Set(work.at().0),
        ..Default::default()
    };
    if !repo::update_if_unchanged(work.tx(), row.id, row.revision, change).await? {
        return Err(stale());
    }
    adds::rest(&mut work, row.id).await?;
    jobs::forget_times(&work, id).await?;
    let forgotten = repo::deliveries::forget_waiting(work.tx(), row.id).await?;
    let detail = json!({ "id": id, "version": row.version, "events_forgotten": forgotten });
    work.audit("plugin.disable", "plugin", Some(row.id), detail).await?;
    work.touch(Topic::Plugins);
    let answer = match plugins.get(id).and_then(|installed| installed.bundle()) {
        Some(bundle) => shown_now(ctx, work.tx(), bundle, row.id, locale).await?,
        None => {
            let row = held(work.tx(), id, None).await?;
            let library = Library::load(ctx, work.tx()).await?;
            let plugin = view::lost(&library.standing(&row, PluginState::Broken, None))?;
            PluginDetail { plugin, settings: Vec::new() }
        }
    };
    work.commit(&answer).await?;
    Ok(answer)
}

/// Removes a plugin with what it has added, its settings, its store and its log. What it has done stays in the histories
/// and in the audit log.
pub async fn uninstall(ctx: &Ctx, by: By, id: &str, seen: Option<Version>) -> Outcome<PluginUninstalled> {
    let _files = ctx.fleet.files().await;
    let mut work = ctx.begin(by).await?;
    let row = held(work.tx(), id, seen).await?;
    let removed = adds::remove(&mut work, row.id).await?;
    jobs::forget_times(&work, id).await?;
    repo::delete(work.tx(), row.id).await?;
    let detail = json!({ "id": id, "version": row.version, "removed": removed });
    work.audit("plugin.uninstall", "plugin", Some(row.id), detail).await?;
    work.touch(Topic::Plugins);
    work.commit(&removed).await?;
    let (ctx, id) = (ctx.clone(), id.to_owned());
    // Files that stay are deleted when a plugin of this name is installed again.
    let _ = tokio::task::spawn_blocking(move || kept::tidy(&ctx.config, &id, None)).await;
    Ok(removed)
}
