//! One command's transaction. Begins with the right to write, carries who acts and under which request, collects
//! the audit row and the events, and commits all or nothing. Dropping it rolls back.

use kpi_api::{error::Code, id::UserId, time::Timestamp};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::Expr,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Db, turn::Turn};
use crate::{
    entity::{idempotency_key, outbox},
    platform::{
        failure::{Failure, Outcome},
        ledger,
        shares::Share,
        signals::{Signals, Topic},
    },
};

/// How long the answer to a repeated request is kept, in milliseconds.
pub const IDEMPOTENCY_WINDOW: i64 = 24 * 3600 * 1000;

/// On whose behalf a command runs.
#[derive(Debug, Clone)]
pub struct By {
    /// Absent for the system itself.
    pub user_id: Option<UserId>,
    pub request_id: String,
    pub idempotency_key: Option<String>,
}

impl By {
    /// A job, the command line or the seed.
    pub fn system(what: &str) -> Self {
        Self { user_id: None, request_id: what.to_owned(), idempotency_key: None }
    }
}

/// Something that happened, for those who are told after the commit.
pub struct Event<'a> {
    /// e.g. `kpi.approved`.
    pub name: &'a str,
    pub entity: &'a str,
    pub entity_id: i64,
    pub payload: Value,
}

pub struct Work {
    turn: Turn,
    signals: Signals,
    by: By,
    at: Timestamp,
    touched: Vec<Topic>,
    shares: Vec<Share>,
    has_events: bool,
    /// The key under which the answer is kept, once `replay` has found none.
    keep: Option<(String, &'static str, String)>,
}

impl Work {
    pub async fn begin(db: &Db, signals: &Signals, by: By, at: Timestamp) -> Outcome<Self> {
        let turn = Turn::begin(db).await?;
        Ok(Self {
            turn,
            signals: signals.clone(),
            by,
            at,
            touched: Vec::new(),
            shares: Vec::new(),
            has_events: false,
            keep: None,
        })
    }

    /// The connection of this transaction.
    pub fn tx(&self) -> &DatabaseTransaction {
        self.turn.tx()
    }

    /// When the command runs: the same instant for everything it writes.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    pub fn by(&self) -> &By {
        &self.by
    }

    /// The answer given to the same request before, if its idempotency key was seen within the window. The same key
    /// with another operation or body is refused.
    pub async fn replay<T: DeserializeOwned>(
        &mut self,
        operation: &'static str,
        body: &impl Serialize,
    ) -> Outcome<Option<T>> {
        let (Some(key), Some(user)) = (self.by.idempotency_key.clone(), self.by.user_id) else {
            return Ok(None);
        };
        let body_hash = hex::encode(Sha256::digest(serde_json::to_vec(body)?));
        let seen = idempotency_key::Entity::find()
            .filter(idempotency_key::Column::UserId.eq(user.0))
            .filter(idempotency_key::Column::Key.eq(&key))
            .one(self.tx())
            .await?;
        match seen {
            Some(row) if row.created_at < self.at.0 - IDEMPOTENCY_WINDOW => {
                idempotency_key::Entity::delete_by_id(row.id).exec(self.tx()).await?;
            }
            Some(row) if row.operation == operation && row.body_hash == body_hash => {
                return Ok(Some(serde_json::from_str(&row.answer)?));
            }
            Some(_) => {
                return Err(Failure::new(
                    Code::IdempotencyMismatch,
                    "This Idempotency-Key was used for another request within the last 24 hours.",
                ));
            }
            None => {}
        }
        self.keep = Some((key, operation, body_hash));
        Ok(None)
    }

    /// Writes the audit row.
    pub async fn audit(
        &mut self,
        action: &str,
        entity: &str,
        entity_id: Option<i64>,
        detail: Value,
    ) -> Outcome<()> {
        let entry = ledger::Entry {
            at: self.at,
            user_id: self.by.user_id.map(|id| id.0),
            action,
            entity,
            entity_id,
            detail: &detail,
            request_id: &self.by.request_id,
        };
        Ok(ledger::append(self.tx(), entry).await?)
    }

