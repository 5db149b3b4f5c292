//! Events as they are sent: the text of the stream, and who may see it.

use std::{collections::HashMap, fmt::Write as _};

use kpi_api::{
    id::{KpiId, RuleId, UserId, Version},
    live::{JobChange, KpiChange, LiveKind, NotificationNews, RuleChange},
    permission::Capability,
};
use serde::Serialize;
use serde_json::json;

use crate::{
    app::Ctx,
    kpi::audience::{self, Audience},
    notifications,
    people::directory::{Directory, Person},
    platform::{failure::Outcome, outbox::Posted},
};

/// What one event is to those who listen.
#[derive(Debug)]
pub struct News {
    /// Where a stream stands after it; absent for what is not told again after an interruption.
    pub seq: Option<i64>,
    /// What everybody is sent who may see it.
    pub shared: Option<(Seen, String)>,
    /// What single people are sent.
    pub personal: Vec<(UserId, String)>,
}

/// Who may see it.
#[derive(Debug)]
pub enum Seen {
    Everybody,
    Kpi(Audience),
    Holding(Capability),
}

impl News {
    /// What this person is sent; empty when it does not concern them.
    pub fn for_person(&self, directory: &Directory, person: &Person) -> String {
        let mut text: String = self
            .personal
            .iter()
            .filter(|(user, _)| *user == person.id)
            .map(|(_, text)| text.as_str())
            .collect();
        if let Some((seen, shared)) = &self.shared {
            let may_see = match seen {
                Seen::Everybody => true,
                Seen::Kpi(audience) => audience.sees(directory, person),
                Seen::Holding(capability) => person.is_active && capability.held_by(person.role),
            };
            if may_see {
                text.push_str(shared);
            }
        }
        text
    }
}

/// An event of the stream, without a number; see [`numbered`].
pub fn frame(kind: LiveKind, data: &impl Serialize) -> String {
    // What is serialised has neither maps with odd keys nor numbers that JSON lacks; JSON text has no line breaks.
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("event: {kind}\ndata: {data}\n\n")
}

/// Events with the number up to which the page knows everything once it has read the last of them. Without any
/// event, only the number moves on.
pub fn numbered(mut events: String, seq: i64) -> String {
    if events.ends_with("\n\n") {
        events.pop();
    }
    // Writing into a text does not fail.
    let _ = write!(events, "id: {seq}\n\n");
    events
}

/// What these events are to those who listen, in order. `listening` tells for whom notifications are looked up.
pub async fn of(ctx: &Ctx, events: &[impl AsRef<Posted>], listening: &[UserId]) -> Outcome<Vec<News>> {
    let db = ctx.db.read();
    let kpis: Vec<i64> = events.iter().filter_map(|event| kpi(event.as_ref())).collect();
    let mut audiences = audience::of(db, &kpis).await?;
    let ids: Vec<i64> = events.iter().map(|event| event.as_ref().id).collect();
    let rows = notifications::repo::of_events(db, &ids).await?;
    let rows: Vec<_> = rows.into_iter().filter(|row| listening.contains(&UserId(row.user_id))).collect();
    let users: Vec<UserId> = rows.iter().map(|row| UserId(row.user_id)).collect();
    let unread = notifications::repo::unread(db, &users).await?;
    let mut personal: HashMap<i64, Vec<(UserId, String)>> = HashMap::new();
    for row in rows {
        let (user, event) = (UserId(row.user_id), row.outbox_id.unwrap_or_default());
        let unread_count = unread.get(&user).copied().unwrap_or(0);
        let told = NotificationNews { notification: notifications::view(row)?, unread_count };
        personal.entry(event).or_default().push((user, frame(LiveKind::Notification, &told)));
    }
    let all = events.iter().map(|event| {
        let event = event.as_ref();
        News {
            seq: Some(event.seq),
            shared: shared(event, &mut audiences),
            personal: personal.remove(&event.id).unwrap_or_default(),
        }
    });
    Ok(all.collect())
}

/// The KPI that an event is about.
fn kpi(event: &Posted) -> Option<i64> {
    let about = ["kpi.", "comment.", "evidence."].iter().any(|prefix| event.name.starts_with(prefix));
    (about && event.entity == "kpi").then_some(event.entity_id)
}

fn shared(event: &Posted, audiences: &mut HashMap<i64, Audience>) -> Option<(Seen, String)> {
    if let Some(id) = kpi(event) {
        // Of one that is gone, its owner and those above are told.
        let gone = || event.number("owner_id").map(|id| Audience { owner: UserId(id), aligned: Vec::new() });
        let audience = audiences.get(&id).cloned().or_else(gone)?;
        let has_version = event.name.starts_with("kpi.");
        let change = KpiChange {
            kpi_id: KpiId(id),
            change: event.name.clone(),
            version: event.number("version").filter(|_| has_version).map(Version),
            actor_id: event.actor,
        };
        return Some((Seen::Kpi(audience), frame(LiveKind::Kpi, &change)));
    }
    match event.name.split_once('.') {
        // Scores all over the company are others now: everybody looks again.
        Some(("rule", "rescored")) => Some((Seen::Everybody, frame(LiveKind::Resync, &json!({})))),
        Some(("rule", _)) => {
            let change = RuleChange { rule_id: RuleId(event.number("rule_id")?), change: event.name.clone() };
            Some((Seen::Holding(Capability::ManageRules), frame(LiveKind::Rule, &change)))
        }
        Some(("job", state)) => {
            let change = JobChange {
                job: event.text("job")?.to_owned(),
                state: event.text("state").unwrap_or(state).to_owned(),
            };
            Some((Seen::Holding(Capability::SeeJobs), frame(LiveKind::Job, &change)))
        }
        _ => None,
    }
}
