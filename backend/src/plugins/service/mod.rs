//! What administrators see of plugins and do with them.
//!
//! Commands take [`By`], because the command line gives them as well.

use std::collections::{BTreeSet, HashMap};

use anyhow::anyhow;
use kpi_api::{
    error::Code,
    id::Version,
    page::Page,
    plugin::{PluginDetail, PluginList, PluginLogLevel, PluginLogRow, PluginOrigin, PluginState, PluginView},
    time::Timestamp,
};
use sea_orm::ConnectionTrait;

use super::{
    available::{self, Available},
    bundle::Bundle,
    installed::Installed,
    repo, version,
    view::{self, Standing},
};
use crate::{
    app::Ctx,
    entity::{plugin, plugin_part, plugin_setting},
    kpi::convert::word,
    people::directory::Directory,
    platform::{
        failure::{Failure, Outcome},
        paging::Paging,
    },
};

mod check;
mod decide;
mod install;
mod settings;
mod test;

pub use check::check;
pub use decide::{disable, enable, uninstall};
pub use install::{Source, install};
pub use settings::{get as get_settings, put as put_settings};
pub use test::test;

/// Everything that views of plugins are made of, beside their bundles.
struct Library {
    settings: Vec<plugin_setting::Model>,
    parts: Vec<plugin_part::Model>,
    waiting: HashMap<i64, i64>,
    directory: std::sync::Arc<Directory>,
}

impl Library {
    async fn load(ctx: &Ctx, db: &impl ConnectionTrait) -> Outcome<Self> {
        Ok(Self {
            settings: repo::settings::all(db).await?,
            parts: repo::parts::all(db).await?,
            waiting: repo::deliveries::waiting(db).await?,
            directory: ctx.directory().await?,
        })
    }

    fn standing<'a>(
        &'a self,
        row: &'a plugin::Model,
        state: PluginState,
        fault: Option<&'a str>,
    ) -> Standing<'a> {
        let settings = self.settings.iter().filter(|setting| setting.plugin_id == row.id);
        Standing {
            row,
            state,
            fault,
            parts: self.parts.iter().filter(|part| part.plugin_id == row.id).collect(),
            set: settings.map(|setting| setting.key.as_str()).collect(),
            waiting: self.waiting.get(&row.id).copied().unwrap_or(0),
            directory: &self.directory,
        }
    }

    /// An installed plugin with its row as it is in the database.
    fn shown(
        &self,
        installed: &Installed,
        row: &plugin::Model,
        update: Option<&str>,
        locale: &str,
    ) -> Outcome<PluginView> {
        let fault = installed.loaded.as_ref().err().map(String::as_str);
        let standing = self.standing(row, installed.state(), fault);
        match installed.bundle() {
            Some(bundle) => view::plugin(bundle, word(&row.origin)?, Some(&standing), update, locale),
            None => view::lost(&standing),
        }
    }
}

/// A plugin within the transaction that has just changed it.
async fn shown_now(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    bundle: &Bundle,
    id: i64,
    locale: &str,
) -> Outcome<PluginDetail> {
    let row = repo::by_id(db, id).await?.ok_or_else(|| anyhow!("a plugin went while it was changed"))?;
    let library = Library::load(ctx, db).await?;
    let standing = library.standing(&row, word(&row.state)?, None);
    let plugin = view::plugin(bundle, word(&row.origin)?, Some(&standing), None, locale)?;
    let rows: Vec<_> = library.settings.iter().filter(|setting| setting.plugin_id == id).cloned().collect();
    Ok(PluginDetail { plugin, settings: view::settings(bundle, &rows, locale)? })
}

