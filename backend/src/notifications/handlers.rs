//! Notifications over HTTP.

use kpi_api::{
    id::NotificationId,
    notification::{NotificationPage, NotificationPreferences, NotificationPreferencesPut, UnreadCount},
};

use super::service;
pub use super::service::NotificationQuery;
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

/// What the caller has been told, newest first.
#[utoipa::path(get, path = "/notifications", tag = "notifications", params(NotificationQuery),
    responses((status = 200, body = NotificationPage)))]
pub async fn list(call: Entered, query: Outcome<NotificationQuery>) -> Answer<NotificationPage> {
    Ok(Reply::Ok(service::list(&call?, &query?).await?))
}

/// Marks one as read.
#[utoipa::path(post, path = "/notifications/{id}/read", tag = "notifications", params(("id" = i64, Path)),
    responses((status = 200, body = UnreadCount)))]
pub async fn read(id: NotificationId, call: Entered) -> Answer<UnreadCount> {
    Ok(Reply::Ok(service::read(&call?, id).await?))
}

/// Marks all of the caller's as read.
#[utoipa::path(post, path = "/notifications/read-all", tag = "notifications",
    responses((status = 200, body = UnreadCount)))]
pub async fn read_all(call: Entered) -> Answer<UnreadCount> {
    Ok(Reply::Ok(service::read_all(&call?).await?))
}

/// What the caller wants to be told, in the app and by mail.
#[utoipa::path(get, path = "/notifications/preferences", tag = "notifications",
    responses((status = 200, body = NotificationPreferences)))]
pub async fn preferences(call: Entered) -> Answer<NotificationPreferences> {
    let shown = service::preferences(&call?).await?;
    Ok(Reply::Versioned(shown.version, shown))
}

/// Replaces the caller's preferences.
#[utoipa::path(put, path = "/notifications/preferences", tag = "notifications",
    request_body = NotificationPreferencesPut, responses((status = 200, body = NotificationPreferences)))]
pub async fn put_preferences(
    call: Entered,
    body: Outcome<NotificationPreferencesPut>,
) -> Answer<NotificationPreferences> {
    let shown = service::put_preferences(&call?, body?).await?;
    Ok(Reply::Versioned(shown.version, shown))
}
