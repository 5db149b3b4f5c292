//! Hands that answer from the facts of a case and write down what they were asked to do.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use kpi_api::time::{Date, Period, Timestamp};
use serde_json::Value;

use super::Case;
use crate::plugins::{
    bundle::Manifest,
    host::{
        Hands, HttpAnswer, HttpPost, Note, STORE_ENTRIES,
        facts::{Kpi, KpiFilter, MOST_ROWS, OneOrMore, Person, UserFilter},
    },
};

pub struct Recorder {
    today: Date,
    settings: BTreeMap<String, Value>,
    kpis: Vec<Kpi>,
    users: Vec<Person>,
    answers: Vec<HttpAnswer>,
    recorded: Mutex<Recorded>,
}

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    pub posts: Vec<HttpPost>,
    pub notes: Vec<Note>,
    pub store: BTreeMap<String, Value>,
}

impl Recorder {
    pub fn new(manifest: &Manifest, case: &Case) -> Self {
        let mut settings: BTreeMap<String, Value> =
            manifest.settings.iter().map(|setting| (setting.key.clone(), setting.default.clone())).collect();
        settings.extend(case.settings.clone());
        let (mut kpis, mut users) = (case.kpis.clone(), case.users.clone());
        kpis.sort_by_key(|kpi| kpi.id);
        users.sort_by_key(|user| user.id);
        Self {
            today: case.today,
            settings,
            kpis,
            users,
            answers: case.answers.clone(),
            recorded: Mutex::new(Recorded { store: case.store.clone(), ..Recorded::default() }),
        }
    }

    pub fn recorded(&self) -> Recorded {
        self.state().clone()
    }

    fn state(&self) -> MutexGuard<'_, Recorded> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hands for Recorder {
    fn http_post(&self, post: &HttpPost, _: Instant) -> Result<HttpAnswer, String> {
        let mut recorded = self.state();
        recorded.posts.push(post.clone());
        let answer = self.answers.get(recorded.posts.len() - 1).or(self.answers.last());
        match answer {
            None => Ok(HttpAnswer { status: 200, body: "ok".into() }),
            Some(answer) if answer.status == 0 => Err("The host could not be reached.".into()),
            Some(answer) => Ok(answer.clone()),
        }
    }

    fn kpis(&self, filter: &KpiFilter) -> Result<Vec<Kpi>, String> {
        let found = self.kpis.iter().filter(|kpi| lets_kpi_through(filter, kpi, self.today));
        Ok(found.take(filter.limit.unwrap_or(MOST_ROWS)).cloned().collect())
    }

    fn users(&self, filter: &UserFilter) -> Result<Vec<Person>, String> {
        let found = self.users.iter().filter(|user| lets_user_through(filter, user));
        Ok(found.take(filter.limit.unwrap_or(MOST_ROWS)).cloned().collect())
    }

    fn notify(&self, note: &Note) -> Result<(), String> {
        self.state().notes.push(note.clone());
        Ok(())
    }

    fn setting(&self, key: &str) -> Result<Value, String> {
        Ok(self.settings.get(key).cloned().unwrap_or_default())
    }

    fn store_get(&self, key: &str) -> Result<Value, String> {
        Ok(self.state().store.get(key).cloned().unwrap_or_default())
    }

    fn store_set(&self, key: &str, value: &Value) -> Result<(), String> {
        let mut recorded = self.state();
        if value.is_null() {
            recorded.store.remove(key);
        } else {
            recorded.store.insert(key.to_owned(), value.clone());
        }
        if recorded.store.len() > STORE_ENTRIES { Err("The store is full.".into()) } else { Ok(()) }
    }

    fn today(&self) -> Date {
        self.today
    }

    /// Nine in the morning.
    fn now(&self) -> Timestamp {
        Timestamp::from(self.today.midnight().assume_utc()).plus_seconds(9 * 3600)
    }
}

fn any<T: PartialEq>(wanted: Option<&OneOrMore<T>>, value: &T) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(value))
}

fn is<T: PartialEq>(wanted: Option<&T>, value: &T) -> bool {
    wanted.is_none_or(|wanted| wanted == value)
}

/// The year begins in January, and departments have none below them.
fn lets_kpi_through(filter: &KpiFilter, kpi: &Kpi, today: Date) -> bool {
    let in_time = match (filter.year, filter.quarter) {
        (None, None) => Period::containing(today, 1) == Period::new(kpi.year, kpi.quarter),
        (year, quarter) => is(year.as_ref(), &kpi.year) && is(quarter.as_ref(), &kpi.quarter),
    };
    in_time
        && any(filter.status.as_ref(), &kpi.status)
        && any(filter.band.as_ref(), &kpi.band)
        && any(filter.owner.as_ref(), &kpi.owner.id)
        && (filter.department_id.is_none() || filter.department_id == kpi.owner.department_id)
        && filter.tag.as_ref().is_none_or(|tag| kpi.tags.contains(tag))
        && filter
            .tag_prefix
            .as_ref()
            .is_none_or(|start| kpi.tags.iter().any(|tag| tag.starts_with(start.as_str())))
        && (filter.template.is_none() || filter.template == kpi.template)
        && (filter.parent_id.is_none() || filter.parent_id == kpi.parent_id)
        && filter.after.is_none_or(|after| kpi.id > after)
}

fn lets_user_through(filter: &UserFilter, user: &Person) -> bool {
    any(filter.id.as_ref(), &user.id)
        && any(filter.role.as_ref(), &user.role)
        && (filter.department_id.is_none() || filter.department_id == user.department_id)
        && (filter.manager_id.is_none() || filter.manager_id == user.manager_id)
        && filter.after.is_none_or(|after| user.id > after)
}
