//! Path of the stream.

use kpi_api::endpoint::Endpoint as E;
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let events = warp::path!("events")
        .and(guard(ctx, E::Events))
        .and(warp::header::optional::<String>("last-event-id"))
        .and(query())
        .then(handlers::events);
    vec![(E::Events, events.boxed())]
}
