//! The commands on comments, and the questions about them. History is about the KPI, so it says nothing of these; the
//! audit log does.

use std::{collections::HashMap, sync::Arc};

use kpi_api::{
    comment::{
        CommentList, CommentNew, CommentPatch, CommentRevisions, CommentView, MentionableList, cleaned,
    },
    error::Code,
    id::{CommentId, KpiId, UserId},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::{Value, json};

use super::{
    convert,
    mention::{self, Mention},
    policy, repo,
};
use crate::{
    auth::actor::Call,
    entity::{comment, comment_revision, kpi},
    kpi::{
        audience,
        scoring::Scene,
        service::{self as kpis, Loaded},
    },
    people::directory::{Directory, Person},
    platform::{
        db::work::{Event, Work},
        failure::{Failure, Outcome},
    },
};

/// Of one KPI, deleted ones included.
const MOST: u64 = 2_000;
/// People offered while a name is being typed.
const OFFERED: usize = 20;
/// Characters of a comment that its event tells.
const EXCERPT: usize = 200;

pub async fn list(call: &Call, id: KpiId) -> Outcome<CommentList> {
    let db = call.ctx.db.read();
    let scene = Scene::now(&call.ctx).await?;
    kpis::load(db, &call.who, &scene, id).await?;
    let rows = in_threads(repo::of_kpi(db, id).await?);
    let edited = rows.iter().filter(|row| row.edited_at.is_some()).map(|row| row.id);
    let revisions = repo::revision_counts(db, edited).await?;
    let count = rows.iter().filter(|row| row.deleted_at.is_none()).count();
    let items = rows.into_iter().map(|row| {
        let revisions = revisions.get(&row.id).copied().unwrap_or_default();
        convert::view(row, revisions, &call.who, &scene.directory)
    });
    Ok(CommentList { items: items.collect::<Outcome<_>>()?, count: u32::try_from(count).unwrap_or(u32::MAX) })
}

/// Each comment that opened a thread, followed by its answers. The rows come oldest first.
fn in_threads(rows: Vec<comment::Model>) -> Vec<comment::Model> {
    let mut rows = rows;
    // Stable: within a thread the order stays.
    rows.sort_by_key(|row| row.parent_id.unwrap_or(row.id));
    rows
}

pub async fn create(call: &Call, id: KpiId, body: CommentNew) -> Outcome<CommentView> {
    let scene = Scene::now(&call.ctx).await?;
    let mut work = call.begin().await?;
    if let Some(done) = work.replay("POST /kpis/{id}/comments", &(id, &body)).await? {
        return Ok(done);
    }
    let Loaded { row: kpi, .. } = kpis::load(work.tx(), &call.who, &scene, id).await?;
    body.check().map_err(Failure::invalid)?;
    let parent_id = match body.parent_id {
        Some(parent) => Some(thread_of(work.tx(), id, parent).await?),
        None => None,
    };
    if repo::count(work.tx(), id).await? >= MOST {
        return Err(Failure::field("body", "too_many", format!("At most {MOST} comments on one KPI.")));
    }
    let text = cleaned(&body.body);
    let mentions = named(work.tx(), &scene.directory, &kpi, &text).await?;
    let row = comment::ActiveModel {
        kpi_id: Set(kpi.id),
        parent_id: Set(parent_id),
        author_id: Set(call.who.id().0),
        mentions: Set(serde_json::to_string(&mentions)?),
        body: Set(text),
        created_at: Set(work.at().0),
        version: Set(1),
        ..Default::default()
    };
    let row = repo::insert(work.tx(), row).await?;
    trace(&mut work, "created", &kpi, &row, &mentions, json!({ "body": row.body })).await?;
    let view = convert::view(row, 0, &call.who, &scene.directory)?;
    work.commit(&view).await?;
    Ok(view)
}

/// The comment that opened the thread which is answered.
async fn thread_of(db: &impl ConnectionTrait, kpi: KpiId, answered: CommentId) -> Outcome<i64> {
    let row = repo::by_id(db, answered).await?.filter(|row| row.kpi_id == kpi.0);
    let unknown = || Failure::field("parent_id", "unknown", "There is no such comment on this KPI.");
    row.map(|row| row.parent_id.unwrap_or(row.id)).ok_or_else(unknown)
}

pub async fn update(call: &Call, id: CommentId, patch: CommentPatch) -> Outcome<CommentView> {
    let scene = Scene::now(&call.ctx).await?;
    let mut work = call.begin().await?;
    let (kpi, old) = load(work.tx(), call, &scene, id).await?;
    if !policy::is_own(&call.who, &old) {
        return Err(Failure::new(Code::NotAllowed, "Only who wrote a comment changes it."));
    }
    admit(call, &old)?;
    patch.check().map_err(Failure::invalid)?;
    let text = cleaned(&patch.body);
    let earlier = convert::mentions(&old)?;
    let mentions = named(work.tx(), &scene.directory, &kpi, &text).await?;
    let row = comment::Model {
        mentions: serde_json::to_string(&mentions)?,
        body: text,
        edited_at: Some(work.at().0),
        version: old.version + 1,
        ..old.clone()
    };
    if !repo::edit(work.tx(), &old, &row).await? {
        return Err(stale());
    }
    let revision = comment_revision::ActiveModel {
        comment_id: Set(old.id),
        body: Set(old.body.clone()),
        written_at: Set(old.edited_at.unwrap_or(old.created_at)),
        replaced_at: Set(work.at().0),
        ..Default::default()
    };
    repo::insert_revision(work.tx(), revision).await?;
    let new: Vec<Mention> =
        mentions.into_iter().filter(|named| !earlier.iter().any(|known| known.id == named.id)).collect();
    let detail = json!({ "old": old.body, "new": row.body });
    trace(&mut work, "edited", &kpi, &row, &new, detail).await?;
    let revisions = repo::revision_counts(work.tx(), [row.id]).await?;
    let revisions = revisions.get(&row.id).copied().unwrap_or_default();
    let view = convert::view(row, revisions, &call.who, &scene.directory)?;
    work.commit(&view).await?;
    Ok(view)
}

pub async fn delete(call: &Call, id: CommentId) -> Outcome<()> {
    let scene = Scene::now(&call.ctx).await?;
    let mut work = call.begin().await?;
    let (kpi, row) = load(work.tx(), call, &scene, id).await?;
    let is_there = comment::Model { deleted_at: None, ..row.clone() };
    if !policy::may_delete(&call.who, &is_there) {
        return Err(Failure::new(Code::NotAllowed, "Only who wrote a comment deletes it."));
    }
    admit(call, &row)?;
    if !repo::delete(work.tx(), &row, work.at().0, call.who.id()).await? {
        return Err(stale());
    }
    trace(&mut work, "deleted", &kpi, &row, &[], json!({ "old": row.body })).await?;
    work.commit(&()).await
}

pub async fn revisions(call: &Call, id: CommentId) -> Outcome<CommentRevisions> {
    let db = call.ctx.db.read();
    let scene = Scene::now(&call.ctx).await?;
    let (_, row) = load(db, call, &scene, id).await?;
    if row.deleted_at.is_some() {
        return Ok(CommentRevisions { items: Vec::new() });
    }
    let items = repo::revisions(db, id).await?.into_iter().map(convert::revision).collect();
    Ok(CommentRevisions { items })
}

/// Active people who may see the KPI and whose name matches, the best match first.
pub async fn mentionable(call: &Call, id: KpiId, typed: &str) -> Outcome<MentionableList> {
    let db = call.ctx.db.read();
    let scene = Scene::now(&call.ctx).await?;
    let kpi = kpis::load(db, &call.who, &scene, id).await?.row;
    let typed = typed.trim().to_lowercase();
    let mut found: Vec<_> = audience(db, &scene.directory, &kpi)
        .await?
        .into_iter()
        .filter(|person| person.id != call.who.id())
        .filter_map(|person| {
            let name = person.full_name.to_lowercase();
            Some((rank(&typed, &person.username.to_lowercase(), &name)?, name, person))
        })
        .collect();
    found.sort_by(|(rank, name, person), (other, theirs, them)| {
        (rank, name, person.id).cmp(&(other, theirs, them.id))
    });
    let items = found.into_iter().take(OFFERED).map(|(_, _, person)| person.colleague()).collect();
    Ok(MentionableList { items })
}

/// How well a name fits what was typed; 0 is best. All texts in lower case.
fn rank(typed: &str, username: &str, name: &str) -> Option<u8> {
    if username.starts_with(typed) {
        Some(0)
    } else if name.split_whitespace().any(|part| part.starts_with(typed)) {
        Some(1)
    } else if username.contains(typed) || name.contains(typed) {
        Some(2)
    } else {
        None
    }
}

/// A comment on a KPI that the caller may see.
async fn load(
    db: &impl ConnectionTrait,
    call: &Call,
    scene: &Scene,
    id: CommentId,
) -> Outcome<(kpi::Model, comment::Model)> {
    let row = repo::by_id(db, id).await?.ok_or_else(Failure::not_found)?;
    let kpi = kpis::load(db, &call.who, scene, KpiId(row.kpi_id)).await?.row;
    Ok((kpi, row))
}

/// Whether the caller saw the comment as it stands, and it is still there.
fn admit(call: &Call, row: &comment::Model) -> Outcome<()> {
    if call.who.version()?.0 != row.version {
        return Err(stale());
    }
    if row.deleted_at.is_some() {
        return Err(Failure::new(Code::WrongState, "This comment was deleted."));
    }
    Ok(())
}

fn stale() -> Failure {
    Failure::new(Code::StaleVersion, Code::StaleVersion.title())
}

/// Everybody who may see a KPI.
async fn audience(
    db: &impl ConnectionTrait,
    directory: &Directory,
    kpi: &kpi::Model,
) -> Outcome<Vec<Arc<Person>>> {
    let found = audience::of(db, &[kpi.id]).await?.remove(&kpi.id).ok_or_else(Failure::not_found)?;
    Ok(directory.people().filter(|person| found.sees(directory, person)).cloned().collect())
}

/// Who is named in a text about a KPI.
async fn named(
    db: &impl ConnectionTrait,
    directory: &Directory,
    kpi: &kpi::Model,
    text: &str,
) -> Outcome<Vec<Mention>> {
    if !text.contains('@') {
        return Ok(Vec::new());
    }
    let people = audience(db, directory, kpi).await?;
    let known: HashMap<String, UserId> =
        people.iter().map(|person| (person.username.to_lowercase(), person.id)).collect();
    Ok(mention::of(text, &known))
}

/// Writes audit and event. `mentions` are those who are to be told of it.
async fn trace(
    work: &mut Work,
    what: &str,
    kpi: &kpi::Model,
    row: &comment::Model,
    mentions: &[Mention],
    detail: Value,
) -> Outcome<()> {
    let mut detail = detail;
    detail["kpi_id"] = json!(kpi.id);
    work.audit(&format!("comment.{what}"), "comment", Some(row.id), detail).await?;
    let mentions: Vec<UserId> = mentions.iter().map(|mention| mention.id).collect();
    let mut payload = json!({
        "kpi_id": kpi.id,
        "title": kpi.title,
        "owner_id": kpi.user_id,
        "comment_id": row.id,
        "parent_id": row.parent_id,
        "author_id": row.author_id,
        "mentions": mentions,
    });
    if what != "deleted" {
        payload["excerpt"] = json!(row.body.chars().take(EXCERPT).collect::<String>());
    }
    let event = Event { name: &format!("comment.{what}"), entity: "kpi", entity_id: kpi.id, payload };
    work.emit(event).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_that_begins_so_is_offered_first() {
        assert_eq!(rank("an", "anna", "berta klein"), Some(0));
        assert_eq!(rank("kl", "anna", "berta klein"), Some(1));
        assert_eq!(rank("nn", "anna", "berta klein"), Some(2));
        assert_eq!(rank("x", "anna", "berta klein"), None);
        assert_eq!(rank("", "anna", "berta klein"), Some(0));
    }
}
