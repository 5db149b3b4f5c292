//! Makes notifications of events, within the delivery of the outbox.

use futures_util::future::BoxFuture;
use kpi_api::{
    id::{KpiId, RuleId, UserId},
    notification::{NotificationData, NotificationKind as Kind},
    permission::{Capability, Role},
    scoring::Said,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::Value;

use super::{
    prefs, repo,
    who::{self, Comment, Facts, Kpi, Told},
};
use crate::{
    app::Ctx,
    entity::{comment, kpi, notification},
    kpi::{audience, audience::Audience, convert, repo as kpis},
    people::directory::{Directory, Person},
    platform::{
        failure::Outcome,
        outbox::{Consumer, Posted},
    },
};

/// Characters shown of a comment.
const EXCERPT: usize = 160;

/// Milliseconds within which several files on one KPI are told of as one.
const TOGETHER: i64 = 3600 * 1000;

pub const MAIL_NONE: &str = "none";
pub const MAIL_WAITING: &str = "waiting";

pub struct News {
    ctx: Ctx,
}

impl News {
    pub fn new(ctx: &Ctx) -> Self {
        Self { ctx: ctx.clone() }
    }
}

impl Consumer for News {
    fn name(&self) -> &'static str {
        "notifications"
    }

    fn wants(&self, event: &Posted) -> bool {
        who::concerns(&event.name)
    }

    fn take<'a>(&'a self, tx: &'a DatabaseTransaction, event: &'a Posted) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            match gather(&self.ctx, tx, event).await? {
                Some(happened) => tell(&self.ctx, tx, event, &happened).await,
                None => Ok(()),
            }
        })
    }
}

/// An event with everything that is said of it.
struct Happened {
    facts: Facts,
    /// Who may see it; absent where a capability decides.
    audience: Option<Audience>,
    data: NotificationData,
}

/// `None` when nobody is told, or what it was about is gone.
async fn gather(ctx: &Ctx, tx: &DatabaseTransaction, event: &Posted) -> Outcome<Option<Happened>> {
    let directory = ctx.directory().await?;
    let mut data = NotificationData {
        actor_id: event.actor,
        actor_name: event.actor.map(|actor| directory.name(actor)),
        event: Some(event.name.clone()),
        reason: event.text("reason").map(str::to_owned),
        name: event.text("name").map(str::to_owned),
        count: 1,
        ..NotificationData::default()
    };
    let mut facts = Facts {
        event: event.name.clone(),
        actor: event.actor,
        admins: administrators(&directory),
        ..Facts::default()
    };
    match event.name.as_str() {
        "rule.failed" => {
            facts.rule = event.number("rule_id").map(RuleId);
            data.text = event.text("message").map(Said::plain);
            return Ok(Some(Happened { facts, audience: None, data }));
        }
        "rule.rescored" => {
            facts.rule = event.number("rule_id").map(RuleId);
            data.text = said(event.payload.get("text"));
            return Ok(Some(Happened { facts, audience: None, data }));
        }
        "job.failed" => {
            data.text = said(event.payload.get("text"));
            return Ok(Some(Happened { facts, audience: None, data }));
        }
        "plugin.switched_off" | "plugin.message" => {
            facts.named = event.number("user_id").map(UserId).into_iter().collect();
            facts.plugin = event.text("plugin_id").map(|id| who::Plugin {
                id: id.to_owned(),
                link: event.text("link").unwrap_or("/").to_owned(),
            });
            data.title = said(event.payload.get("title"));
            data.text = said(event.payload.get("text"));
            return Ok(Some(Happened { facts, audience: None, data }));
        }
        "delegation.created" | "delegation.ended" => {
            let sides = ["manager_id", "delegate_id"];
            facts.named = sides.iter().filter_map(|side| event.number(side)).map(UserId).collect();
            data.owner_name = event.number("manager_id").map(|manager| directory.name(UserId(manager)));
            (data.from, data.to) =
                (event.text("from").map(str::to_owned), event.text("to").map(str::to_owned));
            return Ok(Some(Happened { facts, audience: None, data }));
        }
        "reminder.due" => {
            facts.named = event.number("user_id").map(UserId).into_iter().collect();
            data.title = said(event.payload.get("title"));
            data.text = said(event.payload.get("text"));
        }
        _ => {}
    }
    let Some(id) = event.number("kpi_id") else { return Ok(None) };
    let Some(row) = kpis::by_id_unscoped(tx, KpiId(id)).await? else { return Ok(None) };
    data.kpi_title = Some(row.title.clone());
    data.owner_name = Some(directory.name(UserId(row.user_id)));
    if event.name == "comment.created" || event.name == "comment.edited" {
        let Some((comment, body)) = thread(tx, event).await? else { return Ok(None) };
        facts.comment = Some(comment);
        data.excerpt = Some(beginning(&body));
    }
    facts.kpi = Some(standing(&directory, &row)?);
    let audience = audience::of(tx, &[id]).await?.remove(&id);
    Ok(audience.map(|audience| Happened { facts, audience: Some(audience), data }))
}

