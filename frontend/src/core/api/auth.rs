//! Logging in, the account, sessions, tokens, the first administrator.

use kpi_api::{
    auth::{
        Credentials, ForgotPassword, LoggedIn, Me, MePatch, PasswordChange, ResetPassword, SessionList,
        Setup, SetupState, TokenCreated, TokenList, TokenNew,
    },
    id::{SessionId, TokenId, Version},
};

use crate::core::client::{Answer, Call};

pub async fn login(body: &Credentials) -> Answer<LoggedIn> {
    Call::post("/auth/login").json(body).send().await
}

pub async fn logout() -> Answer<()> {
    Call::post("/auth/logout").done().await
}

pub async fn me() -> Answer<Me> {
    Call::get("/auth/me").send().await
}

pub async fn update_me(version: Version, patch: &MePatch) -> Answer<Me> {
    Call::patch("/auth/me").version(version).json(patch).send().await
}

pub async fn change_password(body: &PasswordChange) -> Answer<()> {
    Call::put("/auth/password").json(body).done().await
}

pub async fn forgot_password(login: String) -> Answer<()> {
    Call::post("/auth/forgot-password").json(&ForgotPassword { login }).done().await
}

pub async fn reset_password(body: &ResetPassword) -> Answer<()> {
    Call::post("/auth/reset-password").json(body).done().await
}

pub async fn sessions() -> Answer<SessionList> {
    Call::get("/auth/sessions").send().await
}

pub async fn end_session(id: SessionId) -> Answer<()> {
    Call::delete(format!("/auth/sessions/{id}")).done().await
}

pub async fn tokens() -> Answer<TokenList> {
    Call::get("/auth/tokens").send().await
}

pub async fn create_token(body: &TokenNew, key: &str) -> Answer<TokenCreated> {
    Call::post("/auth/tokens").key(key).json(body).send().await
}

pub async fn revoke_token(id: TokenId) -> Answer<()> {
    Call::delete(format!("/auth/tokens/{id}")).done().await
}

pub async fn setup_state() -> Answer<SetupState> {
    Call::get("/setup").send().await
}

/// The answer's body is of no interest: whoever set up logs in next.
pub async fn setup(body: &Setup) -> Answer<LoggedIn> {
    Call::post("/setup").json(body).send().await
}
