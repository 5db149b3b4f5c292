//! Paths of mail.

use kpi_api::endpoint::Endpoint as E;
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    vec![
        (
            E::ListMails,
            warp::path!("mails").and(at(E::ListMails)).and(query()).then(handlers::list).map(finish).boxed(),
        ),
        (
            E::TestMail,
            warp::path!("settings" / "test-mail")
                .and(at(E::TestMail))
                .and(body())
                .then(handlers::test)
                .map(finish)
                .boxed(),
        ),
    ]
}
