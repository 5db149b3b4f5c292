//! The audit log as a chain: every row carries the hash of the one before it, so that a row changed or taken out
//! later shows.

use kpi_api::{audit::AuditVerdict, time::Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::entity::audit;

/// What a command leaves in the log.
pub struct Entry<'a> {
    pub at: Timestamp,
    pub user_id: Option<i64>,
    pub action: &'a str,
    pub entity: &'a str,
    pub entity_id: Option<i64>,
    pub detail: &'a Value,
    pub request_id: &'a str,
}

/// Appends a row. Must run inside the transaction of the command, which is the only one writing.
pub async fn append(tx: &impl ConnectionTrait, entry: Entry<'_>) -> Result<(), DbErr> {
    append_all(tx, [entry]).await
}

/// As [`append`], of several rows in their order, with one statement.
pub async fn append_all(
    tx: &impl ConnectionTrait,
    entries: impl IntoIterator<Item = Entry<'_>>,
) -> Result<(), DbErr> {
    let previous: Option<String> = audit::Entity::find()
        .select_only()
        .column(audit::Column::Hash)
        .order_by_desc(audit::Column::Id)
        .limit(1)
        .into_tuple()
        .one(tx)
        .await?;
    let mut previous_hash = previous.unwrap_or_default();
    let rows: Vec<audit::ActiveModel> = entries
        .into_iter()
        .map(|entry| {
            let row = chained(entry, std::mem::take(&mut previous_hash));
            previous_hash.clone_from(&row.hash);
            unsaved(row)
        })
        .collect();
    if !rows.is_empty() {
        audit::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn chained(entry: Entry<'_>, previous_hash: String) -> audit::Model {
    let mut row = audit::Model {
        id: 0,
        at: entry.at.0,
        user_id: entry.user_id,
        action: entry.action.to_owned(),
        entity: entry.entity.to_owned(),
        entity_id: entry.entity_id,
        detail: entry.detail.to_string(),
        request_id: entry.request_id.to_owned(),
        previous_hash,
        hash: String::new(),
    };
    row.hash = hash(&row);
    row
}

fn unsaved(row: audit::Model) -> audit::ActiveModel {
    audit::ActiveModel {
        at: Set(row.at),
        user_id: Set(row.user_id),
        action: Set(row.action),
        entity: Set(row.entity),
        entity_id: Set(row.entity_id),
        detail: Set(row.detail),
        request_id: Set(row.request_id),
        previous_hash: Set(row.previous_hash),
        hash: Set(row.hash),
        ..Default::default()
    }
}

/// SHA-256 over the row in one fixed form: a JSON array of its values, the previous hash first.
pub fn hash(row: &audit::Model) -> String {
    let canonical = serde_json::json!([
        row.previous_hash,
        row.at,
        row.user_id,
        row.action,
        row.entity,
        row.entity_id,
        row.detail,
        row.request_id
    ]);
    hex::encode(Sha256::digest(canonical.to_string()))
}

/// Walks the whole chain.
pub async fn verify(db: &impl ConnectionTrait) -> Result<AuditVerdict, DbErr> {
    Ok(verify_from(db, None).await?.0)
}

/// A row of the chain that an earlier walk has reached: its id and hash; 0 and nothing before the first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    pub id: i64,
    pub hash: String,
}

/// Walks the chain from a place on, or the whole, and says how far it got. A place that is not as it was any more is
/// the first bad row itself.
pub async fn verify_from(
    db: &impl ConnectionTrait,
    from: Option<Place>,
) -> Result<(AuditVerdict, Place), DbErr> {
    const STEP: u64 = 1000;
    let from = from.unwrap_or_default();
    let mut verdict = AuditVerdict { ok: true, rows: 0, first_bad: None, head: from.hash };
    let mut after = from.id;
    if after > 0 {
        let row = audit::Entity::find_by_id(after).one(db).await?;
        if row.is_none_or(|row| row.hash != verdict.head || hash(&row) != verdict.head) {
            verdict.ok = false;
            verdict.first_bad = Some(after);
        }
    }
    while verdict.ok {
        let rows = audit::Entity::find()
            .filter(audit::Column::Id.gt(after))
            .order_by_asc(audit::Column::Id)
            .limit(STEP)
            .all(db)
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.previous_hash != verdict.head || row.hash != hash(&row) {
                verdict.ok = false;
                verdict.first_bad = Some(row.id);
                break;
            }
            verdict.rows += 1;
            verdict.head = row.hash;
            after = row.id;
        }
    }
    let end = Place { id: after, hash: verdict.head.clone() };
    Ok((verdict, end))
}
