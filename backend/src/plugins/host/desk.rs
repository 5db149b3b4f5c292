//! Stands between a script and the hands: looks whether the plugin may ask, whether what it asks for is whole, and how
//! often it has asked already.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use kpi_engine::script::{Denied, Given, Host};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    Hands, HttpPost, Limits, Note, STORE_KEY, STORE_VALUE,
    facts::{KpiFilter, MAPS, MOST_ROWS, UserFilter},
    log::Log,
    net::host_of,
};
use crate::plugins::bundle::Permissions;

/// Bytes of the body of a message.
const LONGEST_BODY: usize = 256 * 1024;
/// What is left less of the time after a message is none.
const MARGIN: Duration = Duration::from_millis(20);
const MOST_HEADERS: usize = 20;
const LONGEST_HEADER: usize = 4 * 1024;

/// Headers that the client writes itself, or that would change what is connected to.
const OWN_HEADERS: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// What one plugin may do.
#[derive(Debug, Clone, Default)]
pub struct Rights {
    pub permissions: Permissions,
    /// Keys of the manifest's settings; true where they are secret.
    pub settings: BTreeMap<String, bool>,
}

/// The desk of one call.
pub struct Desk {
    rights: Arc<Rights>,
    hands: Arc<dyn Hands>,
    limits: Limits,
    deadline: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    log: Log,
    posts: usize,
    notes: usize,
    /// The hosts that may be asked, once a message was to be posted.
    hosts: Option<BTreeSet<String>>,
    /// What the call has to end with, where it went beyond what it may ask for.
    beyond: bool,
    /// Whom the call was waiting for when its time ended.
    waited_for: Option<String>,
}

/// What a call leaves at the desk.
pub struct Left {
    pub log: Vec<String>,
    pub beyond: bool,
    pub waited_for: Option<String>,
}

type Asked = Result<Given, Denied>;

impl Desk {
    pub fn new(rights: Arc<Rights>, hands: Arc<dyn Hands>, limits: Limits, deadline: Instant) -> Self {
        let state = State { log: Log::new(limits.log_lines, limits.log_bytes), ..State::default() };
        Self { rights, hands, limits, deadline, state: Mutex::new(state) }
    }

    /// Takes back what the call has left; the text with every secret blotted out.
    pub fn leave(&self, message: &mut String) -> Left {
        let mut state = self.state();
        *message = state.log.blotted(message);
        Left { log: state.log.take(), beyond: state.beyond, waited_for: state.waited_for.take() }
    }

    /// What the call has returned, with every secret blotted out.
    pub fn blotted(&self, value: Value) -> Value {
        self.state().log.blotted_in(value)
    }

