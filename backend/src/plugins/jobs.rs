//! The jobs of plugins, as the server's own ones run: `plugin:<id>:<function>`.

use std::sync::Arc;

use kpi_api::scoring::Said;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{
    calling::{self, Occasion},
    installed::Installed,
    view,
};
use crate::{
    app::Ctx,
    entity::job_schedule,
    jobs::{registry::Ending, runs::said},
    platform::{db::work::Work, failure::Outcome},
};

/// A job of a plugin that runs.
pub struct PluginJob {
    pub name: String,
    pub description: String,
    /// Five fields of cron.
    pub cron: String,
    installed: Arc<Installed>,
    function: String,
}

/// As the list of jobs names it.
pub fn name(plugin: &str, function: &str) -> String {
    format!("plugin:{plugin}:{function}")
}

/// Those of all plugins that run.
pub async fn all(ctx: &Ctx) -> Outcome<Vec<Arc<PluginJob>>> {
    let plugins = ctx.plugins().await?;
    let mut all = Vec::new();
    for installed in plugins.running() {
        let Some(bundle) = installed.bundle() else { continue };
        for job in &bundle.manifest.jobs {
            all.push(Arc::new(PluginJob {
                name: name(installed.id(), &job.function),
                description: format!("Calls {} of the plugin {}.", job.function, view::name(bundle, "en")),
                cron: job.cron.clone(),
                installed: Arc::clone(installed),
                function: job.function.clone(),
            }));
        }
    }
    Ok(all)
}

/// Calls the function. Its last line of the log is what the run did.
pub async fn run(ctx: &Ctx, job: &PluginJob) -> Outcome<Ending> {
    let argument = json!({ "at": ctx.clock.now() });
    let called = calling::call(ctx, &job.installed, &job.function, argument, Occasion::Job).await?;
    calling::settle_alone(ctx, &job.installed, &job.function, &called).await?;
    Ok(match called.outcome {
        Ok(done) => Ending::Done(match done.log.last() {
            Some(line) => Said::plain(line),
            None => said("The plugin's function came to its end.", &[]),
        }),
        Err(failed) => {
            Ending::Trouble(said("The plugin's function failed: {cause}", &[("cause", failed.to_string())]))
        }
    })
}

/// Forgets since when the jobs of a plugin have had their times: times that go by while it does not run are not made up
/// for.
pub async fn forget_times(work: &Work, plugin: &str) -> Outcome<()> {
    job_schedule::Entity::delete_many()
        .filter(job_schedule::Column::Job.starts_with(name(plugin, "")))
        .exec(work.tx())
        .await?;
    Ok(())
}
