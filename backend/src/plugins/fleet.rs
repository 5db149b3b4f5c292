//! What lives as long as the server does: the bundles and scripts that were read and compiled, whose turn it is to call,
//! and the bell that wakes the hooks.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use tokio::sync::{
    Mutex as Turn, MutexGuard as TurnGuard, Notify, OwnedMutexGuard, Semaphore, SemaphorePermit,
};

use super::{
    bundle::{self, Bundle},
    cards::Shown,
    host::{Program, net::Poster},
    kept,
};
use crate::platform::config::Config;

/// Calls by hooks, jobs and tests at once, so that plugins never take more than their share of the processors.
const CALLS: usize = 3;

/// Calls by cards at once; people wait for them.
const CARDS: usize = 4;

/// A bundle with its script compiled.
pub struct Loaded {
    pub bundle: Bundle,
    pub program: Program,
}

#[derive(Default)]
pub struct Fleet {
    /// By checksum.
    loaded: Mutex<HashMap<String, Arc<Loaded>>>,
    shipped: OnceLock<Vec<Arc<Bundle>>>,
    posters: [OnceLock<Arc<Poster>>; 2],
    turns: Mutex<HashMap<i64, Arc<Turn<()>>>>,
    places: Places,
    files: Turn<()>,
    /// Checksums of bundles whose rules have held.
    proved: Mutex<HashSet<String>>,
    bell: Notify,
    /// Cards, for a short time.
    pub shown: Shown,
}

struct Places {
    calls: Semaphore,
    cards: Semaphore,
}

impl Default for Places {
    fn default() -> Self {
        Self { calls: Semaphore::new(CALLS), cards: Semaphore::new(CARDS) }
    }
}

/// The right to call a plugin; nobody else calls it meanwhile.
pub struct Place<'a> {
    _turn: OwnedMutexGuard<()>,
    _place: Option<SemaphorePermit<'a>>,
}

impl Fleet {
    /// The bundles that come with the application.
    pub fn shipped(&self) -> &[Arc<Bundle>] {
        self.shipped.get_or_init(|| bundle::shipped().into_iter().map(Arc::new).collect())
    }

    /// Compiles a bundle, or finds it compiled.
    ///
    /// # Errors
    /// Why its script does not compile, in a sentence.
    pub fn load(&self, bundle: Bundle) -> Result<Arc<Loaded>, String> {
        if let Some(known) = self.known(&bundle.checksum) {
            return Ok(known);
        }
        let program = Program::compile(&bundle).map_err(|faults| {
            let first = faults.first();
            first.map_or_else(String::new, |fault| format!("line {}: {}", fault.line, fault.message))
        })?;
        let loaded = Arc::new(Loaded { bundle, program });
        lock(&self.loaded).insert(loaded.bundle.checksum.clone(), Arc::clone(&loaded));
        Ok(loaded)
    }

    /// An installed version from its file.
    ///
    /// # Errors
    /// What is wrong with the file, in a sentence.
    pub fn open(&self, config: &Config, id: &str, checksum: &str) -> Result<Arc<Loaded>, String> {
        if let Some(known) = self.known(checksum) {
            return Ok(known);
        }
        let bytes = kept::read(config, id, checksum)
            .map_err(|fault| format!("Its files cannot be read: {fault}."))?;
        let bundle = bundle::read_zip(&bytes).map_err(|faults| {
            faults.first().map_or_else(|| "Its files are damaged.".into(), ToString::to_string)
        })?;
        if bundle.checksum != checksum {
            return Err("Its files are not those that were installed.".into());
        }
        self.load(bundle)
    }

    /// The way to other servers: to public ones alone, or to all.
    pub fn poster(&self, allow_private: bool) -> Arc<Poster> {
        let [public, all] = &self.posters;
        let slot = if allow_private { all } else { public };
        Arc::clone(slot.get_or_init(|| Arc::new(Poster::new(allow_private))))
    }

    fn known(&self, checksum: &str) -> Option<Arc<Loaded>> {
        lock(&self.loaded).get(checksum).cloned()
    }

    /// Forgets every version that is not among these.
    pub fn retain(&self, checksums: &[&str]) {
        lock(&self.loaded).retain(|checksum, _| checksums.contains(&checksum.as_str()));
        lock(&self.proved).retain(|checksum| checksums.contains(&checksum.as_str()));
    }

    pub fn is_proved(&self, checksum: &str) -> bool {
        lock(&self.proved).contains(checksum)
    }

    pub fn note_proved(&self, checksum: &str) {
        lock(&self.proved).insert(checksum.to_owned());
    }

    /// Waits for the right to call a plugin: one call at a time for each, a few for all.
    pub async fn place(&self, plugin: i64) -> Place<'_> {
        let turn = Arc::clone(lock(&self.turns).entry(plugin).or_default());
        let turn = turn.lock_owned().await;
        // The semaphore is never closed.
        Place { _turn: turn, _place: self.places.calls.acquire().await.ok() }
    }

    /// Waits for the right to change the files of installed plugins: nobody else tidies away meanwhile what has been
    /// put in its place and is named by no row yet.
    pub async fn files(&self) -> TurnGuard<'_, ()> {
        self.files.lock().await
    }

    /// Waits for the right to fill a card.
    pub async fn card_place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.cards.acquire().await.ok()
    }

    /// Says that something waits for a plugin.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    pub async fn rung(&self) {
        self.bell.notified().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
