//! Answers: what a handler returns and how it becomes a response.

use std::fmt::Write as _;

use bytes::Bytes;
use kpi_api::{
    error::{Code, Problem},
    id::Version,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use warp::{
    http::{HeaderValue, StatusCode, header},
    reply::Response,
};

use super::request;
use crate::platform::failure::Failure;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Where every path of the API begins.
pub const BASE: &str = "/api/v1";

/// RFC 8187: what may stand unescaped in `filename*`.
const FILE_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// A success.
pub enum Reply<T> {
    /// 200.
    Ok(T),
    /// 200 with the resource's `ETag`.
    Versioned(Version, T),
    /// 201; `at` is the path below `/api/v1`, for `Location`.
    Created { at: String, body: T },
    /// 201 with the resource's `ETag`.
    CreatedVersioned { at: String, version: Version, body: T },
    /// 202.
    Accepted(T),
    /// 204.
    NoContent,
    /// 200 with something that is not JSON; with a file name it is offered as a download.
    Bytes { content_type: &'static str, file_name: Option<String>, body: Bytes },
    /// What was answered before, for a repeated `Idempotency-Key`.
    Stored(Stored),
    /// Another reply with `Set-Cookie` headers; see [`Reply::with_cookies`].
    WithCookies(Vec<String>, Box<Self>),
}

/// What a handler answers.
pub type Answer<T> = Result<Reply<T>, Failure>;

/// An answer that can be kept and given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    pub status: u16,
    /// Below `/api/v1`.
    pub location: Option<String>,
    pub version: Option<i64>,
    /// JSON text; empty where there is no body.
    pub body: String,
}

impl<T> Reply<T> {
    /// Adds `Set-Cookie` headers, each a whole header value.
    pub fn with_cookies(self, cookies: Vec<String>) -> Self {
        Self::WithCookies(cookies, Box::new(self))
    }
}

impl<T: Serialize> Reply<T> {
    /// The reply in a form that can be kept with its idempotency key. Cookies are not kept.
    ///
    /// # Errors
    /// When the body cannot be written as JSON, or is not JSON at all.
    pub fn store(&self) -> anyhow::Result<Stored> {
        let stored = |status, location: Option<&String>, version: Option<&Version>, body: Option<&T>| {
            anyhow::Ok(Stored {
                status,
                location: location.cloned(),
                version: version.map(|version| version.0),
                body: body.map(serde_json::to_string).transpose()?.unwrap_or_default(),
            })
        };
        match self {
            Self::Ok(body) => stored(200, None, None, Some(body)),
            Self::Versioned(version, body) => stored(200, None, Some(version), Some(body)),
            Self::Created { at, body } => stored(201, Some(at), None, Some(body)),
            Self::CreatedVersioned { at, version, body } => stored(201, Some(at), Some(version), Some(body)),
            Self::Accepted(body) => stored(202, None, None, Some(body)),
            Self::NoContent => stored(204, None, None, None),
            Self::Stored(stored) => Ok(stored.clone()),
            Self::WithCookies(_, inner) => inner.store(),
            Self::Bytes { .. } => anyhow::bail!("a download is not kept for an idempotency key"),
        }
    }
}

/// Turns an answer into a response. Failures become problems; the cause of an internal one is logged.
pub fn finish<T: Serialize>(answer: Answer<T>) -> Response {
    answer.and_then(respond).unwrap_or_else(|failure| problem(&failure))
}

fn respond<T: Serialize>(reply: Reply<T>) -> Result<Response, Failure> {
    Ok(match reply {
        Reply::Ok(body) => json(StatusCode::OK, &body)?,
        Reply::Versioned(version, body) => tagged(json(StatusCode::OK, &body)?, version),
        Reply::Created { at, body } => located(json(StatusCode::CREATED, &body)?, &at),
        Reply::CreatedVersioned { at, version, body } => {
            tagged(located(json(StatusCode::CREATED, &body)?, &at), version)
        }
        Reply::Accepted(body) => json(StatusCode::ACCEPTED, &body)?,
        Reply::NoContent => empty(StatusCode::NO_CONTENT),
        Reply::Bytes { content_type, file_name, body } => download(content_type, file_name.as_deref(), body),
        Reply::Stored(stored) => replay(stored)?,
        Reply::WithCookies(cookies, inner) => {
            let mut response = respond(*inner)?;
            for cookie in cookies {
                let value = HeaderValue::try_from(cookie).map_err(anyhow::Error::from)?;
                response.headers_mut().append(header::SET_COOKIE, value);
            }
            response
        }
    })
}

/// The problem that tells a failure, with the present request's id.
pub fn problem(failure: &Failure) -> Response {
    let mut response = render(&told(failure));
    if let Failure::Known { code, retry_after, .. } = failure {
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        if *code == Code::NotLoggedIn {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
    }
    response
}

/// What is told of a failure, as a part of an answer too; the cause of an internal one is logged.
pub fn told(failure: &Failure) -> Problem {
    let request_id = request::current_id().unwrap_or_default();
    match failure {
        Failure::Known { code, detail, errors, holders, .. } => {
            let mut problem = Problem::new(*code, detail.as_str(), request_id);
            problem.errors.clone_from(errors);
            problem.holders.clone_from(holders);
            problem
        }
        Failure::Internal(cause) => {
            tracing::error!(request_id, "request failed: {cause:?}");
            Problem::new(Code::Internal, Code::Internal.title(), request_id)
        }
    }
}

fn render(problem: &Problem) -> Response {
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let mut response = Response::new(body.into());
    *response.status_mut() =
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, PROBLEM);
    response
}

pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Bytes::new().into());
    *response.status_mut() = status;
    response
}

