//! Logging in, staying logged in, logging out.

use kpi_api::{
    auth::{Credentials, LoggedIn, TokenPair},
    error::Code,
    id::{SessionId, UserId},
    time::Timestamp,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

pub use super::setup::{create_admin, ensure_admin};
use super::{
    account,
    actor::{Call, Via},
    repo::{self, Ending, NewSession, end_sessions},
};
use crate::{
    app::Ctx,
    entity::user,
    platform::{
        db::work::{By, Work},
        failure::{Failure, Outcome},
        http::Meta,
        password::Verdict,
        secret::Secret,
        token,
    },
};

/// A session with everything its owner needs to use it.
pub struct Opened {
    pub user_id: UserId,
    pub access: Secret,
    pub access_expires_at: Timestamp,
    pub refresh: Secret,
}

/// Seconds an access token lives.
pub fn access_life(ctx: &Ctx) -> i64 {
    ctx.config.access_token_minutes * 60
}

/// Seconds a refresh token, and with it an unused session, lives.
pub fn refresh_life(ctx: &Ctx) -> i64 {
    ctx.config.refresh_token_days * 24 * 3600
}

/// Opens a session. Whether nobody is called that, the password is wrong or the person is inactive, the answer and
/// the time it takes are the same.
pub async fn log_in(ctx: &Ctx, meta: &Meta, credentials: Credentials) -> Outcome<Opened> {
    let now = ctx.clock.now();
    ctx.attempts.password(&credentials.login, meta.ip, now)?;
    let found = repo::user_by_login(ctx.db.read(), &credentials.login).await?.filter(|user| user.is_active);
    let password = Secret::new(credentials.password);
    let hash = found.as_ref().map(|user| user.password_hash.as_str());
    let verdict = ctx.passwords.verify(&password, hash).await?;
    let Some(user) = found.filter(|_| verdict != Verdict::Wrong) else { return Err(wrong_credentials()) };
    let rehashed = match verdict {
        Verdict::RightButOld => Some(ctx.passwords.hash(&password).await?),
        Verdict::Right | Verdict::Wrong => None,
    };

    let mut work = begin_as(ctx, meta, UserId(user.id)).await?;
    // Meanwhile the person may have been deactivated or the password changed.
    let still = repo::user(work.tx(), user.id)
        .await?
        .is_some_and(|row| row.is_active && row.password_hash == user.password_hash);
    if !still {
        return Err(wrong_credentials());
    }
    let row = user::ActiveModel {
        last_login_at: Set(Some(work.at().0)),
        password_hash: rehashed.map_or(sea_orm::ActiveValue::NotSet, Set),
        ..Default::default()
    };
    repo::update_user(work.tx(), user.id, row).await?;
    let opened = open_session(ctx, &mut work, meta, UserId(user.id)).await?;
    work.audit("auth.login", "user", Some(user.id), json!({})).await?;
    work.commit(&()).await?;
    ctx.attempts.succeeded(&credentials.login, meta.ip, now);
    Ok(opened)
}

/// Writes a session with its first refresh token.
pub(super) async fn open_session(ctx: &Ctx, work: &mut Work, meta: &Meta, user: UserId) -> Outcome<Opened> {
    let at = work.at();
    let expires_at = at.plus_seconds(refresh_life(ctx)).0;
    let ip = meta.ip.to_string();
    let new = NewSession { user_id: user.0, ip: &ip, user_agent: &meta.user_agent, at: at.0, expires_at };
    let session = SessionId(repo::insert_session(work.tx(), new).await?);
    let refresh = token::random_token();
    repo::insert_refresh(work.tx(), session.0, token::token_hash(refresh.reveal()), at.0, expires_at).await?;
    let (access, access_expires_at) = ctx.signer.issue(user, session, at, access_life(ctx))?;
    Ok(Opened { user_id: user, access, access_expires_at, refresh })
}

/// Changes a refresh token for a new pair. One that was used before has been stolen from one of two: the session
/// ends for both.
pub async fn refresh(ctx: &Ctx, meta: &Meta, presented: &str) -> Outcome<Opened> {
    let hash = token::token_hash(presented);
    // Asked outside of the transaction first: made-up tokens must not queue with those who write.
    if repo::refresh_by_hash(ctx.db.read(), &hash).await?.is_none() {
        return Err(ended());
    }
    let mut work = begin_as_nobody(ctx, meta).await?;
    let now = work.at();
    let found = repo::refresh_by_hash(work.tx(), &hash).await?.ok_or_else(ended)?;
    let session = repo::session(work.tx(), found.session_id).await?.ok_or_else(ended)?;
    if session.ended_at.is_some() || session.expires_at <= now.0 || found.expires_at <= now.0 {
        return Err(ended());
    }
    let owner =
        repo::user(work.tx(), session.user_id).await?.filter(|user| user.is_active).ok_or_else(ended)?;
    if !repo::use_refresh(work.tx(), found.id, now.0).await? {
        let which = Ending::One { user: owner.id, session: session.id };
        end_sessions(&mut work, which, "refresh token used twice").await?;
        work.audit("auth.refresh_reused", "session", Some(session.id), json!({ "user_id": owner.id }))
            .await?;
        work.commit(&()).await?;
        tracing::warn!(request_id = meta.request_id, session = session.id, "a refresh token was used twice");
        return Err(ended());
    }
    let expires_at = now.plus_seconds(refresh_life(ctx)).0;
    let fresh = token::random_token();
    repo::insert_refresh(work.tx(), session.id, token::token_hash(fresh.reveal()), now.0, expires_at).await?;
    repo::extend_session(work.tx(), session.id, now.0, expires_at).await?;
    work.touch(crate::platform::signals::Topic::Sessions);
    let user = UserId(owner.id);
    let (access, access_expires_at) = ctx.signer.issue(user, SessionId(session.id), now, access_life(ctx))?;
    work.audit("auth.refresh", "session", Some(session.id), json!({ "user_id": owner.id })).await?;
    work.commit(&()).await?;
    Ok(Opened { user_id: user, access, access_expires_at, refresh: fresh })
}

/// Ends the caller's session. A personal token has none to end.
pub async fn log_out(call: &Call) -> Outcome<()> {
    let Via::Session(session) = call.who.via else { return Ok(()) };
    let mut work = call.begin().await?;
    let which = Ending::One { user: call.who.id().0, session: session.0 };
    end_sessions(&mut work, which, "logout").await?;
    work.audit("auth.logout", "session", Some(session.0), json!({})).await?;
    work.commit(&()).await
}

/// What a browser learns about its new session; the tokens travel in cookies.
pub async fn logged_in(ctx: &Ctx, opened: &Opened) -> Outcome<LoggedIn> {
    let user = account::me(ctx, opened.user_id).await?;
    Ok(LoggedIn { user, expires_at: opened.access_expires_at })
}

/// What a client without cookies gets.
pub fn token_pair(ctx: &Ctx, opened: &Opened) -> TokenPair {
    TokenPair {
        access_token: opened.access.reveal().to_owned(),
        refresh_token: opened.refresh.reveal().to_owned(),
        token_type: "Bearer".into(),
        expires_in: access_life(ctx),
    }
}

/// Begins the transaction of somebody who is about to be logged in.
pub(super) async fn begin_as(ctx: &Ctx, meta: &Meta, user: UserId) -> Outcome<Work> {
    let by = By { user_id: Some(user), request_id: meta.request_id.clone(), idempotency_key: None };
    ctx.begin(by).await
}

/// Begins the transaction of somebody who is not known.
pub(super) async fn begin_as_nobody(ctx: &Ctx, meta: &Meta) -> Outcome<Work> {
    let by = By { user_id: None, request_id: meta.request_id.clone(), idempotency_key: None };
    ctx.begin(by).await
}

fn wrong_credentials() -> Failure {
    Failure::new(Code::WrongCredentials, Code::WrongCredentials.title())
}

pub(super) fn ended() -> Failure {
    Failure::new(Code::SessionEnded, Code::SessionEnded.title())
}