/// Those installed and those that could be, by id.
pub async fn list(ctx: &Ctx, locale: &str) -> Outcome<PluginList> {
    let plugins = ctx.plugins().await?;
    let rows = repo::all(ctx.db.read()).await?;
    let library = Library::load(ctx, ctx.db.read()).await?;
    let available = available::all(ctx).await?;
    let ids: BTreeSet<&str> =
        rows.iter().map(|row| row.key.as_str()).chain(available.keys().map(String::as_str)).collect();
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        let row = rows.iter().find(|row| row.key == id);
        items.push(match (row.zip(plugins.get(id)), available.get(id)) {
            (Some((row, installed)), there) => {
                library.shown(installed, row, update(row, there).as_deref(), locale)?
            }
            (None, Some(Available::Whole { bundle, origin })) => {
                view::plugin(bundle, *origin, None, None, locale)?
            }
            (None, Some(Available::Damaged(problems))) => damaged(id, problems),
            (None, None) => continue,
        });
    }
    Ok(PluginList { items, safe_mode: ctx.config.safe_mode })
}

/// The newer version that is there.
fn update(row: &plugin::Model, there: Option<&Available>) -> Option<String> {
    match there {
        Some(Available::Whole { bundle, .. }) => {
            let offered = &bundle.manifest.version;
            version::newer(offered, &row.version).then(|| offered.clone())
        }
        _ => None,
    }
}

/// A folder of the operator that cannot be installed as it is.
fn damaged(id: &str, problems: &[kpi_api::plugin::PluginProblem]) -> PluginView {
    let trouble = problems.first().map(|problem| {
        let place = problem.to_field();
        if place.field.is_empty() { place.message } else { format!("{}: {}", place.field, place.message) }
    });
    PluginView {
        id: id.to_owned(),
        name: id.to_owned(),
        version: String::new(),
        description: String::new(),
        state: PluginState::Broken,
        origin: PluginOrigin::Folder,
        permissions: Vec::new(),
        granted: false,
        adds: kpi_api::plugin::PluginAdds::default(),
        health: None,
        update_available: None,
        trouble,
        settings_missing: Vec::new(),
        installed_at: None,
        installed_by: None,
        revision: Version(0),
    }
}

/// One plugin with its form.
pub async fn get(ctx: &Ctx, id: &str, locale: &str) -> Outcome<PluginDetail> {
    let all = list(ctx, locale).await?;
    let plugin = all.items.into_iter().find(|plugin| plugin.id == id).ok_or_else(Failure::not_found)?;
    let settings = match ctx.plugins().await?.get(id) {
        Some(installed) => match installed.bundle() {
            Some(bundle) => {
                let rows = repo::settings::of(ctx.db.read(), installed.row.id).await?;
                view::settings(bundle, &rows, locale)?
            }
            None => Vec::new(),
        },
        None => match available::all(ctx).await?.get(id) {
            Some(Available::Whole { bundle, .. }) => view::settings(bundle, &[], locale)?,
            _ => Vec::new(),
        },
    };
    Ok(PluginDetail { plugin, settings })
}

/// The log of a plugin, newest first.
pub async fn log(
    ctx: &Ctx,
    id: &str,
    level: Option<PluginLogLevel>,
    paging: Paging,
) -> Outcome<Page<PluginLogRow>> {
    let plugin = repo::by_key(ctx.db.read(), id).await?.ok_or_else(Failure::not_found)?;
    let (rows, total) = repo::log::page(ctx.db.read(), plugin.id, level, paging).await?;
    let items = rows.into_iter().map(|row| {
        Ok(PluginLogRow {
            id: row.id,
            at: Timestamp(row.at),
            level: word(&row.level)?,
            source: row.source,
            text: row.text,
            line: row.line.and_then(|line| u32::try_from(line).ok()),
        })
    });
    Ok(paging.page(items.collect::<Outcome<_>>()?, total))
}

/// The row of an installed plugin, held against the revision that was seen, where one was.
async fn held(db: &impl ConnectionTrait, id: &str, seen: Option<Version>) -> Outcome<plugin::Model> {
    let row = repo::by_key(db, id).await?.ok_or_else(Failure::not_found)?;
    if seen.is_some_and(|seen| seen.0 != row.revision) {
        return Err(stale());
    }
    Ok(row)
}

fn stale() -> Failure {
    Failure::new(Code::StaleVersion, Code::StaleVersion.title())
}

fn wrong_state(detail: impl Into<String>) -> Failure {
    Failure::new(Code::PluginState, detail)
}
