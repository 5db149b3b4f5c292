//! Paths of the figures.

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
        (
            E::Summary,
            warp::path!("analytics" / "summary")
                .and(at(E::Summary))
                .and(query())
                .then(handlers::summary)
                .map(finish)
                .boxed(),
        ),
        (
            E::ByQuarter,
            warp::path!("analytics" / "by-quarter")
                .and(at(E::ByQuarter))
                .and(query())
                .then(handlers::by_quarter)
                .map(finish)
                .boxed(),
        ),
        (
            E::ByDepartment,
            warp::path!("analytics" / "by-department")
                .and(at(E::ByDepartment))
                .and(query())
                .then(handlers::by_department)
                .map(finish)
                .boxed(),
        ),
    ]
}
