//! A case as it is written in `plugin.test.toml`.

use std::collections::BTreeMap;

use kpi_api::time::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use time::macros::date;

use crate::plugins::{
    bundle::{RefusalCode, Refused},
    host::{
        HttpAnswer,
        facts::{HookEvent, Kpi, Person},
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    case: Vec<Case>,
}

/// A call with everything that surrounds it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    pub function: String,
    /// The day it is; 2026-02-14 where it does not matter.
    #[serde(default = "some_day")]
    pub today: Date,
    /// For a hook.
    pub event: Option<HookEvent>,
    /// For a card: who looks.
    pub viewer: Option<Person>,
    /// The settings that were made; the others have their defaults.
    #[serde(default)]
    pub settings: BTreeMap<String, Value>,
    #[serde(default)]
    pub kpis: Vec<Kpi>,
    #[serde(default)]
    pub users: Vec<Person>,
    /// What was kept before.
    #[serde(default)]
    pub store: BTreeMap<String, Value>,
    /// What other servers answer, one after the other, the last again and again; `200` where there is none. A status of 0
    /// stands for a server that cannot be reached.
    #[serde(default)]
    pub answers: Vec<HttpAnswer>,
    #[serde(default)]
    pub expect: Expected,
}

fn some_day() -> Date {
    date!(2026 - 02 - 14)
}

/// What has to come out. Posts and notes have to be exactly these; what else is left out is not looked at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expected {
    /// Of a map the entries that are named, of an array every element.
    pub result: Option<Value>,
    pub posts: Vec<ExpectedPost>,
    pub notes: Vec<ExpectedNote>,
    /// Parts of the lines of the log, in their order.
    pub log: Vec<String>,
    /// What is kept afterwards under these keys.
    pub store: BTreeMap<String, Value>,
    /// A part of the message that the call fails with.
    pub error: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedPost {
    pub url: Option<String>,
    /// A part of the body, or several.
    #[serde(default)]
    pub contains: Vec<String>,
    /// What the body says as JSON; of a map the entries that are named.
    pub json: Option<Value>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedNote {
    pub user: i64,
    /// Parts of title or text.
    #[serde(default)]
    pub contains: Vec<String>,
    pub link: Option<String>,
}

impl Case {
    /// What the function is called with.
    pub fn argument(&self) -> Value {
        match (&self.event, &self.viewer) {
            (Some(event), _) => json!(event),
            (None, Some(viewer)) => json!(viewer),
            (None, None) => json!(Person::default()),
        }
    }
}

/// The cases of a file.
///
/// # Errors
/// Where it is not what a file of cases is.
pub fn parse(file: &str, content: &[u8]) -> Result<Vec<Case>, Refused> {
    let text = std::str::from_utf8(content)
        .map_err(|_| Refused::file(RefusalCode::NotUtf8, file, "The file is not UTF-8."))?;
    toml::from_str::<File>(text).map(|file| file.case).map_err(|fault| {
        let at = fault.span().map_or(0, |span| span.start);
        Refused::at(RefusalCode::BadCases, file, text, at, format!("{}.", fault.message()))
    })
}
