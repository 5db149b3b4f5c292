//! People over HTTP.

use kpi_api::{
    id::UserId,
    page::Page,
    user::{PendingReset, TemporaryPassword, UserCreated, UserNew, UserPatch, UserView},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::service;
pub use super::service::UserQuery;
use crate::{
    auth::{actor::Entered, reset},
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
        paging::Paging,
    },
};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// From 1.
    page: Option<u32>,
    /// 1 to 100.
    per_page: Option<u32>,
}

/// The people of the company.
#[utoipa::path(get, path = "/users", tag = "people", params(UserQuery),
    responses((status = 200, body = Page<UserView>)))]
pub async fn list(call: Entered, query: Outcome<UserQuery>) -> Answer<Page<UserView>> {
    Ok(Reply::Ok(service::list(&call?, &query?).await?))
}

/// A new person. Without a password in the body the answer carries a temporary one, this once.
#[utoipa::path(post, path = "/users", tag = "people", request_body = UserNew,
    responses((status = 201, body = UserCreated)))]
pub async fn create(call: Entered, body: Outcome<UserNew>) -> Answer<UserCreated> {
    let body = service::create(&call?, body?).await?;
    Ok(Reply::CreatedVersioned { at: format!("/users/{}", body.user.id), version: body.user.version, body })
}

/// A person.
#[utoipa::path(get, path = "/users/{id}", tag = "people", params(("id" = i64, Path)),
    responses((status = 200, body = UserView)))]
pub async fn get(id: UserId, call: Entered) -> Answer<UserView> {
    let user = service::get(&call?, id).await?;
    Ok(Reply::Versioned(user.version, user))
}

/// Changes a person. Deactivating somebody ends their sessions; the last active administrator stays one.
#[utoipa::path(patch, path = "/users/{id}", tag = "people", params(("id" = i64, Path)), request_body = UserPatch,
    responses((status = 200, body = UserView)))]
pub async fn update(id: UserId, call: Entered, body: Outcome<UserPatch>) -> Answer<UserView> {
    let user = service::update(&call?, id, body?).await?;
    Ok(Reply::Versioned(user.version, user))
}

/// Gives somebody a temporary password, to be changed at the next log-in. All their sessions end.
#[utoipa::path(post, path = "/users/{id}/reset-password", tag = "people", params(("id" = i64, Path)),
    responses((status = 200, body = TemporaryPassword)))]
pub async fn reset_password(id: UserId, call: Entered) -> Answer<TemporaryPassword> {
    Ok(Reply::Ok(service::reset_password(&call?, id).await?))
}

/// The one-time links that people asked for and that no mail could carry, newest first.
#[utoipa::path(get, path = "/users/password-resets", tag = "people", params(PageQuery),
    responses((status = 200, body = Page<PendingReset>)))]
pub async fn password_resets(call: Entered, query: Outcome<PageQuery>) -> Answer<Page<PendingReset>> {
    let (call, query) = (call?, query?);
    let paging = Paging::read(query.page, query.per_page)?;
    Ok(Reply::Ok(reset::pending(&call, paging).await?))
}
