//! People, as administrators manage them.

use kpi_api::{
    id::{UserId, Version},
    page::Page,
    user::{PendingReset, TemporaryPassword, UserCreated, UserNew, UserPatch, UserView},
};

use crate::core::{
    client::{Answer, Call},
    query::Params,
};

pub async fn list(query: &Params) -> Answer<Page<UserView>> {
    Call::get("/users").query(query).send().await
}

pub async fn get(id: UserId) -> Answer<UserView> {
    Call::get(format!("/users/{id}")).send().await
}

pub async fn create(body: &UserNew, key: &str) -> Answer<UserCreated> {
    Call::post("/users").key(key).json(body).send().await
}

pub async fn update(id: UserId, version: Version, patch: &UserPatch) -> Answer<UserView> {
    Call::patch(format!("/users/{id}")).version(version).json(patch).send().await
}

pub async fn reset_password(id: UserId) -> Answer<TemporaryPassword> {
    Call::post(format!("/users/{id}/reset-password")).send().await
}

pub async fn pending_resets() -> Answer<Vec<PendingReset>> {
    let list: kpi_api::page::Page<PendingReset> = Call::get("/users/password-resets").send().await?;
    Ok(list.items)
}
