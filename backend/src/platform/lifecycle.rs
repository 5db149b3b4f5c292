//! Whether the server is starting, ready or stopping.

use tokio::sync::watch;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Starting,
    Ready,
    Stopping,
}

/// Shared by everything that tells the stage or has to end with the server; cheap to clone.
#[derive(Clone)]
pub struct Lifecycle(watch::Sender<Stage>);

impl Lifecycle {
    pub fn new() -> Self {
        Self(watch::Sender::new(Stage::Starting))
    }

    pub fn stage(&self) -> Stage {
        *self.0.borrow()
    }

    /// Migrated and listening. A server that is stopping does not become ready again.
    pub fn ready(&self) {
        self.0.send_if_modified(|stage| {
            let is_starting = *stage == Stage::Starting;
            if is_starting {
                *stage = Stage::Ready;
            }
            is_starting
        });
    }

    pub fn stop(&self) {
        self.0.send_replace(Stage::Stopping);
    }

    /// Completes when the server begins to stop. Streams without an end and background loops wait for it.
    pub async fn stopping(&self) {
        let mut stages = self.0.subscribe();
        // An error would mean that the sender is gone, and `self` holds it.
        let _ = stages.wait_for(|stage| *stage == Stage::Stopping).await;
    }
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stopping_server_stays_so() {
        let lifecycle = Lifecycle::new();
        assert_eq!(lifecycle.stage(), Stage::Starting);
        lifecycle.ready();
        assert_eq!(lifecycle.stage(), Stage::Ready);
        let waiting = tokio::spawn({
            let lifecycle = lifecycle.clone();
            async move { lifecycle.stopping().await }
        });
        lifecycle.stop();
        lifecycle.ready();
        assert_eq!(lifecycle.stage(), Stage::Stopping);
        waiting.await.unwrap();
    }
}
