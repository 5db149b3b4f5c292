//! What the person is told, and what they want to be told.

use kpi_api::{
    id::{NotificationId, Version},
    notification::{NotificationPage, NotificationPreferences, NotificationPreferencesPut, UnreadCount},
};

use crate::core::{
    client::{Answer, Call},
    query::Params,
};

pub async fn list(query: &Params) -> Answer<NotificationPage> {
    Call::get("/notifications").query(query).send().await
}

pub async fn read(id: NotificationId) -> Answer<UnreadCount> {
    Call::post(format!("/notifications/{id}/read")).send().await
}

pub async fn read_all() -> Answer<UnreadCount> {
    Call::post("/notifications/read-all").send().await
}

pub async fn preferences() -> Answer<NotificationPreferences> {
    Call::get("/notifications/preferences").send().await
}

pub async fn set_preferences(
    version: Version,
    wanted: &NotificationPreferencesPut,
) -> Answer<NotificationPreferences> {
    Call::put("/notifications/preferences").version(version).json(wanted).send().await
}
