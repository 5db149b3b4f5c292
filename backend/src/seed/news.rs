//! What the people of the demo company have been told of late.

use std::collections::HashMap;

use kpi_api::{kpi::Act, time::Timestamp};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::store;
use crate::{
    entity::{comment, kpi, kpi_history, notification},
    notifications::past,
    people::directory::Directory,
    platform::failure::Outcome,
};

const DAY: i64 = 24 * 3600 * 1000;

/// Days of acts and comments that people were told of.
const TOLD: i64 = 30;

/// Days of what nobody has got round to reading.
const UNREAD: i64 = 4;

/// Milliseconds until something is read.
const READ_AFTER: i64 = 3 * 3600 * 1000;

/// KPIs that are looked up at once.
const AT_ONCE: usize = 500;

/// Makes the notifications of the last weeks.
pub async fn tell(tx: &DatabaseTransaction, directory: &Directory, now: Timestamp) -> Outcome<()> {
    let since = now.0 - TOLD * DAY;
    let acts = kpi_history::Entity::find()
        .filter(kpi_history::Column::At.gte(since))
        .filter(kpi_history::Column::Act.is_not_in([Act::CheckIn.as_str(), Act::Edit.as_str(), "create"]))
        .order_by_asc(kpi_history::Column::At)
        .order_by_asc(kpi_history::Column::Id)
        .all(tx)
        .await?;
    let comments = comment::Entity::find()
        .filter(comment::Column::CreatedAt.gte(since))
        .order_by_asc(comment::Column::CreatedAt)
        .order_by_asc(comment::Column::Id)
        .all(tx)
        .await?;
    let mut ids: Vec<i64> = acts.iter().map(|row| row.kpi_id).collect();
    ids.extend(comments.iter().map(|row| row.kpi_id));
    ids.sort_unstable();
    ids.dedup();
    let mut kpis: HashMap<i64, kpi::Model> = HashMap::new();
    for some in ids.chunks(AT_ONCE) {
        let rows = kpi::Entity::find().filter(kpi::Column::Id.is_in(some.iter().copied())).all(tx).await?;
        kpis.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    let last: HashMap<i64, i64> = acts.iter().map(|row| (row.kpi_id, row.at)).collect();
    let mut rows = past::of_acts(directory, &kpis, &acts)?;
    rows.extend(past::of_comments(directory, &kpis, &comments)?);
    rows.sort_by_key(|row| row.created_at);
    for (row, id) in rows.iter_mut().zip(1..) {
        row.id = id;
        let is_old = row.created_at < now.0 - UNREAD * DAY;
        // Whoever acted on it has read it.
        let went_on = row.kpi_id.and_then(|kpi| last.get(&kpi)).is_some_and(|at| *at > row.created_at);
        row.read_at = (is_old || went_on).then(|| (row.created_at + READ_AFTER).min(now.0));
    }
    Ok(store::insert::<notification::Entity>(tx, rows).await?)
}