pub(super) fn administrators(directory: &Directory) -> Vec<UserId> {
    let active = directory.people().filter(|person| person.is_active && person.role == Role::Admin);
    let mut ids: Vec<UserId> = active.map(|person| person.id).collect();
    ids.sort_unstable();
    ids
}

pub(super) fn standing(directory: &Directory, row: &kpi::Model) -> Outcome<Kpi> {
    let owner = UserId(row.user_id);
    let mut deciders: Vec<UserId> = directory.approver_of(owner).into_iter().collect();
    if let Some(&approver) = deciders.first() {
        let standing_in =
            directory.people().filter(|person| directory.stands_in_for(person.id).contains(&approver));
        let mut ids: Vec<UserId> = standing_in.map(|person| person.id).collect();
        ids.sort_unstable();
        deciders.extend(ids);
    }
    Ok(Kpi {
        id: KpiId(row.id),
        owner,
        status: convert::status(row)?,
        returned: row.returned_reason.is_some(),
        deciders,
    })
}

/// A sentence of a rule; a plain text stands for itself.
fn said(value: Option<&Value>) -> Option<Said> {
    match value? {
        Value::String(text) => Some(Said::plain(text)),
        other => serde_json::from_value(other.clone()).ok(),
    }
}

/// The comment's thread and text; `None` when it has been deleted meanwhile.
async fn thread(tx: &impl ConnectionTrait, event: &Posted) -> Outcome<Option<(Comment, String)>> {
    use comment::Column as C;
    let Some(id) = event.number("comment_id") else { return Ok(None) };
    let found = comment::Entity::find_by_id(id).filter(C::DeletedAt.is_null()).one(tx).await?;
    let Some(spoken) = found else { return Ok(None) };
    let root = spoken.parent_id.unwrap_or(spoken.id);
    let in_thread = Condition::any().add(C::Id.eq(root)).add(C::ParentId.eq(root));
    let others = comment::Entity::find()
        .filter(in_thread)
        .filter(C::DeletedAt.is_null())
        .order_by_asc(C::Id)
        .all(tx)
        .await?;
    let mentions = event.payload.get("mentions").and_then(Value::as_array).into_iter().flatten();
    let mut mentioned: Vec<UserId> = mentions.filter_map(Value::as_i64).map(UserId).collect();
    if event.name == "comment.edited" && !mentioned.is_empty() {
        let link = format!("/kpis/{}?tab=comments#comment-{id}", spoken.kpi_id);
        let before = repo::told_before(tx, Kind::Mentioned, &link, &mentioned).await?;
        mentioned.retain(|user| !before.contains(user));
    }
    let participants = others.into_iter().map(|row| UserId(row.author_id)).collect();
    Ok(Some((Comment { id, participants, mentioned }, spoken.body)))
}

