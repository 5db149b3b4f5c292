//! Answers computed from data, kept until the data changes.

use std::sync::Arc;

use quick_cache::sync::Cache;

use super::{
    failure::Outcome,
    signals::{Signals, Topic},
};

/// Keeps a bounded number of answers by question. The generation is a part of the key, so an answer computed before
/// a change is never given after it; what is outdated is pushed out by what is new.
pub struct Memo<V> {
    topic: Topic,
    answers: Cache<(u64, String), Arc<V>>,
}

impl<V> Memo<V> {
    pub fn new(topic: Topic, capacity: usize) -> Self {
        Self { topic, answers: Cache::new(capacity) }
    }

    /// The answer to a question; `question` must hold everything it depends on besides the topic.
    pub async fn get(
        &self,
        signals: &Signals,
        question: String,
        compute: impl Future<Output = Outcome<V>> + Send,
    ) -> Outcome<Arc<V>> {
        let key = (signals.generation(self.topic), question);
        if let Some(answer) = self.answers.get(&key) {
            return Ok(answer);
        }
        let answer = Arc::new(compute.await?);
        self.answers.insert(key, answer.clone());
        Ok(answer)
    }
}
