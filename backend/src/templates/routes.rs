//! Paths of the templates.

use kpi_api::{endpoint::Endpoint as E, id::TemplateId};
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let all = || warp::path!("templates");
    let one = || warp::path!("templates" / TemplateId);
    vec![
        (
            E::ListTemplates,
            all().and(at(E::ListTemplates)).and(query()).then(handlers::list).map(finish).boxed(),
        ),
        (
            E::CreateTemplate,
            all().and(at(E::CreateTemplate)).and(body()).then(handlers::create).map(finish).boxed(),
        ),
        (E::GetTemplate, one().and(at(E::GetTemplate)).then(handlers::get).map(finish).boxed()),
        (
            E::UpdateTemplate,
            one().and(at(E::UpdateTemplate)).and(body()).then(handlers::update).map(finish).boxed(),
        ),
        (
            E::ListTemplateVersions,
            warp::path!("templates" / TemplateId / "versions")
                .and(at(E::ListTemplateVersions))
                .then(handlers::list_versions)
                .map(finish)
                .boxed(),
        ),
        (E::DeleteTemplate, one().and(at(E::DeleteTemplate)).then(handlers::delete).map(finish).boxed()),
    ]
}
