//! What the server does for a plugin that runs in it. The plugin's thread waits for it.
//!
//! What a plugin sends to other servers is sent at once. Notifications and what it keeps in its store are gathered, and
//! last only when the call comes to its end. A card looks and changes nothing.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use kpi_api::time::{Date, Timestamp};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::{
    calling::Occasion,
    host::{
        Hands, HttpAnswer, HttpPost, Note, STORE_ENTRIES,
        facts::{Kpi, KpiFilter, Person, UserFilter},
        net::Poster,
    },
    installed::Installed,
    repo, view,
};
use crate::{
    app::Ctx,
    auth::seal::Sealer,
    platform::{
        db::work::{Event, Work},
        failure::Outcome,
    },
};

mod kpis;
mod people;

pub use kpis::kpi_facts;
pub use people::{person_facts, stranger};

/// How long the function of a card may take: all of them are asked side by side, and people wait.
pub const CARD_TOTAL: Duration = Duration::from_millis(450);

/// How long the database may take for one question.
const LOOK_UP: Duration = Duration::from_millis(800);

/// The hands lent for one call.
pub struct Lent {
    ctx: Ctx,
    runtime: Handle,
    plugin: i64,
    /// Whether it may read people: else no more is told of them than who they are.
    knows_people: bool,
    occasion: Occasion,
    settings: HashMap<String, Value>,
    poster: Arc<Poster>,
    effects: Mutex<Effects>,
}

/// What a call wants to last.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    notes: Vec<Note>,
    /// `None` forgets the key.
    store: BTreeMap<String, Option<Value>>,
}

impl Lent {
    /// The hands, or why the plugin cannot be called: which of its settings cannot be read.
    pub async fn new(ctx: &Ctx, installed: &Installed, occasion: Occasion) -> Outcome<Result<Self, String>> {
        let rows = repo::settings::of(ctx.db.read(), installed.row.id).await?;
        let mut settings = HashMap::new();
        if let Some(bundle) = installed.bundle() {
            for setting in &bundle.manifest.settings {
                settings.insert(setting.key.clone(), setting.default.clone());
            }
        }
        let sealer = if rows.iter().any(|row| row.is_sealed) { Some(Sealer::of(&ctx.config)?) } else { None };
        for row in rows {
            let text = match &sealer {
                Some(sealer) if row.is_sealed => sealer.open(&row.value).ok(),
                _ => Some(row.value),
            };
            // It was sealed with another key, as after a restore without the server's own.
            let Some(value) = text.and_then(|text| serde_json::from_str(&text).ok()) else {
                return Ok(Err(format!("Its setting `{}` cannot be read; enter it anew.", row.key)));
            };
            settings.insert(row.key, value);
        }
        Ok(Ok(Self {
            runtime: Handle::current(),
            plugin: installed.row.id,
            knows_people: installed.bundle().is_some_and(|bundle| bundle.manifest.permissions.read_users),
            occasion,
            settings,
            poster: ctx.fleet.poster(ctx.settings().await?.plugins_private),
            effects: Mutex::default(),
            ctx: ctx.clone(),
        }))
    }

    /// What has been gathered.
    pub fn effects(&self) -> Effects {
        self.gathered().clone()
    }

    fn gathered(&self) -> MutexGuard<'_, Effects> {
        self.effects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_card(&self) -> bool {
        matches!(self.occasion, Occasion::Card(_))
    }

    /// Waits for an answer of the database, on the plugin's own thread.
    fn wait<T>(&self, question: impl Future<Output = Outcome<T>>) -> Result<T, String> {
        let answer = self.runtime.block_on(async { tokio::time::timeout(LOOK_UP, question).await });
        match answer {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(failure)) => {
                tracing::warn!(plugin = self.plugin, cause = ?failure, "a question of a plugin was not answered");
                Err("The server could not look it up.".into())
            }
            Err(_) => Err("The server took too long to look it up.".into()),
        }
    }
}

