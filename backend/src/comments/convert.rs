//! Rows to what travels.

use kpi_api::{
    comment::{CommentRevision, CommentView},
    id::{CommentId, KpiId, UserId, Version},
    time::Timestamp,
    user::Colleague,
};

use super::{mention::Mention, policy};
use crate::{
    auth::actor::Actor,
    entity::{comment, comment_revision},
    people::directory::Directory,
    platform::failure::Outcome,
};

/// A comment as one person sees it; of a deleted one neither the text nor what it said before.
pub fn view(row: comment::Model, revisions: u32, who: &Actor, directory: &Directory) -> Outcome<CommentView> {
    let is_there = row.deleted_at.is_none();
    let (may_edit, may_delete) = (policy::may_edit(who, &row), policy::may_delete(who, &row));
    let mentions = if is_there { mentions(&row)? } else { Vec::new() };
    Ok(CommentView {
        id: CommentId(row.id),
        kpi_id: KpiId(row.kpi_id),
        parent_id: row.parent_id.map(CommentId),
        author: directory.colleague(UserId(row.author_id)),
        body: is_there.then_some(row.body),
        mentions: mentions
            .into_iter()
            .map(|Mention { id, username }| Colleague { username, ..directory.colleague(id) })
            .collect(),
        created_at: Timestamp(row.created_at),
        edited_at: row.edited_at.filter(|_| is_there).map(Timestamp),
        deleted_at: row.deleted_at.map(Timestamp),
        revisions: if is_there { revisions } else { 0 },
        may_edit,
        may_delete,
        version: Version(row.version),
    })
}

pub fn mentions(row: &comment::Model) -> Outcome<Vec<Mention>> {
    Ok(serde_json::from_str(&row.mentions)?)
}

pub fn revision(row: comment_revision::Model) -> CommentRevision {
    CommentRevision {
        body: row.body,
        written_at: Timestamp(row.written_at),
        replaced_at: Timestamp(row.replaced_at),
    }
}
