//! Paths of the previews.

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
    vec![
        (
            E::PreviewRule,
            warp::path!("rules" / RuleId / "preview")
                .and(at(E::PreviewRule))
                .and(body())
                .then(handlers::preview)
                .map(finish)
                .boxed(),
        ),
        (
            E::PreviewProgress,
            warp::path!("rules" / "previews" / String)
                .and(at(E::PreviewProgress))
                .then(handlers::progress)
                .map(finish)
                .boxed(),
        ),
        (
            E::CancelPreview,
            warp::path!("rules" / "previews" / String)
                .and(at(E::CancelPreview))
                .then(handlers::cancel)
                .map(finish)
                .boxed(),
        ),
    ]
}