fn json<T: Serialize>(status: StatusCode, body: &T) -> Result<Response, Failure> {
    Ok(json_text(status, serde_json::to_vec(body)?))
}

fn json_text(status: StatusCode, text: Vec<u8>) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

fn tagged(mut response: Response, version: Version) -> Response {
    if let Ok(tag) = HeaderValue::try_from(format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn located(mut response: Response, at: &str) -> Response {
    if let Ok(location) = HeaderValue::try_from(format!("{BASE}{at}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn replay(stored: Stored) -> Result<Response, Failure> {
    let status = StatusCode::from_u16(stored.status).map_err(anyhow::Error::from)?;
    let mut response =
        if stored.body.is_empty() { empty(status) } else { json_text(status, stored.body.into_bytes()) };
    if let Some(at) = stored.location {
        response = located(response, &at);
    }
    if let Some(version) = stored.version {
        response = tagged(response, Version(version));
    }
    Ok(response)
}

fn download(content_type: &'static str, file_name: Option<&str>, body: Bytes) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(value) = file_name.and_then(|name| HeaderValue::try_from(attachment(name)).ok()) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// RFC 6266: a plain name for old clients, the exact one beside it.
pub(super) fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    let mut value = format!("attachment; filename=\"{plain}\"");
    if plain != name {
        let _ = write!(value, "; filename*=UTF-8''{}", utf8_percent_encode(name, FILE_NAME));
    }
    value
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn header<'a>(response: &'a Response, name: &str) -> &'a str {
        response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    #[test]
    fn a_creation_says_where_and_which_version() {
        let reply =
            Reply::CreatedVersioned { at: "/kpis/7".into(), version: Version(1), body: json!({"id": 7}) };
        let stored = reply.store().unwrap();
        for response in [finish(Ok(reply)), finish::<()>(Ok(Reply::Stored(stored)))] {
            assert_eq!(response.status(), 201);
            assert_eq!(header(&response, "location"), "/api/v1/kpis/7");
            assert_eq!(header(&response, "etag"), "\"1\"");
            assert_eq!(header(&response, "content-type"), "application/json");
        }
    }

    #[test]
    fn each_cookie_has_its_own_header() {
        let reply = Reply::Ok(()).with_cookies(vec!["a=1; HttpOnly".into(), "b=2".into()]);
        let response = finish(Ok(reply));
        let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
        assert_eq!(cookies, ["a=1; HttpOnly", "b=2"]);
    }

    #[test]
    fn a_failure_becomes_a_problem() {
        let failure = Failure::new(Code::TooMany, "slow down").retry_after(7);
        let response = finish::<()>(Err(failure));
        assert_eq!(response.status(), 429);
        assert_eq!(header(&response, "retry-after"), "7");
        assert_eq!(header(&response, "content-type"), "application/problem+json");
    }

    #[test]
    fn file_names_cannot_break_out_of_their_header() {
        assert_eq!(attachment("report.csv"), "attachment; filename=\"report.csv\"");
        assert_eq!(
            attachment("Ü\"\r\n.csv"),
            "attachment; filename=\"____.csv\"; filename*=UTF-8''%C3%9C%22%0D%0A.csv"
        );
    }
}
