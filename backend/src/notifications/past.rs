//! What people would have been told of things long done: the demo company's bells are not empty on its first day.

use std::collections::HashMap;

use kpi_api::{id::UserId, kpi::Act, notification::NotificationData};

use super::{
    news::{self, MAIL_NONE},
    who::{self, Comment, Facts},
};
use crate::{
    comments::mention::Mention,
    entity::{comment, kpi, kpi_history, notification},
    kpi::machine,
    people::directory::Directory,
    platform::failure::Outcome,
};

/// What happened to a KPI, by whom and when (milliseconds since 1970).
struct Done<'a> {
    event: &'a str,
    kpi: &'a kpi::Model,
    by: UserId,
    at: i64,
    comment: Option<Comment>,
}

/// The notifications of these acts, in their order, none of them read; nothing of it is mailed.
pub fn of_acts(
    directory: &Directory,
    kpis: &HashMap<i64, kpi::Model>,
    acts: &[kpi_history::Model],
) -> Outcome<Vec<notification::Model>> {
    let mut made = Vec::new();
    for row in acts {
        let Some((kpi, act)) = kpis.get(&row.kpi_id).zip(row.act.parse::<Act>().ok()) else { continue };
        let done = Done { event: machine::event(act), kpi, by: UserId(row.by_id), at: row.at, comment: None };
        let data = NotificationData { reason: row.reason.clone(), ..NotificationData::default() };
        made.extend(tell(directory, done, data)?);
    }
    Ok(made)
}

/// The notifications of these comments, which are in the order in which they were written.
pub fn of_comments(
    directory: &Directory,
    kpis: &HashMap<i64, kpi::Model>,
    comments: &[comment::Model],
) -> Outcome<Vec<notification::Model>> {
    let mut made = Vec::new();
    let mut threads: HashMap<i64, Vec<UserId>> = HashMap::new();
    for row in comments {
        let author = UserId(row.author_id);
        let thread = threads.entry(row.parent_id.unwrap_or(row.id)).or_default();
        let mentioned: Vec<Mention> = serde_json::from_str(&row.mentions)?;
        let comment = Comment {
            id: row.id,
            participants: thread.clone(),
            mentioned: mentioned.into_iter().map(|mention| mention.id).collect(),
        };
        thread.push(author);
        let Some(kpi) = kpis.get(&row.kpi_id) else { continue };
        let done =
            Done { event: "comment.created", kpi, by: author, at: row.created_at, comment: Some(comment) };
        let data =
            NotificationData { excerpt: Some(news::beginning(&row.body)), ..NotificationData::default() };
        made.extend(tell(directory, done, data)?);
    }
    Ok(made)
}

fn tell(directory: &Directory, done: Done<'_>, data: NotificationData) -> Outcome<Vec<notification::Model>> {
    let kpi = done.kpi;
    let data = NotificationData {
        actor_id: Some(done.by),
        actor_name: Some(directory.name(done.by)),
        kpi_title: Some(kpi.title.clone()),
        owner_name: Some(directory.name(UserId(kpi.user_id))),
        event: Some(done.event.to_owned()),
        count: 1,
        ..data
    };
    let data = serde_json::to_string(&data)?;
    let facts = Facts {
        event: done.event.to_owned(),
        actor: Some(done.by),
        kpi: Some(news::standing(directory, kpi)?),
        comment: done.comment,
        admins: news::administrators(directory),
        ..Facts::default()
    };
    let told = who::told(&facts).into_iter().map(|told| notification::Model {
        id: 0,
        user_id: told.user.0,
        kind: told.kind.to_string(),
        kpi_id: Some(kpi.id),
        outbox_id: None,
        data: data.clone(),
        link: told.link,
        created_at: done.at,
        read_at: None,
        in_app: true,
        mail_state: MAIL_NONE.to_owned(),
    });
    Ok(told.collect())
}
