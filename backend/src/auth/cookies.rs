//! The three cookies of a browser session, and the proof that a request comes from our own pages.

use kpi_api::error::Code;

use crate::platform::{
    config::Config,
    failure::{Failure, Outcome},
    http::Meta,
    token,
};

pub const ACCESS: &str = "kpi_access";
pub const REFRESH: &str = "kpi_refresh";
pub const CSRF: &str = "kpi_csrf";

/// Where the refresh cookie is sent.
const REFRESH_PATH: &str = "/api/v1/auth";

/// `Set-Cookie` values for a fresh session; life times in seconds.
pub fn set(config: &Config, access: &str, refresh: &str, access_life: i64, refresh_life: i64) -> Vec<String> {
    let csrf = token::random_token();
    vec![
        cookie(config, ACCESS, access, "/", access_life, true),
        cookie(config, REFRESH, refresh, REFRESH_PATH, refresh_life, true),
        cookie(config, CSRF, csrf.reveal(), "/", refresh_life, false),
    ]
}

/// `Set-Cookie` values that take them all away.
pub fn clear(config: &Config) -> Vec<String> {
    vec![
        cookie(config, ACCESS, "", "/", 0, true),
        cookie(config, REFRESH, "", REFRESH_PATH, 0, true),
        cookie(config, CSRF, "", "/", 0, false),
    ]
}

fn cookie(config: &Config, name: &str, value: &str, path: &str, life: i64, http_only: bool) -> String {
    let secure = if config.is_https() { "; Secure" } else { "" };
    let http_only = if http_only { "; HttpOnly" } else { "" };
    format!("{name}={value}; Path={path}; Max-Age={life}; SameSite=Strict{http_only}{secure}")
}

/// For requests that a cookie vouches for: where they come from, and the token that only our pages can read.
pub fn check_csrf(meta: &Meta, config: &Config) -> Outcome<()> {
    check_origin(meta, config)?;
    let (Some(sent), Some(expected)) = (meta.csrf_token(), meta.cookie(CSRF)) else { return Err(refused()) };
    if expected.is_empty() || !token::same_secret(sent, expected) {
        return Err(refused());
    }
    Ok(())
}

/// Refuses what a browser says comes from somewhere else. Other clients send neither header.
pub fn check_origin(meta: &Meta, config: &Config) -> Outcome<()> {
    let is_foreign = match meta.origin() {
        Some(origin) => !is_own(origin, meta, config),
        None => meta.sec_fetch_site().is_some_and(|site| !matches!(site, "same-origin" | "none")),
    };
    if is_foreign { Err(refused()) } else { Ok(()) }
}

/// The address the request was sent to, the one people are told, or one that the configuration lets in.
fn is_own(origin: &str, meta: &Meta, config: &Config) -> bool {
    let same_host = || {
        let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        authority.zip(meta.host()).is_some_and(|(authority, host)| authority.eq_ignore_ascii_case(host))
    };
    origin == config.public_url || config.cors_origins.iter().any(|known| known == origin) || same_host()
}

fn refused() -> Failure {
    Failure::new(Code::CsrfFailed, Code::CsrfFailed.title())
}
