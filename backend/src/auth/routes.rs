//! Paths of logging in and of one's own account.

use kpi_api::{
    endpoint::Endpoint as E,
    id::{SessionId, TokenId},
};
use warp::Filter;

use super::{
    guard::{guard, open},
    handlers,
};
use crate::{
    app::Ctx,
    platform::http::{Route, body, finish, optional_body},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let mut routes = public(ctx);
    routes.extend(own_account(ctx));
    routes
}

fn public(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| open(ctx, endpoint);
    let setup = || warp::path!("setup");
    vec![
        (
            E::Login,
            warp::path!("auth" / "login")
                .and(at(E::Login))
                .and(body())
                .then(handlers::login)
                .map(finish)
                .boxed(),
        ),
        (
            E::Token,
            warp::path!("auth" / "token")
                .and(at(E::Token))
                .and(body())
                .then(handlers::token)
                .map(finish)
                .boxed(),
        ),
        (
            E::Refresh,
            warp::path!("auth" / "refresh")
                .and(at(E::Refresh))
                .and(optional_body())
                .then(handlers::refresh)
                .map(finish)
                .boxed(),
        ),
        (
            E::ForgotPassword,
            warp::path!("auth" / "forgot-password")
                .and(at(E::ForgotPassword))
                .and(body())
                .then(handlers::forgot_password)
                .map(finish)
                .boxed(),
        ),
        (
            E::ResetPassword,
            warp::path!("auth" / "reset-password")
                .and(at(E::ResetPassword))
                .and(body())
                .then(handlers::reset_password)
                .map(finish)
                .boxed(),
        ),
        (E::SetupState, setup().and(at(E::SetupState)).then(handlers::setup_state).map(finish).boxed()),
        (E::Setup, setup().and(at(E::Setup)).and(body()).then(handlers::set_up).map(finish).boxed()),
    ]
}

fn own_account(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let me = || warp::path!("auth" / "me");
    let tokens = || warp::path!("auth" / "tokens");
    vec![
        (
            E::Logout,
            warp::path!("auth" / "logout").and(at(E::Logout)).then(handlers::logout).map(finish).boxed(),
        ),
        (E::Me, me().and(at(E::Me)).then(handlers::me).map(finish).boxed()),
        (E::UpdateMe, me().and(at(E::UpdateMe)).and(body()).then(handlers::update_me).map(finish).boxed()),
        (
            E::ChangePassword,
            warp::path!("auth" / "password")
                .and(at(E::ChangePassword))
                .and(body())
                .then(handlers::change_password)
                .map(finish)
                .boxed(),
        ),
        (
            E::ListSessions,
            warp::path!("auth" / "sessions")
                .and(at(E::ListSessions))
                .then(handlers::sessions)
                .map(finish)
                .boxed(),
        ),
        (
            E::EndSession,
            warp::path!("auth" / "sessions" / SessionId)
                .and(at(E::EndSession))
                .then(handlers::end_session)
                .map(finish)
                .boxed(),
        ),
        (E::ListTokens, tokens().and(at(E::ListTokens)).then(handlers::tokens).map(finish).boxed()),
        (
            E::CreateToken,
            tokens().and(at(E::CreateToken)).and(body()).then(handlers::create_token).map(finish).boxed(),
        ),
        (
            E::RevokeToken,
            warp::path!("auth" / "tokens" / TokenId)
                .and(at(E::RevokeToken))
                .then(handlers::revoke_token)
                .map(finish)
                .boxed(),
        ),
    ]
}
