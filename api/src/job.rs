//! The jobs that the server runs by itself, how they went, and what the reminders of the coming days would be.

use serde::{Deserialize, Serialize};

use crate::{
    id::KpiId,
    scoring::{Said, words},
    time::{Date, Timestamp},
    user::PersonRef,
};

words! {
    /// How a run stands. `interrupted`: the server ended before the job did.
    JobState { Running = "running", Done = "done", Failed = "failed", Interrupted = "interrupted" }

    /// Why a run took place: its time had come, a time was missed while the server was down, or somebody asked.
    JobCause { Schedule = "schedule", CatchUp = "catch_up", Hand = "hand" }
}

/// A job with its times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobView {
    /// Stable, e.g. `clean_up`; clients translate it.
    pub name: String,
    /// What it does, in an English sentence.
    pub description: String,
    /// Five fields of cron (minute, hour, day, month, weekday), read in `zone`.
    pub schedule: String,
    /// The company's time zone, e.g. `Europe/Berlin`.
    pub zone: String,
    pub next_run: Option<Timestamp>,
    pub last_run: Option<JobRunView>,
    pub running: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobList {
    pub items: Vec<JobView>,
}

/// One run of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobRunView {
    pub id: i64,
    pub job: String,
    pub cause: JobCause,
    /// Who asked for it, where somebody did.
    pub by: Option<PersonRef>,
    pub scheduled_for: Timestamp,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Milliseconds; absent while it runs and where it was interrupted.
    pub took_ms: Option<i64>,
    pub state: JobState,
    /// What it did, or what went wrong; absent while it runs.
    pub result: Option<Said>,
}

/// A KPI by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KpiName {
    pub id: KpiId,
    pub title: String,
}

/// A reminder that would be sent if nothing happened until its day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RehearsedReminder {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: Date,
    /// Who would get it.
    pub user: PersonRef,
    pub kpi: KpiName,
    /// Why, as the rule names it, e.g. `check_in`; one person hears of one reason on one KPI once per interval.
    pub reason: String,
    /// The rule's name, e.g. `remind/standard`.
    pub rule: String,
    pub title: Said,
    pub text: Said,
}

/// The reminders of the coming days, by day, then person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rehearsal {
    /// At most 2000; `total` counts those beyond too.
    pub items: Vec<RehearsedReminder>,
    pub total: u64,
    /// The last day that was looked at; earlier than asked for where that would have taken too long.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: Date,
    /// Versions of rules that failed, each with its fault; reminders are missing where no older version stood in. Also
    /// told: that not all KPIs could be looked at, because rules are slow.
    pub troubles: Vec<String>,
}