    /// A panic of the hands leaves nothing half done here.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn post(&self, parameters: &[Value]) -> Asked {
        if self.rights.permissions.http.is_empty() {
            return refused("http_post", "http = [\"...\"]");
        }
        let post = read_post(parameters)?;
        let host = host_of(&post.url).map_err(|fault| failed(format!("http_post: the address {fault}")))?;
        if !self.may_ask(&host)? {
            let message = format!("http_post: the permission `http` does not name the host {host}");
            return Err(Denied::Refused(message));
        }
        {
            let mut state = self.state();
            state.posts += 1;
            if state.posts > self.limits.posts {
                return Err(beyond(&mut state, format!("{} messages to other servers", self.limits.posts)));
            }
            state.waited_for = Some(host);
        }
        let answer = self.hands.http_post(&post, self.deadline);
        if Instant::now() + MARGIN >= self.deadline {
            // A script could do nothing with what is left, and it is to be told whom it waited for.
            return Err(Denied::Refused("it waited too long".into()));
        }
        self.state().waited_for = None;
        let answer = answer.map_err(failed)?;
        let ok = (200..300).contains(&answer.status);
        Ok(Given::Data(json!({ "status": answer.status, "ok": ok, "body": answer.body })))
    }

    /// Whether the host was granted, by its name or by the setting that holds its address.
    fn may_ask(&self, host: &str) -> Result<bool, Denied> {
        if let Some(hosts) = &self.state().hosts {
            return Ok(hosts.contains(host));
        }
        let mut hosts = BTreeSet::new();
        for granted in &self.rights.permissions.http {
            match granted.strip_prefix("setting:") {
                None => {
                    hosts.insert(granted.clone());
                }
                Some(key) => {
                    let address = self.hands.setting(key).map_err(failed)?;
                    hosts.extend(address.as_str().and_then(|address| host_of(address).ok()));
                }
            }
        }
        let may = hosts.contains(host);
        self.state().hosts = Some(hosts);
        Ok(may)
    }

    fn kpis(&self, parameters: &[Value]) -> Asked {
        if !self.rights.permissions.read_kpis {
            return refused("kpis", "read = [\"kpis\"]");
        }
        let mut filter: KpiFilter = filter("kpis", parameters)?;
        filter.limit = Some(limit("kpis", filter.limit)?);
        given(&self.hands.kpis(&filter).map_err(failed)?)
    }

    fn users(&self, parameters: &[Value]) -> Asked {
        if !self.rights.permissions.read_users {
            return refused("users", "read = [\"users\"]");
        }
        let mut filter: UserFilter = filter("users", parameters)?;
        filter.limit = Some(limit("users", filter.limit)?);
        given(&self.hands.users(&filter).map_err(failed)?)
    }

    fn notify(&self, parameters: &[Value]) -> Asked {
        if !self.rights.permissions.notify {
            return refused("notify", "notify = true");
        }
        let note = read_note(parameters)?;
        {
            let mut state = self.state();
            state.notes += 1;
            if state.notes > self.limits.notes {
                return Err(beyond(&mut state, format!("{} notifications", self.limits.notes)));
            }
        }
        self.hands.notify(&note).map_err(failed)?;
        nothing()
    }

    fn setting(&self, parameters: &[Value]) -> Asked {
        let key = text("setting", parameters, 0)?;
        let Some(&secret) = self.rights.settings.get(key) else {
            return Err(failed(format!("setting: the manifest has no setting `{key}`")));
        };
        let value = self.hands.setting(key).map_err(failed)?;
        if secret && let Some(value) = value.as_str() {
            self.state().log.keep_secret(value);
        }
        Ok(Given::Data(value))
    }

    fn store(&self, word: &str, parameters: &[Value]) -> Asked {
        if !self.rights.permissions.store {
            return refused(word, "store = true");
        }
        let key = text(word, parameters, 0)?;
        if key.is_empty() || key.len() > STORE_KEY {
            return Err(failed(format!("{word}: a key has 1 to {STORE_KEY} characters")));
        }
        if word == "store_get" {
            return self.hands.store_get(key).map(Given::Data).map_err(failed);
        }
        let value = &parameters[1];
        if value.to_string().len() > STORE_VALUE {
            return Err(failed(format!("store_set: a value may have {STORE_VALUE} characters as JSON")));
        }
        self.hands.store_set(key, value).map_err(failed)?;
        nothing()
    }

    fn log(&self, parameters: &[Value]) -> Asked {
        let line = match &parameters[0] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.state().log.write(&line);
        nothing()
    }
}

impl Host for Desk {
    fn ask(&self, word: &str, parameters: &[Value]) -> Asked {
        match word {
            "log" => self.log(parameters),
            "http_post" => self.post(parameters),
            "kpis" => self.kpis(parameters),
            "users" => self.users(parameters),
            "notify" => self.notify(parameters),
            "setting" => self.setting(parameters),
            "store_get" | "store_set" => self.store(word, parameters),
            "now" => Ok(Given::Data(json!(self.hands.now()))),
            other => Err(failed(format!("there is nobody to ask for `{other}`"))),
        }
    }
}

fn failed(message: impl Into<String>) -> Denied {
    Denied::Failed(message.into())
}

fn refused(word: &str, permission: &str) -> Asked {
    Err(Denied::Refused(format!("{word}: the plugin has no permission `{permission}`")))
}

