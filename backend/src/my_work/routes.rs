//! Path of "My work".

use kpi_api::endpoint::Endpoint as E;
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, finish},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    vec![(E::MyWork, warp::path!("my-work").and(at(E::MyWork)).then(handlers::my_work).map(finish).boxed())]
}
