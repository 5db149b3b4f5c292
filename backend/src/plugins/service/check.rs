//! What a bundle would bring, before it is installed.

use kpi_api::plugin::{PluginCheck, PluginState};

use super::install::{Read, Source, read};
use crate::{
    app::Ctx,
    platform::failure::Outcome,
    plugins::{adds, repo, view},
};

/// Looks at a bundle; nothing is changed.
pub async fn check(ctx: &Ctx, source: Source, locale: &str) -> Outcome<PluginCheck> {
    let (bundle, origin) = match read(ctx, source).await? {
        Read::Ok(found) => found,
        Read::Err(problems) => {
            return Ok(PluginCheck {
                plugin: None,
                problems,
                replaces: None,
                more_permissions: Vec::new(),
                rule_effects: Vec::new(),
                files: 0,
                size: 0,
            });
        }
    };
    let installed = repo::by_key(ctx.db.read(), &bundle.manifest.id).await?;
    let asked = view::permissions(&bundle.manifest.permissions);
    let given = installed.as_ref().map(view::granted).transpose()?.unwrap_or_default();
    let mut plugin = view::plugin(&bundle, origin, None, None, locale)?;
    plugin.state = PluginState::Available;
    let problems = adds::proof::faults(ctx, &bundle).await?;
    let rule_effects = if problems.is_empty() { adds::effects(ctx, &bundle).await? } else { Vec::new() };
    Ok(PluginCheck {
        plugin: Some(plugin),
        problems,
        more_permissions: view::beyond(&asked, &given),
        replaces: installed.map(|row| row.version),
        rule_effects,
        files: bundle.files.len() as u64,
        size: bundle.files.values().map(|content| content.len() as u64).sum(),
    })
}
