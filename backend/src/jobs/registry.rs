//! Which jobs there are.

use std::{fmt, str::FromStr};

use futures_util::{FutureExt, future::BoxFuture};
use kpi_api::scoring::Said;

use super::{audit_check, clean_up, optimise, remind, schedule::Schedule, sweep};
use crate::{admin::settings::Settings, app::Ctx, platform::failure::Outcome};

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

/// A job of the server.
pub struct Job {
    /// Stable; stands in paths and in the table of runs.
    pub name: &'static str,
    /// English; clients have their own words for the name.
    pub description: &'static str,
    /// Five fields of cron.
    cron: fn(&Settings) -> String,
    work: fn(Ctx) -> BoxFuture<'static, Outcome<Ending>>,
}

pub static JOBS: &[Job] = &[
    Job {
        name: "reminders",
        description: "Asks the reminder rules about every open KPI and tells people what waits for them.",
        cron: |settings| format!("0 {} * * *", settings.reminders_hour),
        work: |ctx| remind::run(ctx).boxed(),
    },
    Job {
        name: "clean_up",
        description: "Removes notifications, mails, events, sessions and keys that are over and have been kept long enough.",
        cron: |settings| format!("10 {} * * *", settings.night_hour),
        work: |ctx| clean_up::run(ctx).boxed(),
    },
    Job {
        name: "sweep_files",
        description: "Removes uploaded files that no evidence names.",
        cron: |settings| format!("20 {} * * *", settings.night_hour),
        work: |ctx| sweep::run(ctx).boxed(),
    },
    Job {
        name: "audit_check",
        description: "Looks whether the audit log still fits together: what is new every night, all of it once a week.",
        cron: |settings| format!("30 {} * * *", settings.night_hour),
        work: |ctx| audit_check::run(ctx).boxed(),
    },
    Job {
        name: "optimise_database",
        description: "Brings the database's statistics up to date and folds its log into the file.",
        cron: |settings| format!("40 {} * * *", settings.night_hour),
        work: |ctx| optimise::run(ctx).boxed(),
    },
];

impl Job {
    pub fn named(name: &str) -> Option<&'static Self> {
        JOBS.iter().find(|job| job.name == name)
    }

    pub fn schedule(&self, ctx: &Ctx, settings: &Settings) -> Outcome<Schedule> {
        Ok(Schedule::new(&(self.cron)(settings), ctx.clock.zone().clone())?)
    }

    pub fn work(&self, ctx: Ctx) -> BoxFuture<'static, Outcome<Ending>> {
        (self.work)(ctx)
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A job as a path names it.
#[derive(Debug, Clone, Copy)]
pub struct JobName(pub &'static Job);

impl FromStr for JobName {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Job::named(name).map(Self).ok_or(())
    }
}
