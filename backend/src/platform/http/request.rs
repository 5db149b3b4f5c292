//! What a request says about itself besides path, query and body.

use std::{
    cell::Cell,
    net::IpAddr,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use kpi_api::{error::Code, id::Version};
use warp::{
    Filter, Rejection,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts},
};

use super::network::Network;
use crate::platform::failure::{Failure, Outcome};

/// The longest `Idempotency-Key` and user agent we keep.
const LONGEST_KEY: usize = 128;
const LONGEST_AGENT: usize = 256;

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The facts of one request; cheap to clone.
#[derive(Clone)]
pub struct Meta(Arc<Facts>);

impl Deref for Meta {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

pub struct Facts {
    pub request_id: String,
    pub method: Method,
    /// Without the query.
    pub path: String,
    /// The caller's address; the one a trusted proxy names, if it came through one.
    pub ip: IpAddr,
    /// Cleaned of control characters and cut to 256 characters.
    pub user_agent: String,
    /// `None` without the header, `Some(Err(()))` when it is not one number.
    pub if_match: Option<Result<Version, ()>>,
    /// As sent; [`Facts::idempotency_key`] checks it.
    idempotency_key: Option<HeaderValue>,
    authorization: Option<HeaderValue>,
    cookie: Vec<HeaderValue>,
    csrf_token: Option<HeaderValue>,
    origin: Option<HeaderValue>,
    host: Option<HeaderValue>,
    sec_fetch_site: Option<HeaderValue>,
    content_type: Option<HeaderValue>,
    content_length: Option<u64>,
    expects_continue: bool,
    /// Nobody waits for the answer any more.
    is_gone: AtomicBool,
}

/// Somebody who waits for an answer. Dropping it says that they do not any more.
pub struct Waiting(Meta);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.is_gone.store(true, Ordering::Release);
    }
}

impl Facts {
    /// Whether the client has hung up. Changes are made nevertheless; who only reads may stop.
    pub fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Acquire)
    }

    /// The version that the caller saw. 428 without `If-Match`, 400 when it is not one number.
    pub fn version(&self) -> Outcome<Version> {
        match self.if_match {
            Some(Ok(version)) => Ok(version),
            Some(Err(())) => Err(Failure::new(
                Code::Malformed,
                "If-Match must be one version in double quotes, like \"3\", as the ETag header gave it.",
            )),
            None => Err(Failure::new(Code::VersionMissing, Code::VersionMissing.title())),
        }
    }

    /// The `Idempotency-Key`: 1 to 128 visible ASCII characters, otherwise 400.
    pub fn idempotency_key(&self) -> Outcome<Option<&str>> {
        let Some(value) = &self.idempotency_key else { return Ok(None) };
        match value.to_str() {
            Ok(key) if !key.is_empty() && key.len() <= LONGEST_KEY => Ok(Some(key)),
            _ => Err(Failure::new(
                Code::Malformed,
                "Idempotency-Key must have 1 to 128 visible ASCII characters.",
            )),
        }
    }

    /// The token of `Authorization: Bearer <token>`.
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = text(&self.authorization)?.split_once(' ')?;
        let token = token.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
    }

    /// Whether there is an `Authorization` header at all, of whatever kind.
    pub fn has_authorization(&self) -> bool {
        self.authorization.is_some()
    }

    /// The first cookie of that name.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookie
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
    }

    pub fn csrf_token(&self) -> Option<&str> {
        text(&self.csrf_token)
    }

    pub fn origin(&self) -> Option<&str> {
        text(&self.origin)
    }

    /// The address the request was sent to.
    pub fn host(&self) -> Option<&str> {
        text(&self.host)
    }

    pub fn sec_fetch_site(&self) -> Option<&str> {
        text(&self.sec_fetch_site)
    }

    pub(super) fn content_type(&self) -> Option<&str> {
        text(&self.content_type)
    }

    pub(super) fn content_length(&self) -> Option<u64> {
        self.content_length
    }

    pub(super) fn expects_continue(&self) -> bool {
        self.expects_continue
    }
}

