//! Path of the queue.

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
    let queue = warp::path!("approvals").and(at(E::Approvals)).and(query()).then(handlers::queue).map(finish);
    vec![(E::Approvals, queue.boxed())]
}
