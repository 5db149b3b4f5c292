//! Paths of notifications.

use kpi_api::{endpoint::Endpoint as E, id::NotificationId};
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let wanted = || warp::path!("notifications" / "preferences");
    vec![
        (
            E::ListNotifications,
            warp::path!("notifications")
                .and(at(E::ListNotifications))
                .and(query())
                .then(handlers::list)
                .map(finish)
                .boxed(),
        ),
        (
            E::ReadNotification,
            warp::path!("notifications" / NotificationId / "read")
                .and(at(E::ReadNotification))
                .then(handlers::read)
                .map(finish)
                .boxed(),
        ),
        (
            E::ReadAllNotifications,
            warp::path!("notifications" / "read-all")
                .and(at(E::ReadAllNotifications))
                .then(handlers::read_all)
                .map(finish)
                .boxed(),
        ),
        (
            E::NotificationPreferences,
            wanted().and(at(E::NotificationPreferences)).then(handlers::preferences).map(finish).boxed(),
        ),
        (
            E::PutNotificationPreferences,
            wanted()
                .and(at(E::PutNotificationPreferences))
                .and(body())
                .then(handlers::put_preferences)
                .map(finish)
                .boxed(),
        ),
    ]
}
