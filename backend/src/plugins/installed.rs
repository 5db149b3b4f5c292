//! The installed plugins, in memory: which there are, and which run.

use std::sync::Arc;

use kpi_api::plugin::PluginState;

use super::{bundle::Bundle, fleet::Loaded, repo};
use crate::{app::Ctx, entity::plugin, kpi::convert::word, platform::failure::Outcome};

/// An installed plugin. Of the row, only what administrators decide is up to date here; how calls went is not.
pub struct Installed {
    pub row: plugin::Model,
    /// As administrators left it; see [`Installed::state`].
    decided: PluginState,
    /// Or why it cannot run.
    pub loaded: Result<Arc<Loaded>, String>,
}

impl Installed {
    pub fn state(&self) -> PluginState {
        if self.loaded.is_err() { PluginState::Broken } else { self.decided }
    }

    pub fn id(&self) -> &str {
        &self.row.key
    }

    pub fn bundle(&self) -> Option<&Bundle> {
        self.loaded.as_ref().ok().map(|loaded| &loaded.bundle)
    }
}

/// All of them, in the order of their ids.
pub struct Plugins {
    items: Vec<Arc<Installed>>,
    safe_mode: bool,
}

impl Plugins {
    /// Reads and compiles what is new, away from the async threads.
    pub async fn load(ctx: &Ctx) -> Outcome<Self> {
        let rows = repo::all(ctx.db.read()).await?;
        let held = ctx.clone();
        let items = tokio::task::spawn_blocking(move || {
            let checksums: Vec<&str> = rows.iter().map(|row| row.checksum.as_str()).collect();
            held.fleet.retain(&checksums);
            rows.iter()
                .map(|row| {
                    let loaded = held.fleet.open(&held.config, &row.key, &row.checksum);
                    if let Err(fault) = &loaded {
                        tracing::error!(plugin = row.key, fault, "a plugin cannot run");
                    }
                    Ok(Arc::new(Installed { decided: word(&row.state)?, row: row.clone(), loaded }))
                })
                .collect::<anyhow::Result<Vec<_>>>()
        })
        .await
        .map_err(|panic| anyhow::anyhow!("reading the plugins: {panic}"))??;
        Ok(Self { items, safe_mode: ctx.config.safe_mode })
    }

    pub fn get(&self, id: &str) -> Option<&Arc<Installed>> {
        self.items.iter().find(|installed| installed.id() == id)
    }

    pub fn all(&self) -> impl Iterator<Item = &Arc<Installed>> {
        self.items.iter()
    }

    /// Those that run: enabled and whole. None in safe mode.
    pub fn running(&self) -> impl Iterator<Item = &Arc<Installed>> {
        self.items.iter().filter(|installed| !self.safe_mode && installed.state() == PluginState::Enabled)
    }
}
