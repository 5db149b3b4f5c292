//! Paths of the jobs.

use kpi_api::endpoint::Endpoint as E;
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, finish, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    vec![
        (E::ListJobs, warp::path!("jobs").and(at(E::ListJobs)).then(handlers::list).map(finish).boxed()),
        (
            E::RunJob,
            warp::path!("jobs" / String / "run").and(at(E::RunJob)).then(handlers::run).map(finish).boxed(),
        ),
        (
            E::ListJobRuns,
            warp::path!("jobs" / String / "runs")
                .and(at(E::ListJobRuns))
                .and(query())
                .then(handlers::runs)
                .map(finish)
                .boxed(),
        ),
        (
            E::RehearseReminders,
            warp::path!("jobs" / "reminders" / "rehearsal")
                .and(at(E::RehearseReminders))
                .and(query())
                .then(handlers::rehearsal)
                .map(finish)
                .boxed(),
        ),
    ]
}
