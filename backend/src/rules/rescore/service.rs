//! What administrators see of the re-scores.

use std::collections::{BTreeMap, HashMap};

use kpi_api::{
    id::{RescoreId, RuleId, UserId, Version},
    rule_effects::{PersonRescored, RescoreDetail, RescoreList, RescoreView},
    scoring::Coverage,
    time::Timestamp,
    user::PersonRef,
};

use super::repo;
use crate::{
    app::Ctx,
    entity::{rescore, rescored_kpi},
    kpi::convert::word,
    people::directory::Directory,
    periods,
    platform::failure::{Failure, Outcome},
    rules::repo as rules,
};

/// The re-scores of a rule, newest first, at most 100.
pub async fn of_rule(ctx: &Ctx, id: RuleId) -> Outcome<RescoreList> {
    let db = ctx.db.read();
    let rule = rules::rule(db, id.0).await?.ok_or_else(Failure::not_found)?;
    let rows = repo::of_rule(db, id.0).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let counts: HashMap<i64, (i64, i64)> = repo::counts(db, &ids)
        .await?
        .into_iter()
        .map(|(id, rescored, changed)| (id, (rescored, changed)))
        .collect();
    let directory = ctx.directory().await?;
    let views = rows.into_iter().map(|row| {
        let counts = counts.get(&row.id).copied().unwrap_or_default();
        view(row, &rule.name, counts, &directory)
    });
    Ok(RescoreList { items: views.collect::<Outcome<_>>()? })
}

/// A re-score with what it came to for each person.
pub async fn get(ctx: &Ctx, id: RescoreId) -> Outcome<RescoreDetail> {
    let db = ctx.db.read();
    let row = repo::by_id(db, id.0).await?.ok_or_else(Failure::not_found)?;
    let name = rules::rule(db, row.rule_id).await?.map(|rule| rule.name).unwrap_or_default();
    let kept = repo::kept(db, id.0).await?;
    let changed = kept.iter().filter(|kpi| kpi.changed).count() as i64;
    let directory = ctx.directory().await?;
    let rescore = view(row, &name, (kept.len() as i64, changed), &directory)?;
    Ok(RescoreDetail { rescore, by_person: by_person(kept, &directory) })
}

fn view(
    row: rescore::Model,
    rule_name: &str,
    (rescored, changed): (i64, i64),
    directory: &Directory,
) -> Outcome<RescoreView> {
    Ok(RescoreView {
        id: RescoreId(row.id),
        rule_id: RuleId(row.rule_id),
        rule_name: rule_name.to_owned(),
        version: Version(row.version),
        from: row.from_period.map(periods::from_number),
        state: word(&row.state)?,
        done: row.done.unsigned_abs(),
        total: row.total.unsigned_abs(),
        rescored: rescored.unsigned_abs(),
        changed: changed.unsigned_abs(),
        by: row.by_id.map(|id| PersonRef { id: UserId(id), full_name: directory.name(UserId(id)) }),
        started_at: Timestamp(row.started_at),
        finished_at: row.finished_at.map(Timestamp),
    })
}

fn by_person(kept: Vec<rescored_kpi::Model>, directory: &Directory) -> Vec<PersonRescored> {
    let mut by_user: BTreeMap<i64, Vec<rescored_kpi::Model>> = BTreeMap::new();
    for row in kept {
        by_user.entry(row.user_id).or_default().push(row);
    }
    let mut people: Vec<PersonRescored> = by_user
        .into_iter()
        .map(|(id, kpis)| PersonRescored {
            user: PersonRef { id: UserId(id), full_name: directory.name(UserId(id)) },
            before: Coverage::of(kpis.iter().map(|kpi| (kpi.before, kpi.weight))).score,
            after: Coverage::of(kpis.iter().map(|kpi| (kpi.after, kpi.weight))).score,
            changed: kpis.iter().filter(|kpi| kpi.changed).count() as u64,
            kpis: kpis.len() as u64,
        })
        .collect();
    let size = |person: &PersonRescored| {
        (person.after.unwrap_or_default() - person.before.unwrap_or_default()).abs()
    };
    people.sort_by(|one, other| {
        size(other).total_cmp(&size(one)).then_with(|| one.user.full_name.cmp(&other.user.full_name))
    });
    people
}
