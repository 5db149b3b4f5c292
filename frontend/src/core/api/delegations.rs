//! Deciding in somebody's place for a while.

use kpi_api::{
    delegation::{DelegateList, DelegationList, DelegationNew, DelegationView},
    id::{DelegationId, Version},
};

use crate::core::client::{Answer, Call};

pub async fn list() -> Answer<DelegationList> {
    Call::get("/delegations").send().await
}

/// Whom one may let decide in one's place.
pub async fn candidates() -> Answer<DelegateList> {
    Call::get("/delegations/candidates").send().await
}

pub async fn create(body: &DelegationNew, key: &str) -> Answer<DelegationView> {
    Call::post("/delegations").key(key).json(body).send().await
}

/// From now on nobody decides in the other's place by it.
pub async fn end(id: DelegationId, version: Version) -> Answer<()> {
    Call::delete(format!("/delegations/{id}")).version(version).done().await
}
