//! Paths of the re-scores.

use kpi_api::{
    endpoint::Endpoint as E,
    id::{RescoreId, RuleId},
};
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, finish},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    vec![
        (
            E::ListRescores,
            warp::path!("rules" / RuleId / "rescores")
                .and(at(E::ListRescores))
                .then(handlers::of_rule)
                .map(finish)
                .boxed(),
        ),
        (
            E::GetRescore,
            warp::path!("rescores" / RescoreId)
                .and(at(E::GetRescore))
                .then(handlers::get)
                .map(finish)
                .boxed(),
        ),
    ]
}
