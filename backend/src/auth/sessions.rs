//! Sessions and personal tokens as the guard asks for them: from memory while nothing has changed, else from the
//! database.

use std::sync::Arc;

use kpi_api::{
    auth::TokenScope,
    error::Code,
    id::{SessionId, TokenId, UserId},
    time::Timestamp,
};
use quick_cache::sync::Cache;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::actor::Via;
use crate::{
    app::Ctx,
    entity::{personal_token, session},
    platform::{
        failure::{Failure, Outcome},
        signals::Topic,
        token,
    },
};

/// What personal tokens begin with, so that a leaked one is recognised.
pub const PERSONAL: &str = "kpi_pat_";

/// How exactly "last seen" is kept, in milliseconds: a write for every request would be too much.
const SEEN_EVERY: i64 = 10 * 60 * 1000;

#[derive(Debug, Clone)]
pub struct Session {
    pub user_id: UserId,
    pub expires_at: Timestamp,
    last_seen_at: Timestamp,
}

#[derive(Debug, Clone)]
pub struct Personal {
    pub id: TokenId,
    pub user_id: UserId,
    pub scope: TokenScope,
    expires_at: Timestamp,
    last_used_at: Option<Timestamp>,
}

/// Keys carry the generation of [`Topic::Sessions`], so that what was read before a change is never found after it.
pub struct SessionCache {
    sessions: Cache<(u64, i64), Arc<Session>>,
    tokens: Cache<(u64, String), Arc<Personal>>,
}

impl Default for SessionCache {
    fn default() -> Self {
        Self { sessions: Cache::new(10_000), tokens: Cache::new(1_000) }
    }
}

/// The session, unless it has ended or run out.
pub async fn live(ctx: &Ctx, id: SessionId) -> Outcome<Option<Arc<Session>>> {
    let now = ctx.clock.now();
    let key = (ctx.signals.generation(Topic::Sessions), id.0);
    let session = match ctx.sessions.sessions.get(&key) {
        Some(session) => session,
        None => {
            let row = session::Entity::find_by_id(id.0)
                .filter(session::Column::EndedAt.is_null())
                .one(ctx.db.read())
                .await?;
            let Some(row) = row else { return Ok(None) };
            let session = Arc::new(Session {
                user_id: UserId(row.user_id),
                expires_at: Timestamp(row.expires_at),
                last_seen_at: Timestamp(row.last_seen_at),
            });
            ctx.sessions.sessions.insert(key, session.clone());
            session
        }
    };
    if session.expires_at <= now {
        return Ok(None);
    }
    if now.0 - session.last_seen_at.0 > SEEN_EVERY {
        let seen = Session { last_seen_at: now, ..(*session).clone() };
        ctx.sessions.sessions.insert(key, Arc::new(seen));
        note_seen(ctx, move |ctx| async move {
            let row = session::ActiveModel { id: Set(id.0), last_seen_at: Set(now.0), ..Default::default() };
            session::Entity::update(row).exec(ctx.db.writer()).await.map(|_| ())
        });
    }
    Ok(Some(session))
}

/// The personal token with this secret; 401 when there is none, or it was revoked or has run out.
pub async fn personal(ctx: &Ctx, secret: &str) -> Outcome<Arc<Personal>> {
    let now = ctx.clock.now();
    let hash = token::token_hash(secret);
    let key = (ctx.signals.generation(Topic::Sessions), hash);
    let found = match ctx.sessions.tokens.get(&key) {
        Some(found) => Some(found),
        None => {
            let row = personal_token::Entity::find()
                .filter(personal_token::Column::Hash.eq(&key.1))
                .filter(personal_token::Column::RevokedAt.is_null())
                .one(ctx.db.read())
                .await?;
            match row {
                Some(row) => {
                    let scope = row.scope.parse().map_err(|e| anyhow::anyhow!("scope of a token: {e}"))?;
                    let found = Arc::new(Personal {
                        id: TokenId(row.id),
                        user_id: UserId(row.user_id),
                        scope,
                        expires_at: Timestamp(row.expires_at),
                        last_used_at: row.last_used_at.map(Timestamp),
                    });
                    ctx.sessions.tokens.insert(key.clone(), found.clone());
                    Some(found)
                }
                None => None,
            }
        }
    };
    let found = found
        .filter(|token| token.expires_at > now)
        .ok_or_else(|| Failure::new(Code::SessionEnded, Code::SessionEnded.title()))?;
    if found.last_used_at.is_none_or(|used| now.0 - used.0 > SEEN_EVERY) {
        let used = Personal { last_used_at: Some(now), ..(*found).clone() };
        let id = found.id.0;
        ctx.sessions.tokens.insert(key, Arc::new(used));
        note_seen(ctx, move |ctx| async move {
            let row = personal_token::ActiveModel {
                id: Set(id),
                last_used_at: Set(Some(now.0)),
                ..Default::default()
            };
            personal_token::Entity::update(row).exec(ctx.db.writer()).await.map(|_| ())
        });
    }
    Ok(found)
}

/// Whether what somebody came in with still opens the door.
pub async fn lasts(ctx: &Ctx, via: Via) -> Outcome<bool> {
    match via {
        Via::Session(id) => Ok(live(ctx, id).await?.is_some()),
        Via::Token(id, _) => {
            let row = personal_token::Entity::find_by_id(id.0)
                .filter(personal_token::Column::RevokedAt.is_null())
                .filter(personal_token::Column::ExpiresAt.gt(ctx.clock.now().0))
                .one(ctx.db.read())
                .await?;
            Ok(row.is_some())
        }
    }
}

/// Runs beside the request: nobody waits for a "last seen", and losing one hurts nobody.
fn note_seen<F>(ctx: &Ctx, write: impl FnOnce(Ctx) -> F + Send + 'static)
where
    F: Future<Output = Result<(), sea_orm::DbErr>> + Send + 'static,
{
    let ctx = ctx.clone();
    tokio::spawn(async move {
        if let Err(cause) = write(ctx).await {
            tracing::debug!(%cause, "last seen was not noted");
        }
    });
}
