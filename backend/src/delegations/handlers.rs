//! Delegations over HTTP.

use kpi_api::{
    delegation::{DelegateList, DelegationList, DelegationNew, DelegationView},
    id::{DelegationId, UserId},
};
use serde::Deserialize;

use super::service;
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DelegationQuery {
    /// Somebody else's, for administrators.
    #[param(value_type = Option<i64>)]
    user_id: Option<UserId>,
}

/// Who decides in the caller's place, and in whose place the caller decides.
#[utoipa::path(get, path = "/delegations", tag = "delegations", params(DelegationQuery),
    responses((status = 200, body = DelegationList)))]
pub async fn list(call: Entered, query: Outcome<DelegationQuery>) -> Answer<DelegationList> {
    Ok(Reply::Ok(service::list(&call?, query?.user_id).await?))
}

/// Lets somebody decide in the caller's place for some days.
#[utoipa::path(post, path = "/delegations", tag = "delegations", request_body = DelegationNew,
    responses((status = 201, body = DelegationView)))]
pub async fn create(call: Entered, body: Outcome<DelegationNew>) -> Answer<DelegationView> {
    let body = service::create(&call?, body?).await?;
    Ok(Reply::CreatedVersioned { at: "/delegations".into(), version: body.version, body })
}

/// Ends a delegation, at once. For who gave it, and administrators.
#[utoipa::path(delete, path = "/delegations/{id}", tag = "delegations", params(("id" = i64, Path)),
    responses((status = 204)))]
pub async fn end(id: DelegationId, call: Entered) -> Answer<()> {
    service::end(&call?, id).await?;
    Ok(Reply::NoContent)
}

/// Who may be asked to decide in the caller's place.
#[utoipa::path(get, path = "/delegations/candidates", tag = "delegations",
    responses((status = 200, body = DelegateList)))]
pub async fn candidates(call: Entered) -> Answer<DelegateList> {
    Ok(Reply::Ok(service::candidates(&call?).await?))
}
