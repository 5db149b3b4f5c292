//! Paths of people.

use kpi_api::{endpoint::Endpoint as E, id::UserId};
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let all = || warp::path!("users");
    let one = || warp::path!("users" / UserId);
    vec![
        (E::ListUsers, all().and(at(E::ListUsers)).and(query()).then(handlers::list).map(finish).boxed()),
        (E::CreateUser, all().and(at(E::CreateUser)).and(body()).then(handlers::create).map(finish).boxed()),
        (E::GetUser, one().and(at(E::GetUser)).then(handlers::get).map(finish).boxed()),
        (E::UpdateUser, one().and(at(E::UpdateUser)).and(body()).then(handlers::update).map(finish).boxed()),
        (
            E::ResetUserPassword,
            warp::path!("users" / UserId / "reset-password")
                .and(at(E::ResetUserPassword))
                .then(handlers::reset_password)
                .map(finish)
                .boxed(),
        ),
        (
            E::ListPasswordResets,
            warp::path!("users" / "password-resets")
                .and(at(E::ListPasswordResets))
                .and(query())
                .then(handlers::password_resets)
                .map(finish)
                .boxed(),
        ),
    ]
}
