//! A copy of data in memory that is never older than the last commit that touched it.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

use super::{
    failure::Outcome,
    signals::{Signals, Topic},
};

pub struct Cached<T> {
    topic: Topic,
    slot: RwLock<Option<(u64, Arc<T>)>>,
    loading: Mutex<()>,
}

impl<T> Cached<T> {
    pub const fn new(topic: Topic) -> Self {
        Self { topic, slot: RwLock::new(None), loading: Mutex::const_new(()) }
    }

    /// The copy, loaded again when its topic has changed since. Only one caller loads, the others wait for it.
    pub async fn get(
        &self,
        signals: &Signals,
        load: impl Future<Output = Outcome<T>> + Send,
    ) -> Outcome<Arc<T>> {
        if let Some(value) = self.fresh(signals.generation(self.topic)) {
            return Ok(value);
        }
        let _turn = self.loading.lock().await;
        let generation = signals.generation(self.topic);
        if let Some(value) = self.fresh(generation) {
            return Ok(value);
        }
        let value = Arc::new(load.await?);
        *self.slot.write().unwrap_or_else(PoisonError::into_inner) = Some((generation, value.clone()));
        Ok(value)
    }

    fn fresh(&self, generation: u64) -> Option<Arc<T>> {
        let slot = self.slot.read().unwrap_or_else(PoisonError::into_inner);
        slot.as_ref().filter(|(at, _)| *at == generation).map(|(_, value)| value.clone())
    }
}
