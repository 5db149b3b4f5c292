//! Puts rows in by the thousand. Ids are given here, in order; on a database with sequences these have to be moved on
//! afterwards.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, InsertMany, IntoActiveModel, Iterable,
    QueryOrder, QuerySelect,
};

use super::life::{Life, Noted, REQUEST};
use crate::{
    entity::{audit, check_in, comment, kpi, kpi_history},
    platform::ledger,
};

/// Values in one statement; SQLite takes 32,766.
const MOST_VALUES: usize = 8_000;

/// Rows in, as many in a statement as fit.
pub async fn insert<E>(tx: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let at_once = (MOST_VALUES / E::Column::iter().count().max(1)).max(1);
    let mut rows = rows.into_iter();
    loop {
        let some: Vec<E::Model> = rows.by_ref().take(at_once).collect();
        if some.is_empty() {
            return Ok(());
        }
        InsertMany::<E::ActiveModel>::many(some).exec_without_returning(tx).await?;
    }
}

/// How much has been written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Written {
    pub kpis: u64,
    pub check_ins: u64,
    pub comments: u64,
    pub history: u64,
    pub audit: u64,
}

pub struct Store<'a> {
    tx: &'a DatabaseTransaction,
    last_audit: i64,
    /// Hash of the last row of the chain.
    head: String,
    /// Not chained yet: later ones may come that happened before.
    waiting: Vec<Noted>,
    pub written: Written,
}

impl<'a> Store<'a> {
    pub async fn new(tx: &'a DatabaseTransaction) -> Result<Self, DbErr> {
        let last: Option<(i64, String)> = audit::Entity::find()
            .select_only()
            .columns([audit::Column::Id, audit::Column::Hash])
            .order_by_desc(audit::Column::Id)
            .limit(1)
            .into_tuple()
            .one(tx)
            .await?;
        let (last_audit, head) = last.unwrap_or_default();
        Ok(Self { tx, last_audit, head, waiting: Vec::new(), written: Written::default() })
    }

    /// Everything about some KPIs except their audit rows, which wait for [`Store::chain`].
    pub async fn lives(&mut self, lives: Vec<Life>) -> Result<(), DbErr> {
        let mut kpis: Vec<kpi::Model> = Vec::with_capacity(lives.len());
        let mut check_ins: Vec<check_in::Model> = Vec::new();
        let mut comments: Vec<comment::Model> = Vec::new();
        let mut history: Vec<kpi_history::Model> = Vec::new();
        for life in lives {
            let before = self.written.check_ins as i64 + check_ins.len() as i64;
            check_ins.extend(life.check_ins.into_iter().map(|row| check_in::Model {
                id: before + row.id,
                corrects_id: row.corrects_id.map(|id| before + id),
                replaced_by_id: row.replaced_by_id.map(|id| before + id),
                ..row
            }));
            let before = self.written.history as i64 + history.len() as i64;
            history.extend(
                life.history.into_iter().map(|row| kpi_history::Model { id: before + row.id, ..row }),
            );
            let before = self.written.comments as i64 + comments.len() as i64;
            comments.extend(life.comments.into_iter().map(|row| comment::Model {
                id: before + row.id,
                parent_id: row.parent_id.map(|id| before + id),
                ..row
            }));
            self.waiting.extend(life.audit.into_iter().map(|noted| match noted.entity {
                "comment" => Noted { entity_id: before + noted.entity_id, ..noted },
                _ => noted,
            }));
            kpis.push(life.kpi);
        }
        self.written.kpis += kpis.len() as u64;
        self.written.check_ins += check_ins.len() as u64;
        self.written.comments += comments.len() as u64;
        self.written.history += history.len() as u64;
        insert::<kpi::Entity>(self.tx, kpis).await?;
        insert::<check_in::Entity>(self.tx, check_ins).await?;
        insert::<comment::Entity>(self.tx, comments).await?;
        insert::<kpi_history::Entity>(self.tx, history).await
    }

    /// Chains what happened before an instant, in the order in which it happened.
    pub async fn chain(&mut self, before: i64) -> Result<(), DbErr> {
        self.waiting.sort_by_key(|noted| (noted.at, noted.entity, noted.entity_id));
        let split = self.waiting.partition_point(|noted| noted.at < before);
        let later = self.waiting.split_off(split);
        let ripe = std::mem::replace(&mut self.waiting, later);
        let mut rows = Vec::with_capacity(ripe.len());
        for noted in ripe {
            self.last_audit += 1;
            let mut row = audit::Model {
                id: self.last_audit,
                at: noted.at,
                user_id: Some(noted.user_id),
                action: noted.action,
                entity: noted.entity.to_owned(),
                entity_id: Some(noted.entity_id),
                detail: noted.detail.to_string(),
                request_id: REQUEST.to_owned(),
                previous_hash: std::mem::take(&mut self.head),
                hash: String::new(),
            };
            row.hash = ledger::hash(&row);
            self.head.clone_from(&row.hash);
            rows.push(row);
        }
        self.written.audit += rows.len() as u64;
        insert::<audit::Entity>(self.tx, rows).await
    }
}
