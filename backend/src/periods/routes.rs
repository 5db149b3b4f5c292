//! Paths of the quarters.

use kpi_api::endpoint::Endpoint as E;
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, finish},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let list =
        warp::path!("periods").and(guard(ctx, E::ListPeriods)).then(handlers::list).map(finish).boxed();
    vec![(E::ListPeriods, list)]
}
