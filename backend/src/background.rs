//! What runs beside the requests for as long as the server does, and who acts on the events of the outbox. Each task
//! is a feature's `run`; one that panics is started again, all of them are waited for at the end.

use std::{any::Any, time::Duration};

use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
};

use crate::{
    app::Ctx,
    jobs,
    live::feed::Feed,
    mail::{self, service::Courier},
    notifications::news::News,
    platform::{
        failure::Outcome,
        lifecycle::Lifecycle,
        outbox::{Consumer, Delivery},
    },
    plugins::hooks::{self, Queue},
    rules::{rescore, shadow, trouble},
};

/// Pause before a task that panicked is started again.
const AFTER_PANIC: Duration = Duration::from_secs(1);

/// The tasks under way.
pub struct Tasks(JoinSet<()>);

/// Starts all of them. They end when the lifecycle says that the server stops.
pub fn start(ctx: &Ctx, lifecycle: &Lifecycle) -> Tasks {
    let waiting = watch::Sender::new(0);
    let (outbox, live) = (waiting.subscribe(), ctx.live.clone());
    ctx.metrics
        .gauge("kpi_outbox_waiting", "Events that are not delivered yet.", move || *outbox.borrow() as f64);
    ctx.metrics.gauge("kpi_event_streams", "Open streams of live events.", move || live.open() as f64);

    let mut tasks = Tasks(JoinSet::new());
    tasks.keep("outbox", ctx, lifecycle, move |ctx, lifecycle| {
        let delivery = delivery(&ctx, waiting.clone());
        async move { delivery.run(&lifecycle).await }
    });
    tasks.keep("write-ahead log", ctx, lifecycle, |ctx, lifecycle| async move {
        ctx.db.keep_folding(&ctx.signals, &lifecycle).await;
    });
    tasks.keep("live", ctx, lifecycle, |ctx, lifecycle| async move {
        lifecycle.stopping().await;
        ctx.live.close();
    });
    tasks.keep("rule trouble", ctx, lifecycle, trouble::run);
    tasks.keep("rescores", ctx, lifecycle, rescore::run);
    tasks.keep("shadows", ctx, lifecycle, shadow::run);
    tasks.keep("mail", ctx, lifecycle, mail::run);
    tasks.keep("jobs", ctx, lifecycle, jobs::run);
    tasks.keep("plugins", ctx, lifecycle, hooks::run);
    tasks
}

/// Who acts on events, in this order.
fn consumers(ctx: &Ctx) -> Vec<Box<dyn Consumer>> {
    vec![
        Box::new(News::new(ctx)),
        Box::new(Courier(ctx.clone())),
        Box::new(Queue(ctx.clone())),
        Box::new(shadow::Watcher(ctx.clone())),
        Box::new(Feed::new(ctx)),
    ]
}

fn delivery(ctx: &Ctx, waiting: watch::Sender<u64>) -> Delivery {
    Delivery {
        db: ctx.db.clone(),
        signals: ctx.signals.clone(),
        clock: ctx.clock.clone(),
        consumers: consumers(ctx),
        waiting,
    }
}

/// Delivers what is due by the clock, here and now; how many events that were. For those who run without background
/// tasks: tests and the command line.
pub async fn deliver_due(ctx: &Ctx) -> Outcome<usize> {
    delivery(ctx, watch::Sender::new(0)).deliver_due().await
}

impl Tasks {
    /// Keeps `run` going until the server stops or it returns.
    fn keep<F>(
        &mut self,
        name: &'static str,
        ctx: &Ctx,
        lifecycle: &Lifecycle,
        run: impl Fn(Ctx, Lifecycle) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let (ctx, lifecycle) = (ctx.clone(), lifecycle.clone());
        self.0.spawn(kept(name, AFTER_PANIC, lifecycle.clone(), move || run(ctx.clone(), lifecycle.clone())));
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

async fn kept<F>(name: &'static str, pause: Duration, lifecycle: Lifecycle, run: impl Fn() -> F + Send)
where
    F: Future<Output = ()> + Send + 'static,
{
    while let Err(ended) = tokio::spawn(run()).await {
        let cause = said(ended);
        tracing::error!(task = name, cause, "a background task ended early; it starts again");
        tokio::select! {
            () = lifecycle.stopping() => return,
            () = tokio::time::sleep(pause) => {}
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
        Err(payload) => (*payload.downcast_ref::<&str>().unwrap_or(&"no message")).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    };

    use super::*;

    #[tokio::test]
    async fn a_task_that_panics_is_started_again() {
        let times = Arc::new(AtomicU32::new(0));
        let counted = times.clone();
        kept("test", Duration::ZERO, Lifecycle::new(), move || {
            let time = counted.fetch_add(1, SeqCst);
            async move { assert!(time == 2, "not yet") }
        })
        .await;
        assert_eq!(times.load(SeqCst), 3);
    }

    #[tokio::test]
    async fn a_task_that_panics_does_not_outlive_the_server() {
        let lifecycle = Lifecycle::new();
        lifecycle.stop();
        kept("test", AFTER_PANIC, lifecycle, || async { panic!("again {}", 1) }).await;
    }

    #[tokio::test]
    async fn a_panic_says_what_it_said() {
        let ended = tokio::spawn(async { panic!("{} left", 3) }).await.unwrap_err();
        assert_eq!(said(ended), "3 left");
        let ended = tokio::spawn(async { panic!("plain") }).await.unwrap_err();
        assert_eq!(said(ended), "plain");
    }
}
