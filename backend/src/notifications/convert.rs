//! Rows to what travels.

use anyhow::anyhow;
use kpi_api::{
    id::{KpiId, NotificationId},
    notification::NotificationView,
    time::Timestamp,
};

use crate::{entity::notification, platform::failure::Outcome};

pub fn view(row: notification::Model) -> Outcome<NotificationView> {
    Ok(NotificationView {
        id: NotificationId(row.id),
        kind: row.kind.parse().map_err(|fault| anyhow!("kind of notification {}: {fault}", row.id))?,
        kpi_id: row.kpi_id.map(KpiId),
        data: serde_json::from_str(&row.data)?,
        link: row.link,
        created_at: Timestamp(row.created_at),
        read_at: row.read_at.map(Timestamp),
    })
}
