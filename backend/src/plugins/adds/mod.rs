//! What plugins add to the company while they run: templates and rules. Each is marked with its plugin; what somebody has
//! changed since stays as they left it.

use kpi_api::plugin::PluginUninstalled;
use sha2::{Digest, Sha256};

use super::bundle::Bundle;
use crate::{
    app::Ctx,
    platform::{db::work::Work, failure::Outcome},
};

mod effects;
pub mod proof;
mod rules;
mod templates;

pub use effects::effects;

/// Adds what is missing, brings what is there up to date and puts it to use.
///
/// # Errors
/// 409 `plugin_state` where another score rule has the scope of one of its own.
pub async fn bring(ctx: &Ctx, work: &mut Work, plugin: i64, bundle: &Bundle) -> Outcome<()> {
    let templates = templates::bring(work, plugin, bundle).await?;
    rules::bring(ctx, work, plugin, bundle, &templates).await
}

/// Takes it out of use.
pub async fn rest(work: &mut Work, plugin: i64) -> Outcome<()> {
    rules::rest(work, plugin).await?;
    templates::rest(work, plugin).await
}

/// Removes it. What KPIs rest on stays, out of use.
pub async fn remove(work: &mut Work, plugin: i64) -> Outcome<PluginUninstalled> {
    let rules_retired = rules::rest(work, plugin).await?;
    let (templates_deleted, templates_kept) = templates::remove(work, plugin).await?;
    Ok(PluginUninstalled { templates_deleted, templates_kept, rules_retired })
}

/// Tells whether two texts are one.
fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
