//! What people see and change of their own account.

use kpi_api::{
    auth::{Me, MePatch, PasswordChange, SessionList, SessionView},
    error::Code,
    id::{SessionId, UserId},
    permission::Capability,
    time::Timestamp,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::json;

use super::{
    actor::{Call, Via},
    repo::{self, Ending, end_sessions},
    service::ended,
};
use crate::{
    app::Ctx,
    entity::user,
    people::users::convert,
    platform::{
        failure::{Failure, Outcome},
        password::{self, Verdict},
        secret::Secret,
        signals::Topic,
    },
};

/// The person with their capabilities and what every page needs to know.
pub async fn me(ctx: &Ctx, id: UserId) -> Outcome<Me> {
    me_from(ctx, ctx.db.read(), id).await
}

async fn me_from(ctx: &Ctx, db: &impl ConnectionTrait, id: UserId) -> Outcome<Me> {
    let row = repo::user(db, id.0).await?.ok_or_else(ended)?;
    let user = convert::view(row, &*ctx.directory().await?)?;
    Ok(Me {
        capabilities: Capability::of(user.role),
        user,
        demo: ctx.settings().await?.demo,
        app_name: ctx.config.app_name.clone(),
        today: ctx.today(),
        period: ctx.period_now(),
        fiscal_year_start: ctx.config.fiscal_year_start,
    })
}

pub async fn update(call: &Call, patch: MePatch) -> Outcome<Me> {
    patch.check().map_err(Failure::invalid)?;
    let seen = call.who.version()?;
    let id = call.who.id();
    let mut work = call.begin().await?;
    let old = repo::user(work.tx(), id.0).await?.ok_or_else(ended)?;
    let full_name = patch.full_name.map_or_else(|| old.full_name.clone(), |name| name.trim().to_owned());
    let locale = patch.locale.unwrap_or_else(|| old.locale.clone());
    let detail = json!({
        "old": { "full_name": old.full_name, "locale": old.locale },
        "new": { "full_name": full_name, "locale": locale },
    });
    let row = user::ActiveModel {
        full_name: Set(full_name),
        locale: Set(locale),
        updated_at: Set(work.at().0),
        version: Set(seen.0 + 1),
        ..Default::default()
    };
    if !repo::update_user_at(work.tx(), id.0, seen.0, row).await? {
        return Err(Failure::new(Code::StaleVersion, Code::StaleVersion.title()));
    }
    work.audit("user.update_self", "user", Some(id.0), detail).await?;
    work.touch(Topic::People);
    let answer = me_from(&call.ctx, work.tx(), id).await?;
    work.commit(&answer).await?;
    Ok(answer)
}

/// Changes the caller's password. Their other sessions end.
pub async fn change_password(call: &Call, change: PasswordChange) -> Outcome<()> {
    let ctx = &call.ctx;
    let person = &call.who.person;
    ctx.attempts.password(&person.username, call.who.meta.ip, ctx.clock.now())?;
    let user = repo::user(ctx.db.read(), person.id.0).await?.ok_or_else(ended)?;
    let (current, new) = (Secret::new(change.current_password), Secret::new(change.new_password));
    if ctx.passwords.verify(&current, Some(&user.password_hash)).await? == Verdict::Wrong {
        return Err(Failure::field("current_password", "wrong_password", "This is not your password."));
    }
    ctx.attempts.succeeded(&person.username, call.who.meta.ip, ctx.clock.now());
    password::check("new_password", &new, &[&person.username, &person.email])
        .map_err(|fault| Failure::invalid(vec![fault]))?;
    if new == current {
        return Err(Failure::field(
            "new_password",
            "same_password",
            "This is the password you have already.",
        ));
    }
    let hash = ctx.passwords.hash(&new).await?;
    let mut work = call.begin().await?;
    let row = repo::user(work.tx(), person.id.0).await?.ok_or_else(ended)?;
    if row.password_hash != user.password_hash {
        return Err(Failure::field("current_password", "wrong_password", "It has just been changed."));
    }
    repo::set_password(&mut work, &row, hash, false, current_session(call).map(|id| id.0)).await?;
    work.audit("user.change_password", "user", Some(person.id.0), json!({})).await?;
    work.commit(&()).await
}

pub async fn sessions(call: &Call) -> Outcome<SessionList> {
    let now = call.ctx.clock.now();
    let rows = repo::live_sessions(call.ctx.db.read(), call.who.id().0, now.0).await?;
    let current = current_session(call);
    let items = rows.into_iter().map(|row| SessionView {
        id: SessionId(row.id),
        is_current: current == Some(SessionId(row.id)),
        ip: row.ip,
        user_agent: row.user_agent,
        created_at: Timestamp(row.created_at),
        last_seen_at: Timestamp(row.last_seen_at),
        expires_at: Timestamp(row.expires_at),
    });
    Ok(SessionList { items: items.collect() })
}

/// Ends one of the caller's own sessions.
pub async fn end_session(call: &Call, id: SessionId) -> Outcome<()> {
    let mut work = call.begin().await?;
    let which = Ending::One { user: call.who.id().0, session: id.0 };
    if end_sessions(&mut work, which, "ended by its owner").await? == 0 {
        return Err(Failure::not_found());
    }
    work.audit("auth.end_session", "session", Some(id.0), json!({})).await?;
    work.commit(&()).await
}

fn current_session(call: &Call) -> Option<SessionId> {
    match call.who.via {
        Via::Session(id) => Some(id),
        Via::Token(..) => None,
    }
}