impl Hands for Lent {
    fn http_post(&self, post: &HttpPost, deadline: Instant) -> Result<HttpAnswer, String> {
        if self.is_card() {
            return Err("A card may not call other servers.".into());
        }
        self.poster.post(post, deadline)
    }

    fn kpis(&self, filter: &KpiFilter) -> Result<Vec<Kpi>, String> {
        self.wait(kpis::find(&self.ctx, &self.occasion, filter, self.knows_people))
    }

    fn users(&self, filter: &UserFilter) -> Result<Vec<Person>, String> {
        self.wait(people::find(&self.ctx, &self.occasion, filter))
    }

    fn notify(&self, note: &Note) -> Result<(), String> {
        if self.is_card() {
            return Err("A card may not notify anybody.".into());
        }
        let directory = self.wait(self.ctx.directory())?;
        let is_there = directory.person(note.user.into()).is_some_and(|person| person.is_active);
        if !is_there {
            return Err(format!("There is nobody with the id {}.", note.user));
        }
        self.gathered().notes.push(note.clone());
        Ok(())
    }

    fn setting(&self, key: &str) -> Result<Value, String> {
        Ok(self.settings.get(key).cloned().unwrap_or(Value::Null))
    }

    fn store_get(&self, key: &str) -> Result<Value, String> {
        if let Some(fresh) = self.gathered().store.get(key) {
            return Ok(fresh.clone().unwrap_or(Value::Null));
        }
        self.wait(async {
            let kept = repo::store::get(self.ctx.db.read(), self.plugin, key).await?;
            Ok(kept.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or(Value::Null))
        })
    }

    fn store_set(&self, key: &str, value: &Value) -> Result<(), String> {
        if self.is_card() {
            return Err("A card may not keep anything.".into());
        }
        let is_new = !self.gathered().store.contains_key(key);
        if is_new && !value.is_null() {
            let kept = self.wait(async { Ok(repo::store::count(self.ctx.db.read(), self.plugin).await?) })?;
            let added = self.gathered().store.values().filter(|value| value.is_some()).count() as u64;
            if kept + added >= STORE_ENTRIES as u64 && self.store_get(key)?.is_null() {
                return Err(format!("The store is full: it has room for {STORE_ENTRIES} entries."));
            }
        }
        let value = (!value.is_null()).then(|| value.clone());
        self.gathered().store.insert(key.to_owned(), value);
        Ok(())
    }

    fn today(&self) -> Date {
        self.ctx.today()
    }

    fn now(&self) -> Timestamp {
        self.ctx.clock.now()
    }
}

impl Effects {
    /// Lets it last.
    pub async fn apply(&self, work: &mut Work, installed: &Installed) -> Outcome<()> {
        let (id, at) = (installed.row.id, work.at().0);
        for (key, value) in &self.store {
            match value {
                Some(value) => {
                    repo::store::put(work.tx(), id, key, &serde_json::to_string(value)?, at).await?;
                }
                None => repo::store::delete(work.tx(), id, key).await?,
            }
        }
        keep_bounds(work.tx(), id).await?;
        for note in &self.notes {
            let name = installed.bundle().map_or_else(String::new, |bundle| view::name(bundle, "en"));
            let payload = json!({
                "plugin_id": installed.id(),
                "name": name,
                "user_id": note.user,
                "title": note.title,
                "text": note.text,
                "link": if note.link.is_empty() { "/" } else { note.link.as_str() },
            });
            work.emit(Event { name: "plugin.message", entity: "plugin", entity_id: id, payload }).await?;
        }
        Ok(())
    }
}

/// The calls of a plugin come one after another, so that what was counted before still holds; this says so.
async fn keep_bounds(db: &impl ConnectionTrait, plugin: i64) -> Outcome<()> {
    let kept = repo::store::count(db, plugin).await?;
    if kept > STORE_ENTRIES as u64 {
        return Err(anyhow::anyhow!("the store of plugin {plugin} has {kept} entries").into());
    }
    Ok(())
}
