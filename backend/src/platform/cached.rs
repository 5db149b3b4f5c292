//! A copy of data in memory that is never older than the last commit that touched it.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

use super::{
    failure::Outcome,
    signals::{Signals, Topic},
};

/// The generation of the topic, and the moment that the copy is of where it depends on one.
type Stamp = (u64, i64);

pub struct Cached<T> {
    topic: Topic,
    slot: RwLock<Option<(Stamp, Arc<T>)>>,
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
        self.get_at(signals, 0, load).await
    }

    /// As [`Cached::get`], of something that also depends on a moment, such as the day: another one loads anew.
    pub async fn get_at(
        &self,
        signals: &Signals,
        moment: i64,
        load: impl Future<Output = Outcome<T>> + Send,
    ) -> Outcome<Arc<T>> {
        if let Some(value) = self.fresh((signals.generation(self.topic), moment)) {
            return Ok(value);
        }
        let _turn = self.loading.lock().await;
        let stamp = (signals.generation(self.topic), moment);
        if let Some(value) = self.fresh(stamp) {
            return Ok(value);
        }
        let value = Arc::new(load.await?);
        *self.slot.write().unwrap_or_else(PoisonError::into_inner) = Some((stamp, value.clone()));
        Ok(value)
    }

    fn fresh(&self, stamp: Stamp) -> Option<Arc<T>> {
        let slot = self.slot.read().unwrap_or_else(PoisonError::into_inner);
        slot.as_ref().filter(|(at, _)| *at == stamp).map(|(_, value)| value.clone())
    }
}
