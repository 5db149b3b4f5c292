//! Which jobs there are: the server's own, and those of the plugins that run.

use std::{fmt, sync::Arc};

use futures_util::{FutureExt, future::BoxFuture};
use kpi_api::scoring::Said;

use super::{audit_check, clean_up, optimise, remind, schedule::Schedule, sweep};
use crate::{
    admin::settings::Settings,
    app::Ctx,
    platform::failure::Outcome,
    plugins::jobs::{self as plugin_jobs, PluginJob},
};

/// How a job ended that could do its work.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending {
    /// With what it did.
    Done(Said),
    /// With what it did, and what went wrong on the way, which is told to those it concerns.
    Incomplete(Said),
    /// With what it found to be wrong. Administrators are told.
    Trouble(Said),
}

/// A job of the server itself.
pub struct OwnJob {
    /// Stable; stands in paths and in the table of runs.
    pub name: &'static str,
    /// English; clients have their own words for the name.
    pub description: &'static str,
    /// Five fields of cron.
    cron: fn(&Settings) -> String,
    work: fn(Ctx) -> BoxFuture<'static, Outcome<Ending>>,
}

pub static JOBS: &[OwnJob] = &[
    OwnJob {
        name: "reminders",
        description: "Asks the reminder rules about every open KPI and tells people what waits for them.",
        cron: |settings| format!("0 {} * * *", settings.reminders_hour),
        work: |ctx| remind::run(ctx).boxed(),
    },
    OwnJob {
        name: "clean_up",
        description: "Removes notifications, mails, events, sessions and keys that are over and have been kept long enough.",
        cron: |settings| format!("10 {} * * *", settings.night_hour),
        work: |ctx| clean_up::run(ctx).boxed(),
    },
    OwnJob {
        name: "sweep_files",
        description: "Removes uploaded files that no evidence names.",
        cron: |settings| format!("20 {} * * *", settings.night_hour),
        work: |ctx| sweep::run(ctx).boxed(),
    },
    OwnJob {
        name: "audit_check",
        description: "Looks whether the audit log still fits together: what is new every night, all of it once a week.",
        cron: |settings| format!("30 {} * * *", settings.night_hour),
        work: |ctx| audit_check::run(ctx).boxed(),
    },
    OwnJob {
        name: "optimise_database",
        description: "Brings the database's statistics up to date and folds its log into the file.",
        cron: |settings| format!("40 {} * * *", settings.night_hour),
        work: |ctx| optimise::run(ctx).boxed(),
    },
];

/// A job; cheap to clone.
#[derive(Clone)]
pub enum Job {
    Own(&'static OwnJob),
    Plugin(Arc<PluginJob>),
}

impl Job {
    /// All of them; the server's own first.
    pub async fn all(ctx: &Ctx) -> Outcome<Vec<Self>> {
        let own = JOBS.iter().map(Self::Own);
        Ok(own.chain(plugin_jobs::all(ctx).await?.into_iter().map(Self::Plugin)).collect())
    }

    pub async fn named(ctx: &Ctx, name: &str) -> Outcome<Option<Self>> {
        Ok(Self::all(ctx).await?.into_iter().find(|job| job.name() == name))
    }

    /// Stands in paths and in the table of runs.
    pub fn name(&self) -> &str {
        match self {
            Self::Own(job) => job.name,
            Self::Plugin(job) => &job.name,
        }
    }

    /// English; clients have their own words for the server's own jobs.
    pub fn description(&self) -> &str {
        match self {
            Self::Own(job) => job.description,
            Self::Plugin(job) => &job.description,
        }
    }

    pub fn schedule(&self, ctx: &Ctx, settings: &Settings) -> Outcome<Schedule> {
        let cron = match self {
            Self::Own(job) => (job.cron)(settings),
            Self::Plugin(job) => job.cron.clone(),
        };
        Ok(Schedule::new(&cron, ctx.clock.zone().clone())?)
    }

    pub fn work(&self, ctx: Ctx) -> BoxFuture<'static, Outcome<Ending>> {
        match self {
            Self::Own(job) => (job.work)(ctx),
            Self::Plugin(job) => {
                let job = Arc::clone(job);
                async move { plugin_jobs::run(&ctx, &job).await }.boxed()
            }
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
