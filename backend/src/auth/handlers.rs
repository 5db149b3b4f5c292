//! Logging in and one's own account over HTTP.

use kpi_api::{
    auth::{
        Credentials, ForgotPassword, LoggedIn, Me, MePatch, PasswordChange, RefreshBody, ResetPassword,
        SessionList, Setup, SetupState, TokenCreated, TokenList, TokenNew, TokenPair,
    },
    id::{SessionId, TokenId},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    account,
    actor::Entered,
    cookies, personal, reset,
    service::{self, Opened},
    setup,
};
use crate::{
    app::Ctx,
    platform::{
        failure::Outcome,
        http::{Answer, Meta, Reply},
    },
};

/// What the door hands to a public endpoint.
pub type Open = Outcome<(Ctx, Meta)>;

/// What a refresh answers: as a log-in when it came with cookies, as a token request otherwise.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Refreshed {
    Cookies(Box<LoggedIn>),
    Tokens(TokenPair),
}

/// Nothing to tell.
#[derive(Serialize, ToSchema)]
pub struct Nothing {}

fn session_cookies(ctx: &Ctx, opened: &Opened) -> Vec<String> {
    let (access_life, refresh_life) = (service::access_life(ctx), service::refresh_life(ctx));
    cookies::set(&ctx.config, opened.access.reveal(), opened.refresh.reveal(), access_life, refresh_life)
}

/// Opens a session for a browser: the tokens come as cookies that scripts cannot read.
#[utoipa::path(post, path = "/auth/login", tag = "auth", request_body = Credentials,
    responses((status = 200, body = LoggedIn)))]
pub async fn login(open: Open, body: Outcome<Credentials>) -> Answer<LoggedIn> {
    let (ctx, meta) = open?;
    let opened = service::log_in(&ctx, &meta, body?).await?;
    Ok(Reply::Ok(service::logged_in(&ctx, &opened).await?).with_cookies(session_cookies(&ctx, &opened)))
}

/// Opens a session for any other client: the tokens come in the body.
#[utoipa::path(post, path = "/auth/token", tag = "auth", request_body = Credentials,
    responses((status = 200, body = TokenPair)))]
pub async fn token(open: Open, body: Outcome<Credentials>) -> Answer<TokenPair> {
    let (ctx, meta) = open?;
    let opened = service::log_in(&ctx, &meta, body?).await?;
    Ok(Reply::Ok(service::token_pair(&ctx, &opened)))
}

/// Changes the refresh token, from the cookie or the body, for a new pair. A token works once; using it again ends
/// the session.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", request_body = Option<RefreshBody>,
    responses((status = 200, body = Refreshed)))]
pub async fn refresh(open: Open, body: Outcome<RefreshBody>) -> Answer<Refreshed> {
    let (ctx, meta) = open?;
    if let Some(presented) = body?.refresh_token {
        let opened = service::refresh(&ctx, &meta, &presented).await?;
        return Ok(Reply::Ok(Refreshed::Tokens(service::token_pair(&ctx, &opened))));
    }
    let presented = meta.cookie(cookies::REFRESH).ok_or_else(service::ended)?;
    cookies::check_csrf(&meta, &ctx.config)?;
    let opened = service::refresh(&ctx, &meta, presented).await?;
    let answer = Refreshed::Cookies(Box::new(service::logged_in(&ctx, &opened).await?));
    Ok(Reply::Ok(answer).with_cookies(session_cookies(&ctx, &opened)))
}

/// Ends the session.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", responses((status = 204)))]
pub async fn logout(call: Entered) -> Answer<()> {
    let call = call?;
    service::log_out(&call).await?;
    Ok(Reply::NoContent.with_cookies(cookies::clear(&call.ctx.config)))
}

/// Who is logged in and what they may do.
#[utoipa::path(get, path = "/auth/me", tag = "auth", responses((status = 200, body = Me)))]
pub async fn me(call: Entered) -> Answer<Me> {
    let call = call?;
    let me = account::me(&call.ctx, call.who.id()).await?;
    Ok(Reply::Versioned(me.user.version, me))
}

/// Changes one's own name or language.
#[utoipa::path(patch, path = "/auth/me", tag = "auth", request_body = MePatch,
    responses((status = 200, body = Me)))]
