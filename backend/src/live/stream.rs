//! One open page: what it missed, what happens, a sign of life, the end.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use kpi_api::{
    error::Code,
    live::{Hello, LiveKind},
};
use serde_json::json;
use tokio::{
    sync::{broadcast::error::RecvError, mpsc},
    time::{Instant, MissedTickBehavior, interval_at},
};

use super::{
    hub::{MOST_OF_ONE, Seat},
    news::{self, frame, numbered},
};
use crate::{
    app::Ctx,
    auth::{
        actor::{Actor, Call},
        sessions,
    },
    people::directory::Person,
    platform::{
        failure::{Failure, Outcome},
        http::EventStream,
        outbox::{self, Posted},
    },
};

/// A quiet stream says something this often, so that proxies keep it and the end of a session is noticed.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// Events told one by one after an interruption; of more the page fetches everything anew.
const MOST_MISSED: u64 = 300;

/// Pieces that wait for a client that reads slowly.
const UNSENT: usize = 8;

/// Milliseconds after which a browser that lost the stream asks again.
const RETRY: u32 = 2000;

/// Opens a stream. `after` is the number up to which the caller knows everything.
///
/// # Errors
/// 429 when the person holds [`MOST_OF_ONE`] open already.
pub async fn open(call: &Call, after: Option<i64>) -> Outcome<EventStream> {
    let seat = call.ctx.live.enter(call.who.id()).ok_or_else(|| {
        Failure::new(Code::TooMany, format!("At most {MOST_OF_ONE} open streams.")).retry_after(30)
    })?;
    // Listening began with the seat: what is delivered from here on is in the database or in the seat, or in both.
    let (now, beginning) = beginning(&call.ctx, &call.who, after).await?;
    let (sender, receiver) = mpsc::channel(UNSENT);
    let listener =
        Listener { ctx: call.ctx.clone(), who: call.who.clone(), seat, sender, told: now, marked: now };
    tokio::spawn(listener.run(beginning));
    Ok(EventStream::new(receiver))
}

/// Where the stream stands, and what is sent first: a greeting, and what the caller has missed.
async fn beginning(ctx: &Ctx, who: &Actor, after: Option<i64>) -> Outcome<(i64, String)> {
    let db = ctx.db.read();
    let now = outbox::repo::last_seq(db).await?;
    let mut text = format!("retry: {RETRY}\n{}", frame(LiveKind::Hello, &Hello { seq: now }));
    let Some(after) = after.filter(|after| *after != now) else {
        return Ok((now, numbered(text, now)));
    };
    let rows = match after {
        0.. => outbox::repo::after(db, after, MOST_MISSED + 1).await?,
        _ => Vec::new(),
    };
    let told = after < now && (rows.len() as u64) <= MOST_MISSED;
    if !told || rows.is_empty() {
        text.push_str(&resync(now));
        return Ok((now, text));
    }
    let last = rows.last().and_then(|row| row.delivered_seq).unwrap_or(now);
    let events = rows.iter().map(Posted::read).collect::<Result<Vec<_>, _>>().map_err(anyhow::Error::msg)?;
    let events: Vec<Arc<Posted>> = events.into_iter().map(Arc::new).collect();
    let directory = ctx.directory().await?;
    for news in news::of(ctx, &events, &[who.id()]).await? {
        text.push_str(&news.for_person(&directory, &who.person));
    }
    Ok((last, numbered(text, last)))
}

fn resync(now: i64) -> String {
    numbered(frame(LiveKind::Resync, &json!({})), now)
}

struct Listener {
    ctx: Ctx,
    who: Actor,
    seat: Seat,
    sender: mpsc::Sender<Bytes>,
    /// Everything up to here was looked at.
    told: i64,
    /// The number that the page has been given last.
    marked: i64,
}

impl Listener {
    async fn run(mut self, beginning: String) {
        let mut standing = self.ctx.signals.watch_people();
        let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // Whoever was logged out since the door was opened for them is noticed here, later ones by `standing`.
        if *self.seat.closing.borrow() || self.person().await.is_none() || !self.send(beginning).await {
            return;
        }
        loop {
            let text = tokio::select! {
                biased;
                _ = self.seat.closing.changed() => return,
                () = self.sender.closed() => return,
                _ = standing.changed() => match self.person().await {
                    Some(_) => continue,
                    None => return,
                },
                news = self.seat.news.recv() => match self.person().await {
                    None => return,
                    Some(person) => match self.tell(&person, news).await {
                        Some(text) => text,
                        None => return,
                    },
                },
                _ = heartbeat.tick() => match self.person().await {
                    Some(_) => self.sign_of_life(),
                    None => return,
                },
            };
            if !text.is_empty() {
                heartbeat.reset();
                if !self.send(text).await {
                    return;
                }
            }
        }
    }

    /// Hands a piece to the connection; false when it is gone or the server stops.
    async fn send(&mut self, text: String) -> bool {
        tokio::select! {
            sent = self.sender.send(text.into()) => sent.is_ok(),
            _ = self.seat.closing.changed() => false,
        }
    }

    /// The person as they are now, for as long as their session lasts and they may do what they could when the stream
    /// began: a page of somebody with another role is another page.
    async fn person(&self) -> Option<Arc<Person>> {
        if !sessions::lasts(&self.ctx, self.who.via).await.ok()? {
            return None;
        }
        let directory = self.ctx.directory().await.ok()?;
        let person = directory.person(self.who.id())?;
        let as_before = person.is_active && person.role == self.who.role() && !person.must_change_password;
        as_before.then(|| person.clone())
    }

    /// What there is to send; empty when it does not concern this person, `None` at the end.
    async fn tell(&mut self, person: &Person, news: Result<Arc<news::News>, RecvError>) -> Option<String> {
        let news = match news {
            Ok(news) => news,
            Err(RecvError::Closed) => return None,
            Err(RecvError::Lagged(_)) => {
                self.seat.news = self.seat.news.resubscribe();
                let now = outbox::repo::last_seq(self.ctx.db.read()).await.ok()?;
                (self.told, self.marked) = (now, now);
                return Some(resync(now));
            }
        };
        if news.seq.is_some_and(|seq| seq <= self.told) {
            return Some(String::new());
        }
        self.told = news.seq.unwrap_or(self.told);
        let directory = self.ctx.directory().await.ok()?;
        let text = news.for_person(&directory, person);
        let Some(seq) = news.seq.filter(|_| !text.is_empty()) else { return Some(text) };
        self.marked = seq;
        Some(numbered(text, seq))
    }

    /// A comment, and where the stream stands if it has moved on with what others may see.
    fn sign_of_life(&mut self) -> String {
        if self.marked == self.told {
            return ":\n\n".to_owned();
        }
        self.marked = self.told;
        format!(":\nid: {}\n\n", self.told)
    }
}
