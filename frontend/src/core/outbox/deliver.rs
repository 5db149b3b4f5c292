//! Sends what waits: one tab at a time, in the session of the person whose it is, each value once.

use kpi_api::{
    checkin::CheckedIn,
    id::{CheckInId, UserId},
};

use super::{
    photos, store,
    waiting::{State, Verdict, Waiting, verdict},
};
use crate::core::{
    api,
    client::{self, Answer},
    turns,
    upload::{self, Parcel},
};

/// What became of an attempt to empty the outbox.
#[derive(Default)]
pub struct Delivered {
    /// Those that have arrived as a whole.
    pub sent: Vec<Waiting>,
    /// How many the server will not take as they are.
    pub refused: usize,
    /// Names of photos that the browser no longer has.
    pub lost: Vec<String>,
}

pub fn now() -> f64 {
    js_sys::Date::now()
}

/// Sends everything of that person that is due. Ends at the first sign that the server cannot be reached.
pub async fn all(user: UserId) -> Delivered {
    turns::exclusively("kpi-outbox", async move {
        let mut done = Delivered::default();
        if store::all(user).iter().all(|waiting| !waiting.is_due(now())) {
            return done;
        }
        let Some(session) = session_of(user).await else { return done };
        for waiting in store::all(user) {
            if !waiting.is_due(now()) {
                continue;
            }
            match deliver(waiting, &session, &mut done.lost).await {
                Ok(sent) => done.sent.push(sent),
                Err(Verdict::Never(_)) => done.refused += 1,
                Err(Verdict::Later) => break,
            }
        }
        done
    })
    .await
}

/// The present session, if it is that person's. The server is asked: somebody else may have logged in in another tab.
async fn session_of(user: UserId) -> Option<String> {
    for _ in 0..2 {
        let before = client::session()?;
        let me = api::auth::me().await.ok()?;
        // Asking may have renewed the session; only what stood still while asking is known to be theirs.
        if client::session().as_ref() == Some(&before) {
            return (me.user.id == user).then_some(before);
        }
    }
    None
}

async fn deliver(mut waiting: Waiting, session: &str, lost: &mut Vec<String>) -> Result<Waiting, Verdict> {
    let check_in = match waiting.check_in {
        Some(check_in) => check_in,
        None => {
            let answer = record(&waiting, session).await;
            let check_in = settle(&mut waiting, answer)?;
            waiting.check_in = Some(check_in);
            store::put(&waiting);
            check_in
        }
    };
    while let Some(photo) = waiting.photos.first().cloned() {
        if let Some(file) = photos::get(&photo.key).await {
            let parcel = Parcel {
                kpi: waiting.kpi,
                check_in: Some(check_in),
                file,
                name: photo.name.clone(),
                description: String::new(),
                key: photo.key.clone(),
            };
            settle(&mut waiting, upload::send_in(&parcel, session).await)?;
        } else {
            lost.push(photo.name.clone());
        }
        waiting.photos.remove(0);
        store::put(&waiting);
        photos::remove(&photo.key).await;
    }
    store::remove(waiting.user, &waiting.key);
    Ok(waiting)
}

async fn record(waiting: &Waiting, session: &str) -> Answer<CheckInId> {
    if waiting.is_forgotten(now()) {
        let list = api::kpis::check_ins(waiting.kpi).await?;
        if let Some(found) = waiting.found_in(&list) {
            return Ok(found);
        }
    }
    let tried = Waiting { tried_at: waiting.tried_at.or(Some(now())), ..waiting.clone() };
    store::put(&tried);
    let sent = api::kpis::check_in_as(waiting.kpi, &waiting.body, &waiting.key, session).await?;
    Ok(sent.check_in.id)
}

/// Writes down what an attempt came to.
fn settle<T>(waiting: &mut Waiting, answer: Answer<T>) -> Result<T, Verdict> {
    let error = match answer {
        Ok(answer) => return Ok(answer),
        Err(error) => error,
    };
    let verdict = verdict(&error);
    if let Some(stored) = store::get(waiting.user, &waiting.key) {
        waiting.tried_at = stored.tried_at;
    }
    waiting.state = match &verdict {
        Verdict::Later => State::Waiting,
        Verdict::Never(problem) => State::Refused(problem.clone()),
    };
    store::put(waiting);
    Err(verdict)
}

/// What a form is told.
pub enum Recorded {
    Now(Box<CheckedIn>),
    /// Kept on this device.
    Later,
}

/// Records a value that was just typed. It is kept before it is sent, so that not even a closed tab loses it.
pub async fn first(mut waiting: Waiting) -> Answer<Recorded> {
    waiting.state = State::Sending { since: now() };
    waiting.tried_at = Some(now());
    let kept = store::put(&waiting);
    match api::kpis::check_in(waiting.kpi, &waiting.body, &waiting.key).await {
        Ok(done) => {
            if waiting.photos.is_empty() {
                store::remove(waiting.user, &waiting.key);
            } else {
                waiting.check_in = Some(done.check_in.id);
                waiting.state = State::Waiting;
                store::put(&waiting);
            }
            Ok(Recorded::Now(Box::new(done)))
        }
        Err(error) if kept && verdict(&error) == Verdict::Later => {
            waiting.state = State::Waiting;
            store::put(&waiting);
            Ok(Recorded::Later)
        }
        Err(error) => {
            // The form still holds what was typed, and says why it was refused.
            store::remove(waiting.user, &waiting.key);
            Err(error)
        }
    }
}
