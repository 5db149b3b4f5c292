//! Turns at the one connection that writes. Commands that wait while another one writes join its transaction, each in a
//! savepoint of its own: one flush to the disk then makes all of them durable, and none of them is answered before.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnAcquireErr, ConnectionTrait, DatabaseTransaction, DbErr};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMutexGuard, oneshot},
    time::timeout,
};

use super::{Db, sqlite};
use crate::platform::failure::{Failure, Outcome};

/// How long a command waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where turns are taken, first come first served. Cloning shares it.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<Option<Group>>>);

/// Commands of one transaction.
struct Group {
    tx: DatabaseTransaction,
    settled: Vec<Settled>,
}

/// A command that is done and waits to be durable.
struct Settled {
    /// What is to be told to those who keep copies.
    news: Box<dyn FnOnce() + Send + Sync>,
    answer: oneshot::Sender<Outcome<()>>,
}

/// The right to write. Dropping it takes back what was written since it began, and nothing of the others.
pub struct Turn {
    seat: Option<OwnedMutexGuard<Option<Group>>>,
    is_settled: bool,
}

impl Turn {
    pub async fn begin(db: &Db) -> Outcome<Self> {
        let turns = db.turns.clone();
        let seat = timeout(PATIENCE, turns.0.clone().lock_owned()).await;
        let mut seat = seat.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
        if seat.is_none() {
            let tx = sqlite::begin_immediate(db.writer()).await?;
            *seat = Some(Group { tx, settled: Vec::new() });
            // Takes its place behind those who are waiting already: they are the group.
            tokio::spawn(turns.close());
        }
        let turn = Self { seat: Some(seat), is_settled: false };
        turn.tx().execute_unprepared("SAVEPOINT work").await?;
        Ok(turn)
    }

    pub fn tx(&self) -> &DatabaseTransaction {
        let group = self.seat.as_deref().and_then(Option::as_ref);
        &group.expect("a turn has its group until it ends").tx
    }

    /// Ends the turn and waits until what was written is durable. `news` is told then, before anybody gets the next turn.
    pub async fn commit(mut self, news: impl FnOnce() + Send + Sync + 'static) -> Outcome<()> {
        // Once the savepoint is gone there is nothing to take back any more.
        self.is_settled = true;
        if let Err(cause) = self.tx().execute_unprepared("RELEASE work").await {
            self.is_settled = false;
            return Err(cause.into());
        }
        let (answer, durable) = oneshot::channel();
        if let Some(group) = self.seat.take().as_deref_mut().and_then(Option::as_mut) {
            group.settled.push(Settled { news: Box::new(news), answer });
        }
        durable.await.unwrap_or_else(|_| Err(Failure::not_durable(None)))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(mut seat) = self.seat.take().filter(|_| !self.is_settled) else { return };
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(take_back(seat))),
            // The runtime is gone, and everybody who waited with it.
            Err(_) => *seat = None,
        }
    }
}

async fn take_back(mut seat: OwnedMutexGuard<Option<Group>>) {
    let Some(group) = seat.as_ref() else { return };
    let undone = group.tx.execute_unprepared("ROLLBACK TO work; RELEASE work").await;
    if let Err(cause) = undone {
        // What cannot be taken back alone must not become durable with the others.
        tracing::error!(%cause, "a group of commands is taken back as one of them cannot be");
        *seat = None;
    }
}

impl Turns {
    /// Commits the group that is open when its turn comes, and tells everybody in it.
    async fn close(self) {
        let mut seat = self.0.lock_owned().await;
        let Some(Group { tx, settled }) = seat.take() else { return };
        let done = tx.commit().await;
        let answers: Vec<_> = settled
            .into_iter()
            .map(|settled| {
                if done.is_ok() {
                    (settled.news)();
                }
                settled.answer
            })
            .collect();
        drop(seat);
        for answer in answers {
            // Who does not wait any more has left.
            let _ = answer.send(done.as_ref().map(|_| ()).map_err(|cause| Failure::not_durable(Some(cause))));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use sea_orm::{ConnectionTrait, Statement};

    use super::*;

    struct Scene {
        db: Db,
        _folder: tempfile::TempDir,
    }

    impl Scene {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let db =
                Db::open(&format!("sqlite:{}", folder.path().join("kpi.db").display()), 1).await.unwrap();
            db.writer().execute_unprepared("CREATE TABLE said (word TEXT)").await.unwrap();
            Self { db, _folder: folder }
        }

        async fn turn(&self) -> Turn {
            Turn::begin(&self.db).await.unwrap()
        }
    }

    async fn say(turn: &Turn, word: &str) {
        turn.tx().execute_unprepared(&format!("INSERT INTO said VALUES ('{word}')")).await.unwrap();
    }

    async fn said(db: &impl ConnectionTrait) -> Vec<String> {
        let all = Statement::from_string(db.get_database_backend(), "SELECT word FROM said ORDER BY rowid");
        let rows = db.query_all_raw(all).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// Two who wait at the same time: the first is done and the second has its turn.
    async fn two(scene: &Scene) -> (tokio::task::JoinHandle<Outcome<()>>, Turn) {
        let before = scene.turn().await;
        let begin = || {
            let db = scene.db.clone();
            tokio::spawn(async move { Turn::begin(&db).await.unwrap() })
        };
        let (first, second) = (begin(), begin());
        before.commit(|| {}).await.unwrap();
        let first = first.await.unwrap();
        say(&first, "first").await;
        (tokio::spawn(first.commit(|| {})), second.await.unwrap())
    }

    #[tokio::test]
    async fn who_waits_joins_and_nobody_is_answered_before_all_is_durable() {
        let scene = Scene::new().await;
        let (first, second) = two(&scene).await;
        assert_eq!(said(second.tx()).await, ["first"]);
        assert!(!first.is_finished());
        assert!(said(scene.db.read()).await.is_empty());
        say(&second, "second").await;
        second.commit(|| {}).await.unwrap();
        first.await.unwrap().unwrap();
        assert_eq!(said(scene.db.read()).await, ["first", "second"]);
    }

    #[tokio::test]
    async fn who_gives_up_takes_back_only_their_own() {
        let scene = Scene::new().await;
        let (first, second) = two(&scene).await;
        say(&second, "second").await;
        drop(second);
        first.await.unwrap().unwrap();
        assert_eq!(said(scene.db.read()).await, ["first"]);
        let third = scene.turn().await;
        say(&third, "third").await;
        third.commit(|| {}).await.unwrap();
        assert_eq!(said(scene.db.read()).await, ["first", "third"]);
    }

    #[tokio::test]
    async fn what_cannot_be_taken_back_alone_takes_all_with_it() {
        let scene = Scene::new().await;
        let (first, second) = two(&scene).await;
        say(&second, "second").await;
        second.tx().execute_unprepared("RELEASE work").await.unwrap();
        drop(second);
        let refused = first.await.unwrap().unwrap_err();
        assert_eq!(refused.code(), kpi_api::error::Code::StorageUnavailable);
        assert!(said(scene.db.read()).await.is_empty());
        let third = scene.turn().await;
        third.commit(|| {}).await.unwrap();
    }

    #[tokio::test]
    async fn the_news_is_out_before_the_answer() {
        let scene = Scene::new().await;
        let told = Arc::new(AtomicBool::new(false));
        let turn = scene.turn().await;
        let news = told.clone();
        turn.commit(move || news.store(true, Ordering::SeqCst)).await.unwrap();
        assert!(told.load(Ordering::SeqCst));
    }
}
