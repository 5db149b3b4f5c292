//! What plugins add to the company while they run: templates and rules. Each is marked with its plugin; what somebody has
//! changed since stays as they left it.

use kpi_api::plugin::{PluginRuleEffect, PluginUninstalled};
use sha2::{Digest, Sha256};

use super::bundle::Bundle;
use crate::{
    app::Ctx,
    platform::{db::work::Work, failure::Outcome},
};

mod templates;

/// Adds what is missing, brings what is there up to date and puts it to use.
pub async fn bring(_ctx: &Ctx, work: &mut Work, plugin: i64, bundle: &Bundle) -> Outcome<()> {
    templates::bring(work, plugin, bundle).await
}

/// Takes it out of use.
pub async fn rest(_ctx: &Ctx, work: &mut Work, plugin: i64) -> Outcome<()> {
    templates::rest(work, plugin).await
}

/// Removes it. What KPIs rest on stays, out of use.
pub async fn remove(_ctx: &Ctx, work: &mut Work, plugin: i64) -> Outcome<PluginUninstalled> {
    let (templates_deleted, templates_kept) = templates::remove(work, plugin).await?;
    Ok(PluginUninstalled { templates_deleted, templates_kept, rules_retired: 0 })
}

/// What its rules would do to the KPIs there are.
pub async fn effects(_ctx: &Ctx, _bundle: &Bundle) -> Outcome<Vec<PluginRuleEffect>> {
    Ok(Vec::new())
}

/// Tells whether two texts are one.
fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
