//! Paths of the rules.

use kpi_api::{endpoint::Endpoint as E, id::RuleId};
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
        (E::ListRules, warp::path!("rules").and(at(E::ListRules)).then(handlers::list).map(finish).boxed()),
        (
            E::GetRule,
            warp::path!("rules" / RuleId).and(at(E::GetRule)).then(handlers::get).map(finish).boxed(),
        ),
    ]
}
