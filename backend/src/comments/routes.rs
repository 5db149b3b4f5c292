//! Paths of comments.

use kpi_api::{
    endpoint::Endpoint as E,
    id::{CommentId, KpiId},
};
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let of_kpi = || warp::path!("kpis" / KpiId / "comments");
    let one = || warp::path!("comments" / CommentId);
    vec![
        (E::ListComments, of_kpi().and(at(E::ListComments)).then(handlers::list).map(finish).boxed()),
        (
            E::CreateComment,
            of_kpi().and(at(E::CreateComment)).and(body()).then(handlers::create).map(finish).boxed(),
        ),
        (
            E::UpdateComment,
            one().and(at(E::UpdateComment)).and(body()).then(handlers::update).map(finish).boxed(),
        ),
        (E::DeleteComment, one().and(at(E::DeleteComment)).then(handlers::delete).map(finish).boxed()),
        (
            E::ListCommentRevisions,
            warp::path!("comments" / CommentId / "revisions")
                .and(at(E::ListCommentRevisions))
                .then(handlers::revisions)
                .map(finish)
                .boxed(),
        ),
        (
            E::ListMentionable,
            warp::path!("kpis" / KpiId / "mentionable")
                .and(at(E::ListMentionable))
                .and(query())
                .then(handlers::mentionable)
                .map(finish)
                .boxed(),
        ),
    ]
}