impl Meta {
    /// To be held for as long as somebody waits for the answer.
    pub(super) fn waiting(&self) -> Waiting {
        Waiting(self.clone())
    }

    pub(super) fn read(parts: &Parts, peer: IpAddr, trusted_proxies: &[Network]) -> Self {
        let headers = &parts.headers;
        Self(Arc::new(Facts {
            request_id: request_id(headers),
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            ip: caller(headers, peer, trusted_proxies),
            user_agent: headers.get(header::USER_AGENT).map(clean_agent).unwrap_or_default(),
            if_match: headers.get(header::IF_MATCH).map(quoted_version),
            idempotency_key: headers.get(IDEMPOTENCY_KEY).cloned(),
            authorization: headers.get(header::AUTHORIZATION).cloned(),
            cookie: headers.get_all(header::COOKIE).iter().cloned().collect(),
            csrf_token: headers.get(CSRF_TOKEN).cloned(),
            origin: headers.get(header::ORIGIN).cloned(),
            host: headers.get(header::HOST).cloned(),
            sec_fetch_site: headers.get(SEC_FETCH_SITE).cloned(),
            content_type: headers.get(header::CONTENT_TYPE).cloned(),
            content_length: headers
                .get(header::CONTENT_LENGTH)
                .and_then(|value| value.to_str().ok()?.parse().ok()),
            expects_continue: headers.contains_key(header::EXPECT),
            is_gone: AtomicBool::new(false),
        }))
    }
}

fn text(value: &Option<HeaderValue>) -> Option<&str> {
    value.as_ref()?.to_str().ok()
}

/// A number, quoted or bare, strong: weak tags and `*` say nothing about which version was seen.
fn quoted_version(value: &HeaderValue) -> Result<Version, ()> {
    let text = value.to_str().map_err(drop)?.trim();
    let digits = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(());
    }
    digits.parse().map(Version).map_err(drop)
}

fn clean_agent(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes())
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_AGENT)
        .collect()
}

/// The last address that is not one of our own proxies; anything before it could have been made up by the caller.
fn caller(headers: &HeaderMap, peer: IpAddr, trusted_proxies: &[Network]) -> IpAddr {
    let peer = peer.to_canonical();
    let is_trusted = |address: IpAddr| trusted_proxies.iter().any(|network| network.contains(address));
    if !is_trusted(peer) {
        return peer;
    }
    let mut nearest = peer;
    for value in headers.get_all(FORWARDED_FOR).iter().rev() {
        let Ok(line) = value.to_str() else { return nearest };
        for hop in line.rsplit(',') {
            let Ok(address) = hop.trim().parse::<IpAddr>() else { return nearest };
            nearest = address.to_canonical();
            if !is_trusted(nearest) {
                return nearest;
            }
        }
    }
    nearest
}

