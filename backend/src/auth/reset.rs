//! A forgotten password: a link that works once, for ten minutes. It goes out by mail; where no mail can be sent an
//! administrator hands it over.

use std::time::Duration;

use kpi_api::{
    auth::{ForgotPassword, ResetPassword},
    id::UserId,
    page::Page,
    time::Timestamp,
    user::{PendingReset, PersonRef},
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    actor::{Call, Via},
    repo,
    seal::Sealer,
    service::{begin_as, begin_as_nobody},
};
use crate::{
    app::Ctx,
    entity::password_reset,
    platform::{
        db::work::Event,
        failure::{Failure, Outcome},
        http::Meta,
        paging::Paging,
        password,
        secret::Secret,
        token,
    },
};

/// Seconds a link works.
pub const LIFE: i64 = 600;

/// The answer is given no earlier than this, so that its time does not tell whether somebody is known: writing a
/// link takes a few milliseconds, finding nobody takes none.
const ANSWERED_AFTER: Duration = Duration::from_millis(200);

/// Makes a link, if somebody active is called that. The answer is the same in any case.
pub async fn forgot(ctx: &Ctx, meta: &Meta, asked: ForgotPassword) -> Outcome<()> {
    let (done, ()) = tokio::join!(make_link(ctx, meta, &asked.login), tokio::time::sleep(ANSWERED_AFTER));
    done
}

async fn make_link(ctx: &Ctx, meta: &Meta, login: &str) -> Outcome<()> {
    if !ctx.attempts.reset(login, meta.ip, ctx.clock.now()) {
        return Ok(());
    }
    let found = repo::user_by_login(ctx.db.read(), login).await?.filter(|user| user.is_active);
    let Some(user) = found else { return Ok(()) };
    let secret = token::random_token();
    // After the `#` it reaches neither a server's log nor another site.
    let link = format!("{}/reset-password#token={}", ctx.config.public_url, secret.reveal());
    let sealed = Sealer::of(&ctx.config)?.seal(&link)?;
    let by_mail = ctx.config.smtp.is_some();
    let mut work = begin_as_nobody(ctx, meta).await?;
    let now = work.at();
    repo::use_up_resets(work.tx(), user.id, now.0).await?;
    let row = password_reset::ActiveModel {
        user_id: Set(user.id),
        hash: Set(token::token_hash(secret.reveal())),
        sealed_link: Set((!by_mail).then(|| sealed.clone())),
        created_at: Set(now.0),
        expires_at: Set(now.plus_seconds(LIFE).0),
        ..Default::default()
    };
    repo::insert_reset(work.tx(), row).await?;
    if by_mail {
        let payload = json!({ "sealed_link": sealed });
        let event = Event { name: "user.password_reset", entity: "user", entity_id: user.id, payload };
        work.emit(event).await?;
    }
    work.audit("auth.forgot_password", "user", Some(user.id), json!({})).await?;
    work.commit(&()).await
}

/// Puts a new password in. All sessions end.
pub async fn reset(ctx: &Ctx, meta: &Meta, reset: ResetPassword) -> Outcome<()> {
    let hash = token::token_hash(&reset.token);
    let found = repo::reset_by_hash(ctx.db.read(), &hash, ctx.clock.now().0).await?.ok_or_else(invalid)?;
    let user =
        repo::user(ctx.db.read(), found.user_id).await?.filter(|user| user.is_active).ok_or_else(invalid)?;
    let new = Secret::new(reset.new_password);
    password::check("new_password", &new, &[&user.username, &user.email])
        .map_err(|fault| Failure::invalid(vec![fault]))?;
    let password_hash = ctx.passwords.hash(&new).await?;
    let mut work = begin_as(ctx, meta, UserId(user.id)).await?;
    if !repo::use_reset(work.tx(), found.id, work.at().0).await? {
        return Err(invalid());
    }
    let user = repo::user(work.tx(), user.id).await?.filter(|user| user.is_active).ok_or_else(invalid)?;
    repo::set_password(&mut work, &user, password_hash, false, None).await?;
    work.audit("auth.reset_password", "user", Some(user.id), json!({})).await?;
    work.commit(&()).await
}

/// The links that can still be used. They are shown to an administrator who is logged in, not to a token.
pub async fn pending(call: &Call, paging: Paging) -> Outcome<Page<PendingReset>> {
    let rows = repo::pending_resets(call.ctx.db.read(), call.ctx.clock.now().0).await?;
    let directory = call.ctx.directory().await?;
    let sealer = Sealer::of(&call.ctx.config)?;
    let may_read = matches!(call.who.via, Via::Session(_));
    let page = paging.cut(rows);
    let total = page.total;
    let items = page.items.into_iter().map(|row| {
        let user = UserId(row.user_id);
        let sealed = row.sealed_link.filter(|_| may_read);
        Ok(PendingReset {
            user: PersonRef { id: user, full_name: directory.name(user) },
            requested_at: Timestamp(row.created_at),
            expires_at: Timestamp(row.expires_at),
            link: sealed.map(|sealed| sealer.open(&sealed)).transpose()?.unwrap_or_default(),
        })
    });
    Ok(paging.page(items.collect::<Outcome<_>>()?, total))
}

fn invalid() -> Failure {
    Failure::field("token", "invalid_token", "This link does not work any more. Ask for a new one.")
}
