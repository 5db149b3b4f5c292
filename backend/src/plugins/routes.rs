//! Paths of plugins.

use kpi_api::endpoint::Endpoint as E;
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, form::incoming, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let all = || warp::path!("plugins");
    let one = || warp::path!("plugins" / String);
    let settings = || warp::path!("plugins" / String / "settings");
    vec![
        (E::ListPlugins, all().and(at(E::ListPlugins)).then(handlers::list).map(finish).boxed()),
        (
            E::CheckPlugin,
            warp::path!("plugins" / "check")
                .and(at(E::CheckPlugin))
                .and(incoming())
                .then(handlers::check)
                .map(finish)
                .boxed(),
        ),
        (
            E::InstallPlugin,
            warp::path!("plugins" / "install")
                .and(at(E::InstallPlugin))
                .and(incoming())
                .then(handlers::install)
                .map(finish)
                .boxed(),
        ),
        (E::GetPlugin, one().and(at(E::GetPlugin)).then(handlers::get).map(finish).boxed()),
        (
            E::EnablePlugin,
            warp::path!("plugins" / String / "enable")
                .and(at(E::EnablePlugin))
                .and(body())
                .then(handlers::enable)
                .map(finish)
                .boxed(),
        ),
        (
            E::DisablePlugin,
            warp::path!("plugins" / String / "disable")
                .and(at(E::DisablePlugin))
                .then(handlers::disable)
                .map(finish)
                .boxed(),
        ),
        (E::UninstallPlugin, one().and(at(E::UninstallPlugin)).then(handlers::uninstall).map(finish).boxed()),
        (
            E::GetPluginSettings,
            settings().and(at(E::GetPluginSettings)).then(handlers::get_settings).map(finish).boxed(),
        ),
        (
            E::PutPluginSettings,
            settings()
                .and(at(E::PutPluginSettings))
                .and(body())
                .then(handlers::put_settings)
                .map(finish)
                .boxed(),
        ),
        (
            E::PluginLog,
            warp::path!("plugins" / String / "log")
                .and(at(E::PluginLog))
                .and(query())
                .then(handlers::log)
                .map(finish)
                .boxed(),
        ),
        (
            E::TestPlugin,
            warp::path!("plugins" / String / "test")
                .and(at(E::TestPlugin))
                .and(body())
                .then(handlers::test)
                .map(finish)
                .boxed(),
        ),
        (
            E::PluginWidgets,
            warp::path!("dashboard" / "widgets")
                .and(at(E::PluginWidgets))
                .then(handlers::widgets)
                .map(finish)
                .boxed(),
        ),
    ]
}
