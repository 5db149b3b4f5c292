//! Jobs over HTTP.

use std::borrow::Cow;

use kpi_api::{
    job::{JobList, JobRunView, Rehearsal},
    page::Page,
};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use utoipa::IntoParams;

use super::service;
use crate::{
    auth::actor::Entered,
    platform::{
        failure::{Failure, Outcome},
        http::{Answer, Reply},
        paging::Paging,
    },
};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RunsQuery {
    /// From 1.
    page: Option<u32>,
    /// 1 to 100.
    per_page: Option<u32>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RehearsalQuery {
    /// How many days to look ahead, 1 to 92; 30 when absent.
    days: Option<u16>,
}

/// The most days a rehearsal looks ahead: a quarter.
const MOST_DAYS: u16 = 92;

/// A name as it stands in a path: clients write the colons of a plugin's job in either way.
fn decoded(name: &str) -> Cow<'_, str> {
    percent_decode_str(name).decode_utf8_lossy()
}

/// What the server does by itself: when next, and how it went last.
#[utoipa::path(get, path = "/jobs", tag = "jobs", responses((status = 200, body = JobList)))]
pub async fn list(call: Entered) -> Answer<JobList> {
    Ok(Reply::Ok(service::list(&call?.ctx).await?))
}

/// Begins a run now. 409 `job_running` while the job is running.
#[utoipa::path(post, path = "/jobs/{name}/run", tag = "jobs", params(("name" = String, Path)),
    responses((status = 202, body = JobRunView)))]
pub async fn run(name: String, call: Entered) -> Answer<JobRunView> {
    Ok(Reply::Accepted(service::run(&call?, &decoded(&name)).await?))
}

/// The runs of a job, newest first.
#[utoipa::path(get, path = "/jobs/{name}/runs", tag = "jobs", params(("name" = String, Path), RunsQuery),
    responses((status = 200, body = Page<JobRunView>)))]
pub async fn runs(name: String, call: Entered, query: Outcome<RunsQuery>) -> Answer<Page<JobRunView>> {
    let (call, query) = (call?, query?);
    let paging = Paging::read(query.page, query.per_page)?;
    Ok(Reply::Ok(service::runs(&call.ctx, &decoded(&name), paging).await?))
}

/// Who would get which reminder on which day, if nothing happened until then. Nothing is written or sent.
#[utoipa::path(get, path = "/jobs/reminders/rehearsal", tag = "jobs", params(RehearsalQuery),
    responses((status = 200, body = Rehearsal)))]
pub async fn rehearsal(call: Entered, query: Outcome<RehearsalQuery>) -> Answer<Rehearsal> {
    let (call, query) = (call?, query?);
    let days = query.days.unwrap_or(30);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Failure::field("days", "out_of_range", format!("Between 1 and {MOST_DAYS}.")));
    }
    Ok(Reply::Ok(service::rehearse(&call.ctx, days).await?))
}
