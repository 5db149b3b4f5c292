//! What runs beside the requests for as long as the server does. Each task is a feature's `run`; one that panics is
//! started again, all of them are waited for at the end.

use std::{any::Any, time::Duration};

use tokio::task::{JoinError, JoinSet};

use crate::{app::Ctx, platform::lifecycle::Lifecycle};

/// Pause before a task that panicked is started again.
const AFTER_PANIC: Duration = Duration::from_secs(1);

/// The tasks under way.
pub struct Tasks(JoinSet<()>);

/// Starts all of them. They end when the lifecycle says that the server stops.
pub fn start(ctx: &Ctx, lifecycle: &Lifecycle) -> Tasks {
    let mut tasks = Tasks(JoinSet::new());
    let _ = (ctx, lifecycle, &mut tasks);
    tasks
}

impl Tasks {
    /// Keeps `run` going until the server stops or it returns.
    pub fn keep<F>(
        &mut self,
        name: &'static str,
        ctx: &Ctx,
        lifecycle: &Lifecycle,
        run: impl Fn(Ctx, Lifecycle) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let (ctx, lifecycle) = (ctx.clone(), lifecycle.clone());
        self.0.spawn(async move {
            while let Err(ended) = tokio::spawn(run(ctx.clone(), lifecycle.clone())).await {
                tracing::error!(task = name, cause = said(ended), "a background task ended early; it starts again");
                tokio::select! {
                    () = lifecycle.stopping() => return,
                    () = tokio::time::sleep(AFTER_PANIC) => {}
                }
            }
        });
    }

    /// Completes when all have ended. Those that do not within `patience` are dropped where they stand: what they do
    /// is in transactions, and they take it up again at the next start.
    pub async fn ended(mut self, patience: Duration) {
        let all = async { while self.0.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, all).await.is_err() {
            tracing::warn!("some background tasks did not end in time");
        }
    }
}

fn said(ended: JoinError) -> String {
    let payload: Box<dyn Any + Send> = match ended.try_into_panic() {
        Ok(payload) => payload,
        Err(cancelled) => return cancelled.to_string(),
    };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast_ref::<&str>().map_or("no message", |text| text).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    };

    use super::*;

    #[test]
    fn a_panic_says_what_it_said() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let ended = runtime.block_on(async { tokio::spawn(async { panic!("{} left", 3) }).await.unwrap_err() });
        assert_eq!(said(ended), "3 left");
        let _ = (Arc::new(AtomicU32::new(0)), SeqCst);
    }
}
