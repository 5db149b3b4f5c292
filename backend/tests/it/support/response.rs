//! What came back.

use bytes::Bytes;
use serde_json::Value;
use warp::http;

#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Bytes,
}

impl Response {
    pub(super) fn read(response: http::Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// The body; `null` where there is none.
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body).unwrap_or_else(|fault| panic!("{fault}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Itself, when it has that status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Asserts a problem with that status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{}", self.text());
    }

    /// Asserts 422 and what it says of its first field, as `field code`.
    #[track_caller]
    pub fn invalid(&self, fault: &str) {
        self.refused(422, "invalid");
        assert_eq!(self.faults().first().map(String::as_str), Some(fault), "{}", self.text());
    }

    /// The `code` of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The field errors of a problem, each as `field code`.
    pub fn faults(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        errors.iter().map(|error| format!("{} {}", text(&error["field"]), text(&error["code"]))).collect()
    }

    /// The `id` of the body.
    #[track_caller]
    pub fn id(&self) -> i64 {
        self.json()["id"].as_i64().unwrap_or_else(|| panic!("no id: {}", self.text()))
    }

    /// The `version` of the body.
    #[track_caller]
    pub fn version(&self) -> i64 {
        self.json()["version"].as_i64().unwrap_or_else(|| panic!("no version: {}", self.text()))
    }

    /// The `items` of a list.
    #[track_caller]
    pub fn items(&self) -> Vec<Value> {
        self.json()["items"].as_array().cloned().unwrap_or_else(|| panic!("no items: {}", self.text()))
    }

    /// One field of every item of a list.
    #[track_caller]
    pub fn column(&self, field: &str) -> Vec<Value> {
        self.items().iter().map(|item| item[field].clone()).collect()
    }
}
