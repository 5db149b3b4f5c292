//! What the host does for a plugin, once it has found that the plugin may ask for it.

use std::{collections::BTreeMap, time::Instant};

use kpi_api::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::facts::{Kpi, KpiFilter, Person, UserFilter};

/// Does what a plugin asks for: over the database in the server, over given facts in `kpi plugins test`.
///
/// Permissions, shapes and sizes have been looked at before. Nothing may take longer than until `deadline`, where it is
/// given. An `Err` is a sentence that the script may catch.
pub trait Hands: Send + Sync {
    fn http_post(&self, post: &HttpPost, deadline: Instant) -> Result<HttpAnswer, String>;

    /// In the order of their ids, at most as many as the filter's limit.
    fn kpis(&self, filter: &KpiFilter) -> Result<Vec<Kpi>, String>;

    /// In the order of their ids, at most as many as the filter's limit.
    fn users(&self, filter: &UserFilter) -> Result<Vec<Person>, String>;

    fn notify(&self, note: &Note) -> Result<(), String>;

    /// The value of a setting of the manifest, its default where nothing was set; null where there is neither.
    fn setting(&self, key: &str) -> Result<Value, String>;

    /// Null where nothing is kept.
    fn store_get(&self, key: &str) -> Result<Value, String>;

    /// Null forgets the key.
    fn store_set(&self, key: &str, value: &Value) -> Result<(), String>;

    /// The day in the company's zone.
    fn today(&self) -> Date;

    fn now(&self) -> Timestamp;
}

/// A message to another server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpPost {
    pub url: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

/// What another server said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpAnswer {
    pub status: u16,
    /// Cut where it is long or no text.
    #[serde(default)]
    pub body: String,
}

/// A notification to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Id of the person.
    pub user: i64,
    /// At most 200 characters.
    pub title: String,
    /// At most 2000 characters.
    pub text: String,
    /// Path in the web app, such as `/kpis/5`; may be empty.
    #[serde(default)]
    pub link: String,
}

/// Most entries of the store of one plugin.
pub const STORE_ENTRIES: usize = 1_000;
/// Longest key of the store, in bytes.
pub const STORE_KEY: usize = 100;
/// Longest value of the store, in bytes as JSON.
pub const STORE_VALUE: usize = 16 * 1024;
