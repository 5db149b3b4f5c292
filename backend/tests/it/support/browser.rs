//! A browser: keeps cookies and sends what browsers send.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Request, Response, TestApp, company};

pub struct Browser {
    app: TestApp,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(super) fn new(app: TestApp) -> Self {
        Self { app, cookies: BTreeMap::new() }
    }

    pub async fn log_in(&mut self, login: &str) -> Response {
        self.post("/auth/login", json!({ "login": login, "password": company::PASSWORD })).await
    }

    /// As a page of ours would send it.
    pub async fn post(&mut self, path: &str, body: Value) -> Response {
        let csrf = self.cookies.get("kpi_csrf").cloned().unwrap_or_default();
        let request = self.request("POST", path).json(body).header("x-csrf-token", csrf);
        let request = request.header("origin", super::PUBLIC_URL).header("sec-fetch-site", "same-origin");
        let response = request.send().await;
        self.keep(&response);
        response
    }

    pub async fn get(&mut self, path: &str) -> Response {
        let response = self.request("GET", path).send().await;
        self.keep(&response);
        response
    }

    /// With the cookies that belong to the path and nothing else.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let belongs = |name: &str| name != "kpi_refresh" || path.starts_with("/auth");
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .filter(|(name, _)| belongs(name))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = self.app.anonymous().request(method, path);
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    /// Takes over what an answer sets.
    pub fn keep(&mut self, response: &Response) {
        for line in response.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
