//! Installing a bundle, and putting a newer version of it in the place of an older one.

use std::sync::Arc;

use kpi_api::{
    error::Code,
    plugin::{PluginDetail, PluginOrigin, PluginPermission, PluginProblem, PluginState},
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{settings::carry_over, shown_now, stale};
use crate::{
    app::Ctx,
    entity::plugin,
    kpi::convert::word,
    platform::{
        db::work::{By, Work},
        failure::{Failure, Outcome},
        signals::Topic,
    },
    plugins::{
        adds,
        available::{self, Available, problems},
        bundle::{self, Bundle},
        jobs, kept, repo, version, view,
    },
};

/// Where a bundle comes from.
pub enum Source {
    /// An archive.
    Zip(Vec<u8>),
    /// One that is there, by its id.
    Chosen(String),
    /// One that was read from a folder.
    Folder(Box<Bundle>),
}

/// A bundle that can be installed, or what is wrong with it.
pub(super) type Read = Result<(Arc<Bundle>, PluginOrigin), Vec<PluginProblem>>;

/// Reads a bundle. One that was read is whole: its script and rules compile.
pub(super) async fn read(ctx: &Ctx, source: Source) -> Outcome<Read> {
    let (bundle, origin) = match source {
        Source::Folder(bundle) => (Arc::new(*bundle), PluginOrigin::Folder),
        Source::Chosen(id) => match available::all(ctx).await?.remove(&id) {
            Some(Available::Whole { bundle, origin }) => (bundle, origin),
            Some(Available::Damaged(problems)) => return Ok(Err(problems)),
            None => return Err(Failure::field("id", "unknown", "There is no such plugin here.")),
        },
        Source::Zip(bytes) => {
            let read = tokio::task::spawn_blocking(move || bundle::read_zip(&bytes)).await;
            match read.map_err(|panic| anyhow::anyhow!("reading a bundle: {panic}"))? {
                Ok(bundle) => (Arc::new(bundle), PluginOrigin::Zip),
                Err(faults) => return Ok(Err(problems(&faults))),
            }
        }
    };
    Ok(Ok((bundle, origin)))
}

/// Installs a bundle, which runs once it is enabled. A newer version of an installed plugin takes its place and goes on
/// running, unless it asks for more than was granted.
///
/// # Errors
/// 422 with everything that is wrong with the bundle; 409 `tests_failed` where its rules do not hold, `duplicate` where
/// this version or a newer one is installed.
pub async fn install(ctx: &Ctx, by: By, source: Source, locale: &str) -> Outcome<PluginDetail> {
    let (bundle, origin) = read(ctx, source)
        .await?
        .map_err(|problems| Failure::invalid(problems.iter().map(PluginProblem::to_field).collect()))?;
    adds::proof::demand(ctx, &bundle).await?;
    let _files = ctx.fleet.files().await;
    kept::put(&ctx.config, &bundle).await?;
    let installed = commit(ctx, by, &bundle, origin, locale).await;
    tidy(ctx, &bundle.manifest.id).await;
    installed
}

async fn commit(
    ctx: &Ctx,
    by: By,
    bundle: &Bundle,
    origin: PluginOrigin,
    locale: &str,
) -> Outcome<PluginDetail> {
    let manifest = &bundle.manifest;
    let mut work = ctx.begin(by).await?;
    if let Some(before) = work.replay("plugin.install", &json!([manifest.id, bundle.checksum])).await? {
        return Ok(before);
    }
    let id = match repo::by_key(work.tx(), &manifest.id).await? {
        None => fresh(&mut work, bundle, origin).await?,
        Some(old) => {
            if !mend(ctx, &mut work, bundle, &old).await? {
                replace(ctx, &mut work, bundle, origin, &old).await?;
            }
            old.id
        }
    };
    work.touch(Topic::Plugins);
    let answer = shown_now(ctx, work.tx(), bundle, id, locale).await?;
    work.commit(&answer).await?;
    Ok(answer)
}

async fn fresh(work: &mut Work, bundle: &Bundle, origin: PluginOrigin) -> Outcome<i64> {
    let (manifest, at) = (&bundle.manifest, work.at().0);
    let row = plugin::ActiveModel {
        key: Set(manifest.id.clone()),
        version: Set(manifest.version.clone()),
        origin: Set(origin.to_string()),
        checksum: Set(bundle.checksum.clone()),
        state: Set(PluginState::Disabled.to_string()),
        granted: Set("[]".to_owned()),
        trouble: Set(None),
        installed_at: Set(at),
        installed_by: Set(work.by().user_id.map(|id| id.0)),
        updated_at: Set(at),
        calls: Set(0),
        failures: Set(0),
        failures_in_a_row: Set(0),
        given_up: Set(0),
        not_before: Set(0),
        revision: Set(1),
        ..Default::default()
    };
    let row = repo::insert(work.tx(), row).await?;
    let detail = json!({
        "id": manifest.id,
        "version": manifest.version,
        "origin": origin,
        "checksum": bundle.checksum,
        "permissions": view::permissions(&manifest.permissions),
    });
    work.audit("plugin.install", "plugin", Some(row.id), detail).await?;
    Ok(row.id)
}

/// Whether the files of the installed version were lost or damaged, and are now what they were.
async fn mend(ctx: &Ctx, work: &mut Work, bundle: &Bundle, old: &plugin::Model) -> Outcome<bool> {
    let plugins = ctx.plugins().await?;
    let is_broken = plugins.get(&old.key).is_some_and(|installed| installed.loaded.is_err());
    if !is_broken || bundle.checksum != old.checksum {
        return Ok(false);
    }
    let change = plugin::ActiveModel { updated_at: Set(work.at().0), ..Default::default() };
    if !repo::update_if_unchanged(work.tx(), old.id, old.revision, change).await? {
        return Err(stale());
    }
    let detail = json!({ "id": old.key, "version": old.version, "checksum": old.checksum });
    work.audit("plugin.mend", "plugin", Some(old.id), detail).await?;
    Ok(true)
}

async fn replace(
    ctx: &Ctx,
    work: &mut Work,
    bundle: &Bundle,
    origin: PluginOrigin,
    old: &plugin::Model,
) -> Outcome<()> {
    let manifest = &bundle.manifest;
    if !version::newer(&manifest.version, &old.version) {
        let detail =
            format!("Version {} is installed; version {} is not newer.", old.version, manifest.version);
        return Err(Failure::new(Code::Duplicate, detail));
    }
    let asked = view::permissions(&manifest.permissions);
    let given = view::granted(old)?;
    let more = view::beyond(&asked, &given);
    let kept: Vec<PluginPermission> = asked.iter().filter(|asked| given.contains(asked)).cloned().collect();
    let before = repo::settings::of(work.tx(), old.id).await?;
    let set = carry_over(ctx, work, manifest, &before).await?;
    let lacks = view::missing(&manifest.settings, |key| set.contains(key));
    let was: PluginState = word(&old.state)?;
    let goes_on = was == PluginState::Enabled && more.is_empty() && lacks.is_empty();
    let row = plugin::ActiveModel {
        version: Set(manifest.version.clone()),
        origin: Set(origin.to_string()),
        checksum: Set(bundle.checksum.clone()),
        state: Set(if goes_on { PluginState::Enabled } else { PluginState::Disabled }.to_string()),
        granted: Set(serde_json::to_string(&kept)?),
        trouble: Set(None),
        failures_in_a_row: Set(0),
        not_before: Set(0),
        updated_at: Set(work.at().0),
        ..Default::default()
    };
    if !repo::update_if_unchanged(work.tx(), old.id, old.revision, row).await? {
        return Err(stale());
    }
    jobs::forget_times(work, &manifest.id).await?;
    if goes_on {
        adds::bring(ctx, work, old.id, bundle).await?;
    } else if was != PluginState::Disabled {
        // Of one that was switched off it is still in use: it was not what failed.
        adds::rest(work, old.id).await?;
        repo::deliveries::forget_waiting(work.tx(), old.id).await?;
    }
    let detail = json!({
        "id": manifest.id,
        "old": old.version,
        "new": manifest.version,
        "checksum": bundle.checksum,
        "more_permissions": more,
        "enabled": goes_on,
        "settings_forgotten": before.iter().map(|row| &row.key).filter(|key| !set.contains(*key)).collect::<Vec<_>>(),
    });
    work.audit("plugin.update", "plugin", Some(old.id), detail).await
}

/// Deletes the files that no row names: of the versions before, or of one that was not installed after all.
async fn tidy(ctx: &Ctx, id: &str) {
    // Without knowing what the row names, everything stays; the next version's turn comes.
    let Ok(row) = repo::by_key(ctx.db.read(), id).await else { return };
    let (ctx, id, checksum) = (ctx.clone(), id.to_owned(), row.map(|row| row.checksum));
    let _ = tokio::task::spawn_blocking(move || kept::tidy(&ctx.config, &id, checksum.as_deref())).await;
}
