//! Paths of delegations.

use kpi_api::{endpoint::Endpoint as E, id::DelegationId};
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let all = || warp::path!("delegations");
    vec![
        (
            E::ListDelegations,
            all().and(at(E::ListDelegations)).and(query()).then(handlers::list).map(finish).boxed(),
        ),
        (
            E::CreateDelegation,
            all().and(at(E::CreateDelegation)).and(body()).then(handlers::create).map(finish).boxed(),
        ),
        (
            E::EndDelegation,
            warp::path!("delegations" / DelegationId)
                .and(at(E::EndDelegation))
                .then(handlers::end)
                .map(finish)
                .boxed(),
        ),
        (
            E::ListDelegates,
            warp::path!("delegations" / "candidates")
                .and(at(E::ListDelegates))
                .then(handlers::candidates)
                .map(finish)
                .boxed(),
        ),
    ]
}