/// The caller's own id when it is harmless in a log, a fresh one of 128 bits otherwise.
fn request_id(headers: &HeaderMap) -> String {
    headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| {
            (8..=64).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
        .map_or_else(fresh_id, str::to_owned)
}

/// 32 hexadecimal digits: a random half drawn once per thread, and one that is drawn for each.
pub fn fresh_id() -> String {
    thread_local!(static PREFIX: Cell<u64> = Cell::new(rand::random()));
    let mut id = [0u8; 16];
    id[..8].copy_from_slice(&PREFIX.get().to_be_bytes());
    id[8..].copy_from_slice(&rand::random::<u64>().to_be_bytes());
    hex::encode(id)
}

/// The facts of the request.
pub fn meta() -> impl Filter<Extract = (Meta,), Error = Rejection> + Copy {
    warp::ext::get::<Meta>()
}

/// The version from `If-Match`: 428 without it, 400 when malformed.
pub fn if_match() -> impl Filter<Extract = (Outcome<Version>,), Error = Rejection> + Copy {
    meta().map(|meta: Meta| meta.version())
}

tokio::task_local! {
    static CURRENT: Meta;
}

/// Runs `work` as a part of the request, so that what it logs and refuses carries the request id.
pub(super) async fn scope<F: Future>(meta: Meta, work: F) -> F::Output {
    CURRENT.scope(meta, work).await
}

/// The request that the present task works for; `None` in jobs and on the command line.
pub fn current() -> Option<Meta> {
    CURRENT.try_with(Meta::clone).ok()
}

pub fn current_id() -> Option<String> {
    CURRENT.try_with(|meta| meta.request_id.clone()).ok()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use warp::http::Request;

    use super::*;

    const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));

    fn read(headers: &[(&'static str, &str)], proxies: &[Network]) -> Meta {
        let mut request = Request::builder().uri("/api/v1/kpis?q=secret");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Meta::read(&request.body(()).unwrap().into_parts().0, PEER, proxies)
    }

    #[test]
    fn a_request_id_is_taken_over_only_when_harmless() {
        assert_eq!(read(&[("x-request-id", "abc-DEF-0123")], &[]).request_id, "abc-DEF-0123");
        for bad in ["short", "has space in it", "semi;colon;12", &"x".repeat(65)] {
            let meta = read(&[("x-request-id", bad)], &[]);
            assert_ne!(meta.request_id, bad);
            assert_eq!(meta.request_id.len(), 32);
        }
        assert_ne!(fresh_id(), fresh_id());
    }

    #[test]
    fn a_version_comes_in_double_quotes_or_bare() {
        for good in ["\"3\"", "3", " 3 "] {
            assert_eq!(read(&[("if-match", good)], &[]).version().unwrap(), Version(3), "{good}");
        }
        assert_eq!(read(&[], &[]).version().unwrap_err().code(), Code::VersionMissing);
        for bad in [
            "\"3",
            "3\"",
            "W/\"3\"",
            "*",
            "\"x\"",
            "\"\"",
            "\"-1\"",
            "\"1\", \"2\"",
            "\"99999999999999999999\"",
        ] {
            let code = read(&[("if-match", bad)], &[]).version().unwrap_err().code();
            assert_eq!(code, Code::Malformed, "{bad}");
        }
    }

    #[test]
    fn cookies_and_bearer_tokens_are_found() {
        let meta = read(&[("cookie", "a=1; kpi_access=x.y.z; b=2"), ("authorization", "bearer  tok")], &[]);
        assert_eq!(meta.cookie("kpi_access"), Some("x.y.z"));
        assert_eq!(meta.cookie("access"), None);
        assert_eq!(meta.bearer(), Some("tok"));
        let basic = read(&[("authorization", "Basic dXNlcjpw")], &[]);
        assert_eq!(basic.bearer(), None);
        assert!(basic.has_authorization());
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let forged = [("x-forwarded-for", "1.2.3.4, 203.0.113.9, 10.0.0.2")];
        assert_eq!(read(&forged, &[]).ip, PEER);
        let proxies = ["10.0.0.0/24".parse().unwrap()];
        assert_eq!(read(&forged, &proxies).ip, "203.0.113.9".parse::<IpAddr>().unwrap());
        assert_eq!(read(&[("x-forwarded-for", "nonsense")], &proxies).ip, PEER);
    }

    #[test]
    fn an_idempotency_key_has_bounds() {
        assert_eq!(read(&[], &[]).idempotency_key().unwrap(), None);
        assert_eq!(read(&[("idempotency-key", "k-1")], &[]).idempotency_key().unwrap(), Some("k-1"));
        assert!(read(&[("idempotency-key", &"k".repeat(129))], &[]).idempotency_key().is_err());
    }

    #[test]
    fn the_path_comes_without_the_query() {
        assert_eq!(read(&[], &[]).path, "/api/v1/kpis");
    }
}
