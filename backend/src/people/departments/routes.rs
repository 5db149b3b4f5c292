//! Paths of departments.

use kpi_api::{endpoint::Endpoint as E, id::DepartmentId};
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let all = || warp::path!("departments");
    let one = || warp::path!("departments" / DepartmentId);
    vec![
        (
            E::ListDepartments,
            all().and(at(E::ListDepartments)).and(query()).then(handlers::list).map(finish).boxed(),
        ),
        (
            E::CreateDepartment,
            all().and(at(E::CreateDepartment)).and(body()).then(handlers::create).map(finish).boxed(),
        ),
        (E::GetDepartment, one().and(at(E::GetDepartment)).then(handlers::get).map(finish).boxed()),
        (
            E::UpdateDepartment,
            one().and(at(E::UpdateDepartment)).and(body()).then(handlers::update).map(finish).boxed(),
        ),
        (E::DeleteDepartment, one().and(at(E::DeleteDepartment)).then(handlers::delete).map(finish).boxed()),
    ]
}