fn beyond(state: &mut State, what: String) -> Denied {
    state.beyond = true;
    Denied::Refused(format!("it wanted more than {what} in one call"))
}

fn nothing() -> Asked {
    Ok(Given::Data(Value::Null))
}

fn given(rows: &impl serde::Serialize) -> Asked {
    let value = serde_json::to_value(rows).map_err(|cause| failed(cause.to_string()))?;
    Ok(Given::Facts { value, maps: MAPS })
}

fn filter<T: DeserializeOwned + Default>(word: &str, parameters: &[Value]) -> Result<T, Denied> {
    match parameters.first() {
        None | Some(Value::Null) => Ok(T::default()),
        Some(filter) => T::deserialize(filter).map_err(|cause| failed(format!("{word}: {cause}"))),
    }
}

fn limit(word: &str, limit: Option<usize>) -> Result<usize, Denied> {
    match limit.unwrap_or(MOST_ROWS) {
        limit @ 1..=MOST_ROWS => Ok(limit),
        _ => Err(failed(format!("{word}: limit is 1 to {MOST_ROWS}"))),
    }
}

fn text<'a>(word: &str, parameters: &'a [Value], place: usize) -> Result<&'a str, Denied> {
    parameters
        .get(place)
        .and_then(Value::as_str)
        .ok_or_else(|| failed(format!("{word}: parameter {} is a text", place + 1)))
}

fn read_post(parameters: &[Value]) -> Result<HttpPost, Denied> {
    let url = text("http_post", parameters, 0)?.to_owned();
    let mut headers = BTreeMap::new();
    match &parameters[1] {
        Value::Null => {}
        Value::Object(entries) if entries.len() <= MOST_HEADERS => {
            for (name, value) in entries {
                let name = name.to_ascii_lowercase();
                let value = match value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    _ => return Err(failed(format!("http_post: the header `{name}` is a text"))),
                };
                let is_name = !name.is_empty()
                    && name.len() <= 100
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
                if !is_name || OWN_HEADERS.contains(&name.as_str()) {
                    return Err(failed(format!("http_post: the header `{name}` cannot be set")));
                }
                if value.len() > LONGEST_HEADER || value.chars().any(char::is_control) {
                    return Err(failed(format!("http_post: the header `{name}` is one line of text")));
                }
                headers.insert(name, value);
            }
        }
        _ => return Err(failed(format!("http_post: headers are a map of at most {MOST_HEADERS} texts"))),
    }
    let (body, kind) = match &parameters[2] {
        Value::Null => (String::new(), "text/plain; charset=utf-8"),
        Value::String(text) => (text.clone(), "text/plain; charset=utf-8"),
        data => (data.to_string(), "application/json"),
    };
    if body.len() > LONGEST_BODY {
        return Err(failed(format!("http_post: a body may have {LONGEST_BODY} bytes")));
    }
    headers.entry("content-type".into()).or_insert_with(|| kind.into());
    Ok(HttpPost { url, headers, body })
}

fn read_note(parameters: &[Value]) -> Result<Note, Denied> {
    let user = parameters[0].as_i64().ok_or_else(|| failed("notify: the person is named by their id"))?;
    let title = text("notify", parameters, 1)?.trim().to_owned();
    let body = text("notify", parameters, 2)?.trim().to_owned();
    let link = match parameters.get(3) {
        None | Some(Value::Null) => "",
        Some(_) => text("notify", parameters, 3)?,
    };
    if title.is_empty() || title.chars().count() > 200 || body.chars().count() > 2000 {
        return Err(failed("notify: the title has 1 to 200 characters, the text at most 2000"));
    }
    let is_path =
        link.is_empty() || (link.starts_with('/') && !link.starts_with("//") && !link.contains('\\'));
    if !is_path || link.len() > 300 || link.chars().any(char::is_control) {
        return Err(failed("notify: the link is a path in the web app, such as `/kpis/5`"));
    }
    Ok(Note { user, title, text: body, link: link.to_owned() })
}