    /// Writes the audit rows of one action on many things, each with its id and detail.
    pub async fn audit_each(&mut self, action: &str, entity: &str, each: &[(i64, Value)]) -> Outcome<()> {
        let entries = each.iter().map(|(id, detail)| ledger::Entry {
            at: self.at,
            user_id: self.by.user_id.map(|id| id.0),
            action,
            entity,
            entity_id: Some(*id),
            detail,
            request_id: &self.by.request_id,
        });
        Ok(ledger::append_all(self.tx(), entries).await?)
    }

    /// Puts an event into the outbox, due at once. Its id, for [`Work::withdraw`].
    pub async fn emit(&mut self, event: Event<'_>) -> Outcome<i64> {
        self.emit_after(event, 0).await
    }

    /// Puts an event into the outbox that nobody is told of before `wait` milliseconds have passed. Its id.
    pub async fn emit_after(&mut self, event: Event<'_>, wait: i64) -> Outcome<i64> {
        let row = outbox::ActiveModel {
            at: Set(self.at.0),
            not_before: Set(self.at.0 + wait),
            event: Set(event.name.to_owned()),
            entity: Set(event.entity.to_owned()),
            entity_id: Set(event.entity_id),
            actor_id: Set(self.by.user_id.map(|id| id.0)),
            payload: Set(event.payload.to_string()),
            attempts: Set(0),
            taken_by: Set(String::new()),
            ..Default::default()
        };
        let row = row.insert(self.tx()).await?;
        self.has_events = true;
        Ok(row.id)
    }

    /// Takes an event back that nobody has been told of yet. Whether it was still there to take.
    pub async fn withdraw(&mut self, event: i64) -> Outcome<bool> {
        let gone = outbox::Entity::delete_by_id(event)
            .filter(outbox::Column::DeliveredSeq.is_null())
            .exec(self.tx())
            .await?;
        Ok(gone.rows_affected == 1)
    }

    /// Lets an event go that still waits, as nothing can take it back any more.
    pub async fn release(&self, event: i64) -> Outcome<()> {
        outbox::Entity::update_many()
            .col_expr(outbox::Column::NotBefore, Expr::value(self.at.0))
            .filter(outbox::Column::Id.eq(event))
            .filter(outbox::Column::DeliveredSeq.is_null())
            .filter(outbox::Column::NotBefore.gt(self.at.0))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    /// Says what the command changes, for those who keep copies.
    pub fn touch(&mut self, topic: Topic) {
        if !self.touched.contains(&topic) {
            self.touched.push(topic);
        }
    }

    /// As [`Work::touch`] of the KPIs, when it is known whose and of which quarter.
    pub fn touch_share(&mut self, share: Share) {
        if !self.shares.contains(&share) {
            self.shares.push(share);
        }
    }

    /// Commits. `answer` is what the caller will be told; it is kept for repetitions of the same request.
    pub async fn commit<T: Serialize>(self, answer: &T) -> Outcome<()> {
        if let (Some((key, operation, body_hash)), Some(user)) = (self.keep, self.by.user_id) {
            let row = idempotency_key::ActiveModel {
                user_id: Set(user.0),
                key: Set(key),
                operation: Set(operation.to_owned()),
                body_hash: Set(body_hash),
                answer: Set(serde_json::to_string(answer)?),
                created_at: Set(self.at.0),
                ..Default::default()
            };
            row.insert(self.turn.tx()).await?;
        }
        let Self { turn, signals, touched, shares, has_events, .. } = self;
        let news = move || {
            signals.wake_folding();
            for topic in touched {
                signals.changed(topic);
            }
            if !shares.is_empty() {
                signals.shares_changed(&shares);
            }
            if has_events {
                signals.wake_outbox();
            }
        };
        turn.commit(news).await
    }
}
