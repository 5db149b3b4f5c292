//! Paths of the queue.

use kpi_api::endpoint::Endpoint as E;
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let queue = warp::path!("approvals").and(at(E::Approvals)).and(query()).then(handlers::queue).map(finish);
    let bulk = warp::path!("approvals" / "bulk").and(at(E::DecideInBulk)).and(body());
    vec![(E::Approvals, queue.boxed()), (E::DecideInBulk, bulk.then(handlers::decide).map(finish).boxed())]
}
