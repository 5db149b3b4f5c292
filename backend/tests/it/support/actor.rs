//! Somebody who sends requests.

use bytes::Bytes;
use serde_json::Value;
use warp::http::{self, Method};

use super::{Response, TestApp};

/// Cheap to clone.
#[derive(Clone)]
pub struct Actor {
    pub app: TestApp,
    /// Sent as `Authorization: Bearer`.
    pub token: Option<String>,
}

impl Actor {
    pub(super) fn new(app: TestApp, token: Option<String>) -> Self {
        Self { app, token }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request("GET", path).send().await
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.request("POST", path).json(body).send().await
    }

    pub async fn put(&self, path: &str, body: Value) -> Response {
        self.request("PUT", path).json(body).send().await
    }

    pub async fn patch(&self, path: &str, version: i64, body: Value) -> Response {
        self.request("PATCH", path).version(version).json(body).send().await
    }

    pub async fn delete(&self, path: &str, version: i64) -> Response {
        self.request("DELETE", path).version(version).send().await
    }

    /// A POST that needs the version seen: every act of a KPI.
    pub async fn act(&self, path: &str, version: i64, body: Value) -> Response {
        self.request("POST", path).version(version).json(body).send().await
    }

    /// Any other request.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let request = Request {
            app: self.app.clone(),
            method: method.parse().unwrap(),
            path: format!("/api/v1{path}"),
            headers: Vec::new(),
            body: Bytes::new(),
        };
        match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }
}

/// A request being put together.
pub struct Request {
    app: TestApp,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Request {
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// `If-Match`.
    pub fn version(self, version: i64) -> Self {
        self.header("if-match", format!("\"{version}\""))
    }

    /// `Idempotency-Key`.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// A JSON body with its content type.
    pub fn json(self, body: Value) -> Self {
        self.header("content-type", "application/json").raw(body.to_string())
    }

    /// A body as it stands, without a content type.
    pub fn raw(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    pub async fn send(self) -> Response {
        let mut request = http::Request::builder().method(self.method).uri(self.path);
        if !self.headers.iter().any(|(name, _)| name == "host") {
            request = request.header("host", "kpi.example.com");
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        self.app.send(request.body(self.body).unwrap()).await
    }
}
