//! Paths of the assignments.

use kpi_api::{
    endpoint::Endpoint as E,
    id::{AssignmentId, TemplateId},
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
    vec![
        (
            E::AssignTemplate,
            warp::path!("templates" / TemplateId / "assign")
                .and(at(E::AssignTemplate))
                .and(query())
                .and(body())
                .then(handlers::assign)
                .map(finish)
                .boxed(),
        ),
        (
            E::ListAssignments,
            warp::path!("templates" / TemplateId / "assignments")
                .and(at(E::ListAssignments))
                .then(handlers::list)
                .map(finish)
                .boxed(),
        ),
        (
            E::UndoAssignment,
            warp::path!("assignments" / AssignmentId / "undo")
                .and(at(E::UndoAssignment))
                .then(handlers::undo)
                .map(finish)
                .boxed(),
        ),
    ]
}