/// The first words of a text, on one line.
pub(super) fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= EXCERPT {
        return line;
    }
    let mut cut: String = line.chars().take(EXCERPT - 1).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

/// Stores what is told, to those who may see it and want to know.
async fn tell(ctx: &Ctx, tx: &DatabaseTransaction, event: &Posted, happened: &Happened) -> Outcome<()> {
    let directory = ctx.directory().await?;
    let told: Vec<Told> = who::told(&happened.facts)
        .into_iter()
        .filter(|told| {
            directory.person(told.user).is_some_and(|person| may_know(&directory, person, happened))
        })
        .collect();
    let Some(kind) = told.first().map(|told| told.kind) else { return Ok(()) };
    let users: Vec<UserId> = told.iter().map(|told| told.user).collect();
    let mut ways = prefs::ways(tx, &users, kind).await?;
    // One event is told as at most two kinds: a mention, and the thread it stands in.
    if let Some(other) = told.iter().map(|told| told.kind).find(|other| *other != kind) {
        let of_other: Vec<UserId> =
            told.iter().filter(|told| told.kind == other).map(|told| told.user).collect();
        ways.extend(prefs::ways(tx, &of_other, other).await?);
    }
    for told in told {
        let Some(way) = ways.get(&told.user) else { continue };
        let mailed = way.mail && ctx.config.smtp.is_some();
        if !way.app && !mailed {
            continue;
        }
        let mut data = happened.data.clone();
        if told.kind == Kind::EvidenceAdded && !mailed {
            data.count += fold(tx, &told, event, happened).await?;
        }
        let row = notification::Model {
            id: 0,
            user_id: told.user.0,
            kind: told.kind.to_string(),
            kpi_id: happened.facts.kpi.as_ref().map(|kpi| kpi.id.0),
            outbox_id: Some(event.id),
            data: serde_json::to_string(&data)?,
            link: told.link,
            created_at: event.at.0,
            read_at: None,
            in_app: way.app,
            mail_state: if mailed { MAIL_WAITING } else { MAIL_NONE }.to_owned(),
        };
        repo::insert(tx, row).await?;
    }
    Ok(())
}

fn may_know(directory: &Directory, person: &Person, happened: &Happened) -> bool {
    match &happened.audience {
        Some(audience) => audience.sees(directory, person),
        None if happened.facts.rule.is_some() => {
            person.is_active && Capability::ManageRules.held_by(person.role)
        }
        None => person.is_active,
    }
}

/// Takes back what somebody was told of files by the same person on the same KPI and has not read; how many files
/// that were. One notification then tells of all.
async fn fold(tx: &DatabaseTransaction, told: &Told, event: &Posted, happened: &Happened) -> Outcome<u32> {
    let Some(kpi) = &happened.facts.kpi else { return Ok(0) };
    let since = event.at.0 - TOGETHER;
    let Some(row) = repo::latest_unread(tx, told.user, told.kind, kpi.id.0, since).await? else {
        return Ok(0);
    };
    let before: NotificationData = serde_json::from_str(&row.data)?;
    if before.actor_id != event.actor {
        return Ok(0);
    }
    repo::delete(tx, row.id).await?;
    Ok(before.count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_line_and_short() {
        assert_eq!(beginning(" one\n\n two\tthree "), "one two three");
        let long = beginning(&"wörter ".repeat(100));
        assert_eq!(long.chars().count(), EXCERPT);
        assert!(long.ends_with('…'), "{long}");
    }

    #[test]
    fn a_sentence_may_come_with_its_pattern_or_plain() {
        let plain = Value::String("Due.".into());
        assert_eq!(said(Some(&plain)), Some(Said::plain("Due.")));
        let whole =
            serde_json::json!({ "text": "Due in 3", "pattern": "Due in {n}", "values": { "n": "3" } });
        assert_eq!(said(Some(&whole)).unwrap().pattern, "Due in {n}");
        assert_eq!(said(None), None);
    }
}
