//! Figures over HTTP.

use kpi_api::dashboard::{ByDepartment, ByQuarter, Summary};

use super::service;
pub use super::service::FiguresQuery;
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

/// Headline figures of a period.
#[utoipa::path(get, path = "/analytics/summary", tag = "analytics", params(FiguresQuery),
    responses((status = 200, body = Summary)))]
pub async fn summary(call: Entered, query: Outcome<FiguresQuery>) -> Answer<Summary> {
    Ok(Reply::Ok(service::summary(&call?, &query?).await?))
}

/// The eight quarters up to a period, oldest first.
#[utoipa::path(get, path = "/analytics/by-quarter", tag = "analytics", params(FiguresQuery),
    responses((status = 200, body = ByQuarter)))]
pub async fn by_quarter(call: Entered, query: Outcome<FiguresQuery>) -> Answer<ByQuarter> {
    Ok(Reply::Ok(service::by_quarter(&call?, &query?).await?))
}

/// The departments of a period side by side.
#[utoipa::path(get, path = "/analytics/by-department", tag = "analytics", params(FiguresQuery),
    responses((status = 200, body = ByDepartment)))]
pub async fn by_department(call: Entered, query: Outcome<FiguresQuery>) -> Answer<ByDepartment> {
    Ok(Reply::Ok(service::by_department(&call?, &query?).await?))
}