pub async fn update_me(call: Entered, body: Outcome<MePatch>) -> Answer<Me> {
    let me = account::update(&call?, body?).await?;
    Ok(Reply::Versioned(me.user.version, me))
}

/// Changes one's own password. All other sessions end.
#[utoipa::path(put, path = "/auth/password", tag = "auth", request_body = PasswordChange,
    responses((status = 204)))]
pub async fn change_password(call: Entered, body: Outcome<PasswordChange>) -> Answer<()> {
    account::change_password(&call?, body?).await?;
    Ok(Reply::NoContent)
}

/// Asks for a link to a new password. The answer is the same whether somebody is called that or not.
#[utoipa::path(post, path = "/auth/forgot-password", tag = "auth", request_body = ForgotPassword,
    responses((status = 202, body = Nothing)))]
pub async fn forgot_password(open: Open, body: Outcome<ForgotPassword>) -> Answer<Nothing> {
    let (ctx, meta) = open?;
    reset::forgot(&ctx, &meta, body?).await?;
    Ok(Reply::Accepted(Nothing {}))
}

/// Puts a new password in with the token of the link. All sessions end.
#[utoipa::path(post, path = "/auth/reset-password", tag = "auth", request_body = ResetPassword,
    responses((status = 204)))]
pub async fn reset_password(open: Open, body: Outcome<ResetPassword>) -> Answer<()> {
    let (ctx, meta) = open?;
    reset::reset(&ctx, &meta, body?).await?;
    Ok(Reply::NoContent)
}

/// One's own sessions that are still open, the one used last first.
#[utoipa::path(get, path = "/auth/sessions", tag = "auth", responses((status = 200, body = SessionList)))]
pub async fn sessions(call: Entered) -> Answer<SessionList> {
    Ok(Reply::Ok(account::sessions(&call?).await?))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/auth/sessions/{id}", tag = "auth", params(("id" = i64, Path)),
    responses((status = 204)))]
pub async fn end_session(id: SessionId, call: Entered) -> Answer<()> {
    account::end_session(&call?, id).await?;
    Ok(Reply::NoContent)
}

/// One's own personal tokens, newest first.
#[utoipa::path(get, path = "/auth/tokens", tag = "auth", responses((status = 200, body = TokenList)))]
pub async fn tokens(call: Entered) -> Answer<TokenList> {
    Ok(Reply::Ok(personal::list(&call?).await?))
}

/// Makes a personal token. Its secret is shown this once.
#[utoipa::path(post, path = "/auth/tokens", tag = "auth", request_body = TokenNew,
    responses((status = 201, body = TokenCreated)))]
pub async fn create_token(call: Entered, body: Outcome<TokenNew>) -> Answer<TokenCreated> {
    let body = personal::create(&call?, body?).await?;
    Ok(Reply::Created { at: format!("/auth/tokens/{}", body.token.id), body })
}

/// Revokes a personal token at once.
#[utoipa::path(delete, path = "/auth/tokens/{id}", tag = "auth", params(("id" = i64, Path)),
    responses((status = 204)))]
pub async fn revoke_token(id: TokenId, call: Entered) -> Answer<()> {
    personal::revoke(&call?, id).await?;
    Ok(Reply::NoContent)
}

/// Whether the first administrator is still missing.
#[utoipa::path(get, path = "/setup", tag = "setup", responses((status = 200, body = SetupState)))]
pub async fn setup_state(open: Open) -> Answer<SetupState> {
    Ok(Reply::Ok(setup::state(&open?.0).await?))
}

/// Makes the first administrator with the token of the link that the server printed, and logs them in.
#[utoipa::path(post, path = "/setup", tag = "setup", request_body = Setup,
    responses((status = 201, body = LoggedIn)))]
pub async fn set_up(open: Open, body: Outcome<Setup>) -> Answer<LoggedIn> {
    let (ctx, meta) = open?;
    let opened = setup::set_up(&ctx, &meta, body?).await?;
    let body = service::logged_in(&ctx, &opened).await?;
    let reply = Reply::Created { at: format!("/users/{}", opened.user_id), body };
    Ok(reply.with_cookies(session_cookies(&ctx, &opened)))
}
