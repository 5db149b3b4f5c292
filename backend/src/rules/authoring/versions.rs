//! The versions of a rule, and what differs between two of them.

use kpi_api::{
    id::{RuleId, UserId, Version},
    rules::{DiffHunk, DiffLine, LineChange, RuleDiff, VersionDetail, VersionList, VersionView},
    time::Timestamp,
    user::PersonRef,
};
use serde::Deserialize;
use similar::{ChangeTag, TextDiff};
use utoipa::IntoParams;

use super::load;
use crate::{
    auth::actor::Call,
    entity::rule_version,
    people::directory::Directory,
    periods,
    platform::failure::{Failure, Outcome},
    rules::{repo, repo::Whole},
};

/// Lines shown around a change.
const AROUND: usize = 3;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DiffQuery {
    /// A version's number, or `draft`; the published one when absent.
    pub from: Option<String>,
    /// A version's number, or `draft`; the draft when absent.
    pub to: Option<String>,
}

pub async fn list(call: &Call, id: RuleId) -> Outcome<VersionList> {
    let whole = load(call.ctx.db.read(), id).await?;
    let directory = call.ctx.directory().await?;
    let rows = repo::versions(call.ctx.db.read(), id.0).await?;
    Ok(VersionList { items: rows.iter().map(|row| view(&whole, row, &directory)).collect() })
}

pub async fn get(call: &Call, id: RuleId, version: Version) -> Outcome<VersionDetail> {
    let whole = load(call.ctx.db.read(), id).await?;
    let row = repo::version(call.ctx.db.read(), id.0, version.0).await?.ok_or_else(Failure::not_found)?;
    let directory = call.ctx.directory().await?;
    Ok(VersionDetail { version: view(&whole, &row, &directory), source: row.source, tests: row.tests })
}

fn view(whole: &Whole, row: &rule_version::Model, directory: &Directory) -> VersionView {
    VersionView {
        version: Version(row.version),
        title: kpi_engine::heading(&row.source).0,
        note: row.note.clone(),
        author: row.author_id.map(|id| person(directory, id)),
        published_at: Timestamp(row.created_at),
        effective_from: row.effective_period.map(periods::from_number),
        checksum: row.checksum.clone(),
        engine: row.engine.clone(),
        is_published: row.version == whole.rule.published_version,
    }
}

pub fn person(directory: &Directory, id: i64) -> PersonRef {
    PersonRef { id: UserId(id), full_name: directory.name(UserId(id)) }
}

pub async fn diff(call: &Call, id: RuleId, query: DiffQuery) -> Outcome<RuleDiff> {
    let whole = load(call.ctx.db.read(), id).await?;
    let published = whole.rule.published_version.to_string();
    let (from, to) = (query.from.unwrap_or(published), query.to.unwrap_or_else(|| "draft".into()));
    let old = source(call, &whole, "from", &from).await?;
    let new = source(call, &whole, "to", &to).await?;
    Ok(between(&old, &new, from, to))
}

/// The source of a version; version 0 is the empty one before the first.
async fn source(call: &Call, whole: &Whole, field: &str, which: &str) -> Outcome<String> {
    let unknown = || Failure::field(field, "unknown", "There is no such version or draft.");
    if which == "draft" {
        return whole.draft.as_ref().map(|draft| draft.source.clone()).ok_or_else(unknown);
    }
    match which.parse::<i64>().map_err(|_| unknown())? {
        0 => Ok(String::new()),
        number => {
            let row = repo::version(call.ctx.db.read(), whole.rule.id, number).await?;
            row.map(|row| row.source).ok_or_else(unknown)
        }
    }
}

fn between(old: &str, new: &str, from: String, to: String) -> RuleDiff {
    let diff = TextDiff::configure().timeout(std::time::Duration::from_millis(200)).diff_lines(old, new);
    let number = |index: Option<usize>| index.and_then(|index| u32::try_from(index + 1).ok());
    let mut found = RuleDiff { from, to, removed: 0, added: 0, hunks: Vec::new() };
    for group in diff.grouped_ops(AROUND) {
        let mut lines = Vec::new();
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let change_of_line = match change.tag() {
                ChangeTag::Equal => LineChange::Same,
                ChangeTag::Delete => LineChange::Removed,
                ChangeTag::Insert => LineChange::Added,
            };
            found.removed += u32::from(change_of_line == LineChange::Removed);
            found.added += u32::from(change_of_line == LineChange::Added);
            lines.push(DiffLine {
                change: change_of_line,
                old: number(change.old_index()),
                new: number(change.new_index()),
                text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
            });
        }
        found.hunks.push(DiffHunk { lines });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_places_come_with_the_lines_around_them() {
        let old: String = (1..=30).map(|n| format!("line {n}\n")).collect();
        let new = old.replace("line 5\n", "line five\n").replace("line 25\n", "");
        let diff = between(&old, &new, "1".into(), "draft".into());
        assert_eq!((diff.removed, diff.added, diff.hunks.len()), (2, 1, 2));
        let first = &diff.hunks[0].lines;
        assert_eq!((first[0].old, first[0].new), (Some(2), Some(2)));
        let changed: Vec<_> = first
            .iter()
            .filter(|line| line.change != LineChange::Same)
            .map(|line| line.text.as_str())
            .collect();
        assert_eq!(changed, ["line 5", "line five"]);
        assert_eq!(between(&old, &old, "1".into(), "2".into()).hunks, []);
    }
}
