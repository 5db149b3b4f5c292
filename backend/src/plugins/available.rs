//! The bundles that are there to be installed: those that come with the application, and the folders in `PLUGINS_DIR`.

use std::{collections::BTreeMap, fs, sync::Arc};

use kpi_api::plugin::{PluginOrigin, PluginProblem};

use super::{
    bundle::{self, Bundle, Refused},
    version,
};
use crate::{app::Ctx, platform::failure::Outcome};

/// A bundle, or what is wrong with its folder.
pub enum Available {
    Whole { bundle: Arc<Bundle>, origin: PluginOrigin },
    Damaged(Vec<PluginProblem>),
}

/// By id. Of two with one id the newer version counts, of one version that in the operator's folder.
pub async fn all(ctx: &Ctx) -> Outcome<BTreeMap<String, Available>> {
    let ctx = ctx.clone();
    let found = tokio::task::spawn_blocking(move || {
        let mut found: BTreeMap<String, Available> = BTreeMap::new();
        for bundle in ctx.fleet.shipped() {
            let available = Available::Whole { bundle: Arc::clone(bundle), origin: PluginOrigin::Shipped };
            found.insert(bundle.manifest.id.clone(), available);
        }
        let folders = ctx.config.plugins_dir.as_deref().map(fs::read_dir).into_iter().flatten().flatten();
        for entry in folders.flatten() {
            let path = entry.path();
            let Some(id) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else {
                continue;
            };
            if id.starts_with('.') || !path.is_dir() {
                continue;
            }
            match bundle::read_folder(&path) {
                Ok(bundle) => {
                    let is_older = matches!(found.get(&id), Some(Available::Whole { bundle: known, .. })
                        if version::newer(&known.manifest.version, &bundle.manifest.version));
                    if !is_older {
                        let bundle = Arc::new(bundle);
                        found.insert(id, Available::Whole { bundle, origin: PluginOrigin::Folder });
                    }
                }
                Err(faults) => {
                    found.entry(id).or_insert_with(|| Available::Damaged(problems(&faults)));
                }
            }
        }
        found
    });
    Ok(found.await.map_err(|panic| anyhow::anyhow!("reading the bundles: {panic}"))?)
}

/// What is wrong, as it travels.
pub fn problems(faults: &[Refused]) -> Vec<PluginProblem> {
    let number = |number: u32| (number > 0).then_some(number);
    let problems = faults.iter().map(|fault| PluginProblem {
        file: fault.file.clone(),
        line: number(fault.line),
        column: number(fault.column),
        code: fault.code.as_str().to_owned(),
        message: fault.message.clone(),
    });
    problems.collect()
}
