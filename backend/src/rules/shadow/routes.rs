//! Paths of drafts in the shadow.

use kpi_api::{endpoint::Endpoint as E, id::RuleId};
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let path = || warp::path!("rules" / RuleId / "shadow");
    vec![
        (E::ShadowRule, path().and(at(E::ShadowRule)).and(body()).then(handlers::put).map(finish).boxed()),
        (E::EndShadow, path().and(at(E::EndShadow)).then(handlers::remove).map(finish).boxed()),
        (E::ShadowReport, path().and(at(E::ShadowReport)).then(handlers::report).map(finish).boxed()),
    ]
}
