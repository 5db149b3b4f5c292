//! What people would have been told of acts long done: the demo company's bells are not empty on its first day.

use std::collections::HashMap;

use kpi_api::{id::UserId, kpi::Act, notification::NotificationData};

use super::{
    news::{self, MAIL_NONE},
    who::{self, Facts},
};
use crate::{
    entity::{kpi, kpi_history, notification},
    kpi::machine,
    people::directory::Directory,
    platform::failure::Outcome,
};

/// The notifications of these acts, oldest first, all of them read; nothing of it is mailed.
pub fn of_acts(
    directory: &Directory,
    kpis: &HashMap<i64, kpi::Model>,
    acts: &[kpi_history::Model],
) -> Outcome<Vec<notification::Model>> {
    let mut made = Vec::new();
    for row in acts {
        let Some((kpi, act)) = kpis.get(&row.kpi_id).zip(row.act.parse::<Act>().ok()) else { continue };
        let actor = UserId(row.by_id);
        let event = machine::event(act).to_owned();
        let facts = Facts {
            event: event.clone(),
            actor: Some(actor),
            kpi: Some(news::standing(directory, kpi)?),
            admins: news::administrators(directory),
            ..Facts::default()
        };
        let data = NotificationData {
            actor_id: Some(actor),
            actor_name: Some(directory.name(actor)),
            kpi_title: Some(kpi.title.clone()),
            owner_name: Some(directory.name(UserId(kpi.user_id))),
            event: Some(event),
            reason: row.reason.clone(),
            count: 1,
            ..NotificationData::default()
        };
        let data = serde_json::to_string(&data)?;
        made.extend(who::told(&facts).into_iter().map(|told| notification::Model {
            id: 0,
            user_id: told.user.0,
            kind: told.kind.to_string(),
            kpi_id: Some(kpi.id),
            outbox_id: None,
            data: data.clone(),
            link: told.link,
            created_at: row.at,
            read_at: Some(row.at),
            in_app: true,
            mail_state: MAIL_NONE.to_owned(),
        }));
    }
    Ok(made)
}
