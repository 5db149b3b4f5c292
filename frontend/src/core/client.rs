//! Requests to the server: base path, CSRF, versions, idempotency, problems as values, and one silent renewal of the
//! session when it has run out.

use std::cell::RefCell;

use futures_util::{
    FutureExt,
    future::{LocalBoxFuture, Shared},
};
use gloo_net::http::{Method, RequestBuilder, Response};
use kpi_api::{
    error::{Code, Problem},
    id::Version,
};
use serde::{Serialize, de::DeserializeOwned};
use web_sys::{FormData, RequestCredentials};
use yew::Callback;

use crate::core::{browser, error::ApiError, query::Params, turns};

pub const BASE: &str = "/api/v1";
const CSRF_COOKIE: &str = "kpi_csrf";

pub type Answer<T> = Result<T, ApiError>;

/// One request. Built, then sent with [`Call::send`] or [`Call::done`].
#[derive(Clone)]
pub struct Call {
    method: Method,
    path: String,
    query: Params,
    version: Option<Version>,
    key: Option<String>,
    body: Option<String>,
    form: Option<FormData>,
    /// The session it has to be sent in, by its CSRF token.
    session: Option<String>,
}

impl Call {
    fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: Params::new(),
            version: None,
            key: None,
            body: None,
            form: None,
            session: None,
        }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    pub fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    pub fn patch(path: impl Into<String>) -> Self {
        Self::new(Method::PATCH, path)
    }

    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    #[must_use]
    pub fn query(mut self, query: &Params) -> Self {
        self.query = query.clone();
        self
    }

    /// Sends `If-Match`: the change is refused when somebody else was faster.
    #[must_use]
    pub fn version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }

    /// Sends `Idempotency-Key`: the same key and body twice creates once.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// Sends in that session or not at all: where somebody else has logged in since, the server refuses.
    #[must_use]
    pub fn session(mut self, session: &str) -> Self {
        self.session = Some(session.to_owned());
        self
    }

    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_string(body).ok();
        self
    }

    /// Sends a form with a file; for small ones, whose progress nobody wants to see.
    #[must_use]
    pub fn form(mut self, form: FormData) -> Self {
        self.form = Some(form);
        self
    }

    /// The answer's body as `T`.
    pub async fn send<T: DeserializeOwned>(self) -> Answer<T> {
        let response = self.exchange().await?;
        let status = response.status();
        let text = response.text().await.map_err(|_| ApiError::Unreachable)?;
        serde_json::from_str(&text).map_err(|_| ApiError::Unreadable { status })
    }

    /// For answers without a body.
    pub async fn done(self) -> Answer<()> {
        self.exchange().await.map(drop)
    }

    async fn exchange(self) -> Answer<Response> {
        if self.path == "/auth/refresh" || self.session.is_some() {
            return self.once().await;
        }
        renewing(|| self.once()).await
    }

    async fn once(&self) -> Answer<Response> {
        let mut url = format!("{BASE}{}", self.path);
        if !self.query.is_empty() {
            url = format!("{url}?{}", self.query.encoded());
        }
        let mut request = RequestBuilder::new(&url)
            .method(self.method.clone())
            .credentials(RequestCredentials::SameOrigin)
            .header("Accept", "application/json");
        if self.method != Method::GET
            && let Some(token) = self.session.clone().or_else(session)
        {
            request = request.header("X-CSRF-Token", &token);
        }
        if let Some(version) = self.version {
            request = request.header("If-Match", &format!("\"{version}\""));
        }
        if let Some(key) = &self.key {
            request = request.header("Idempotency-Key", key);
        }
        let request = match (&self.body, &self.form) {
            (Some(body), _) => request.header("Content-Type", "application/json").body(body.clone()),
            // The browser writes the content type itself, because it names where the parts end.
            (None, Some(form)) => request.body(form.clone()),
            (None, None) => request.build(),
        }
        .map_err(|_| ApiError::Unreachable)?;
        let response = request.send().await.map_err(|_| ApiError::Unreachable)?;
        if response.ok() { Ok(response) } else { Err(refusal(response).await) }
    }
}

async fn refusal(response: Response) -> ApiError {
    let retry_after = response.headers().get("Retry-After");
    let status = response.status();
    refused(status, retry_after.as_deref(), &response.text().await.unwrap_or_default())
}

/// An answer that is no success, as a value.
pub fn refused(status: u16, retry_after: Option<&str>, body: &str) -> ApiError {
    let retry_after = retry_after.and_then(|seconds| seconds.parse().ok());
    match serde_json::from_str::<Problem>(body) {
        Ok(problem) => ApiError::Refused { problem: Box::new(problem), retry_after },
        Err(_) => ApiError::Unreadable { status },
    }
}

/// Asks, and once more after a silent renewal where the session had run out.
pub async fn renewing<T, Asked: Future<Output = Answer<T>>>(ask: impl Fn() -> Asked) -> Answer<T> {
    let before = session();
    match ask().await {
        Err(error) if has_run_out(&error) => {
            if has_session_cookie() && renew(before).await {
                return ask().await;
            }
            session_is_over();
            Err(error)
        }
        answer => answer,
    }
}

/// What tells one session from another, and proves to the server that a request comes from our own pages.
pub fn session() -> Option<String> {
    browser::cookie(CSRF_COOKIE)
}

fn has_run_out(error: &ApiError) -> bool {
    matches!(error.code(), Some(Code::NotLoggedIn | Code::SessionEnded))
}

/// Whether this browser was logged in at all; without the cookie there is nothing to renew.
pub fn has_session_cookie() -> bool {
    session().is_some()
}

type Renewal = Shared<LocalBoxFuture<'static, bool>>;

thread_local! {
    static RENEWAL: RefCell<Option<Renewal>> = const { RefCell::new(None) };
    static ON_END: RefCell<Option<Callback<()>>> = const { RefCell::new(None) };
}

/// Renews the session once, however many requests in however many tabs found it run out at the same time: a refresh
/// token is good for one use, a second one would end the whole session. `before` is the CSRF cookie that the refused
/// request went out with; when it has changed since, another tab has renewed already.
async fn renew(before: Option<String>) -> bool {
    let renewal = RENEWAL.with_borrow_mut(|slot| {
        slot.get_or_insert_with(|| {
            let renewed =
                async move { session() != before || Call::post("/auth/refresh").once().await.is_ok() };
            turns::exclusively("kpi-renew", renewed).boxed_local().shared()
        })
        .clone()
    });
    let good = renewal.await;
    RENEWAL.with_borrow_mut(|slot| {
        if slot.as_ref().is_some_and(|renewal| renewal.peek().is_some()) {
            *slot = None;
        }
    });
    good
}

/// Called when the session cannot be renewed any more.
pub fn on_session_end(callback: Callback<()>) {
    ON_END.with_borrow_mut(|slot| *slot = Some(callback));
}

fn session_is_over() {
    if let Some(callback) = ON_END.with_borrow(Clone::clone) {
        callback.emit(());
    }
}
