//! What plugins do, and what is done about those that mean harm or come out that way: each call ends in time, in the way that is
//! written beside it, and nobody else notices.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use kpi::plugins::{
    bundle::{self, Bundle},
    host::{
        Done, Failed, FailedKind, Hands, HttpAnswer, HttpPost, Limits, Note, Program,
        facts::{Kpi, KpiFilter, Person, UserFilter},
        net::Poster,
    },
};
use kpi_api::time::{Date, Timestamp};
use serde_json::{Value, json};
use time::macros::date;

use crate::support::raw_zip::{Entry, archive};

mod calls;
mod http;

/// What a call may take in all. The limit itself is 0.9 s; the rest is room for a busy machine.
const IN_TIME: Duration = Duration::from_millis(1800);

const ALL: &str = "http = [\"127.0.0.1\", \"setting:address\", \"localhost\"]\nread = [\"kpis\", \"users\"]\nnotify = true\nstore = true\n";

/// Hands with a real way out, and notes of what they were asked.
struct Desk {
    poster: Poster,
    address: Value,
    notes: Mutex<Vec<Note>>,
    store: Mutex<BTreeMap<String, Value>>,
}

impl Desk {
    fn new(allow_private: bool) -> Arc<Self> {
        let (notes, store) = Default::default();
        Arc::new(Self {
            poster: Poster::new(allow_private),
            address: json!("http://127.0.0.1:9/s3cret-path"),
            notes,
            store,
        })
    }
}

impl Hands for Desk {
    fn http_post(&self, post: &HttpPost, deadline: Instant) -> Result<HttpAnswer, String> {
        self.poster.post(post, deadline)
    }
    fn kpis(&self, filter: &KpiFilter) -> Result<Vec<Kpi>, String> {
        let limit = i64::try_from(filter.limit.unwrap()).unwrap();
        Ok((1..=limit).map(|id| Kpi { id, score: Some(80.0), ..Kpi::default() }).collect())
    }
    fn users(&self, _: &UserFilter) -> Result<Vec<Person>, String> {
        Ok(vec![Person::default()])
    }
    fn notify(&self, note: &Note) -> Result<(), String> {
        assert_ne!(note.title, "panic", "as asked for");
        self.notes.lock().unwrap().push(note.clone());
        Ok(())
    }
    fn setting(&self, _: &str) -> Result<Value, String> {
        Ok(self.address.clone())
    }
    fn store_get(&self, key: &str) -> Result<Value, String> {
        Ok(self.store.lock().unwrap().get(key).cloned().unwrap_or_default())
    }
    fn store_set(&self, key: &str, value: &Value) -> Result<(), String> {
        self.store.lock().unwrap().insert(key.to_owned(), value.clone());
        Ok(())
    }
    fn today(&self) -> Date {
        date!(2026 - 02 - 14)
    }
    fn now(&self) -> Timestamp {
        Timestamp(1_771_059_600_000)
    }
}

fn plugin(permissions: &str, body: &str) -> Bundle {
    let manifest = format!(
        "id = \"sample\"\nname = \"S\"\nversion = \"1.0.0\"\ndescription = \"D\"\nrequires = \"*\"\nscript = \"plugin.rhai\"\n\
         [permissions]\n{permissions}\n[[hooks]]\nevent = \"kpi.approved\"\nfunction = \"f\"\n\
         [[settings]]\nkey = \"address\"\ntype = \"url\"\nlabel = \"A\"\nsecret = true\n"
    );
    let script = if body.contains("fn ") { body.to_owned() } else { format!("fn f(event) {{ {body} }}") };
    let bytes = archive(&[Entry::new("plugin.toml", &manifest), Entry::new("plugin.rhai", &script)]);
    bundle::read_zip(&bytes).unwrap_or_else(|faults| panic!("{body:.200}: {faults:?}"))
}

fn call_with(desk: &Arc<Desk>, permissions: &str, body: &str) -> Result<Done, Failed> {
    let program = Program::compile(&plugin(permissions, body)).unwrap();
    let began = Instant::now();
    let ended = program.call(
        "f",
        json!({ "name": "kpi.approved", "data": { "a": 1 } }),
        desk.clone(),
        &Limits::default(),
    );
    assert!(began.elapsed() < IN_TIME, "took {:?}: {body:.200}", began.elapsed());
    ended
}

fn call(body: &str) -> Result<Done, Failed> {
    call_with(&Desk::new(true), ALL, body)
}

#[track_caller]
fn fails(body: &str, kinds: &[FailedKind], part: &str) -> Failed {
    let failed = call(body).expect_err(body);
    assert!(kinds.contains(&failed.kind), "{:?} ({failed}) instead of {kinds:?}: {body:.200}", failed.kind);
    assert!(failed.message.contains(part), "{failed}: {body:.200}");
    failed
}
