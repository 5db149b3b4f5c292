//! Every path of the server: the features below `/api/v1`, the description of the API, and the web app for the rest.

use std::sync::Arc;

use warp::{
    Filter,
    http::{HeaderValue, header},
    reply::Response,
};

use crate::{
    admin, analytics,
    app::Ctx,
    approvals, assignments, auth, comments, delegations, evidence, jobs, kpi, live, mail, my_work,
    notifications, openapi, people, periods,
    platform::{
        http::{Route, Routes, ServerSettings, web, web::Assets},
        lifecycle::Lifecycle,
    },
    plugins, rules, templates,
};

/// All routes. A row of the endpoint table without a route is a mistake that [`Routes::missing`] tells.
pub fn routes(ctx: &Ctx, assets: Arc<Assets>) -> Routes {
    Routes::new()
        .endpoints(auth::routes::routes(ctx))
        .endpoints(people::users::routes::routes(ctx))
        .endpoints(people::departments::routes::routes(ctx))
        .endpoints(templates::routes::routes(ctx))
        .endpoints(assignments::routes::routes(ctx))
        .endpoints(kpi::routes::routes(ctx))
        .endpoints(evidence::routes::routes(ctx))
        .endpoints(my_work::routes::routes(ctx))
        .endpoints(approvals::routes::routes(ctx))
        .endpoints(comments::routes::routes(ctx))
        .endpoints(delegations::routes::routes(ctx))
        .endpoints(notifications::routes::routes(ctx))
        .endpoints(live::routes::routes(ctx))
        .endpoints(analytics::routes::routes(ctx))
        .endpoints(periods::routes::routes(ctx))
        .endpoints(rules::routes::routes(ctx))
        .endpoints(rules::impact::routes::routes(ctx))
        .endpoints(rules::rescore::routes::routes(ctx))
        .endpoints(rules::shadow::routes::routes(ctx))
        .endpoints(plugins::routes::routes(ctx))
        .endpoints(mail::routes::routes(ctx))
        .endpoints(admin::routes::routes(ctx))
        .endpoints(jobs::routes::routes(ctx))
        .also("GET", "/openapi.json", description())
        .rest(web::pages(assets))
}

/// How the server around the routes behaves, as far as the configuration says.
pub fn server_settings(ctx: &Ctx, assets: &Assets, lifecycle: Lifecycle) -> ServerSettings {
    ServerSettings {
        is_https: ctx.config.is_https(),
        page_policy: assets.page_policy(),
        cors_origins: ctx.config.cors_origins.clone(),
        trusted_proxies: ctx.config.trusted_proxies.clone(),
        max_connections: ctx.config.max_connections,
        safe_mode: ctx.config.safe_mode,
        lifecycle,
        metrics: (*ctx.metrics).clone(),
        ..ServerSettings::default()
    }
}

fn description() -> Route {
    warp::path!("openapi.json")
        .map(|| {
            let mut response = Response::new(openapi::json().into());
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
            response
        })
        .boxed()
}
