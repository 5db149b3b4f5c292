//! The loop that empties the queue. A few mails are under way at once, so that a slow one holds up nobody else's;
//! some of the lanes are kept for password links.

use std::{collections::HashSet, time::Duration};

use kpi_api::{
    id::UserId,
    mail::{MailPurpose, MailState},
    time::Timestamp,
};
use tokio::task::JoinSet;

use super::{
    compose,
    repo::{self, After, NONE, WAITING},
    schedule,
    sight::Sight,
};
use crate::{
    app::Ctx,
    auth::seal,
    entity::mail,
    people::directory::Person,
    platform::{
        db::work::By,
        failure::Outcome,
        lifecycle::Lifecycle,
        smtp::{Letter, Mailer, Trouble},
    },
};

/// Mails under way at once; news and summaries leave the last two to password links.
const LANES: usize = 6;
const LANES_OF_NEWS: usize = 4;

/// The longest sleep: daily summaries and a clock that was set forward are noticed by then.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// Pause after the database refused.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// How often, and with which pause, a receipt is written down before it is given up: then the mail goes twice.
const NOTES: usize = 5;
const BETWEEN_NOTES: Duration = Duration::from_millis(200);

/// Sends mail until the server stops. What is under way then is finished.
pub async fn run(ctx: Ctx, lifecycle: Lifecycle) {
    let mut lanes = Lanes::default();
    loop {
        let sleep = match look(&ctx, &mut lanes).await {
            Ok(sleep) => sleep,
            Err(cause) => {
                tracing::error!(?cause, "the queue of mails could not be read; it is tried again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            biased;
            () = lifecycle.stopping() => break,
            () = lanes.one_ends(), if !lanes.under_way.is_empty() => {}
            () = ctx.signals.mail_woken() => {}
            () = tokio::time::sleep(sleep) => {}
        }
    }
    while !lanes.under_way.is_empty() {
        lanes.one_ends().await;
    }
}

/// Writes and sends everything that is due, one after the other; how many attempts that were.
///
/// # Errors
/// When the database refuses.
pub async fn send_due(ctx: &Ctx) -> Outcome<usize> {
    let Some(mailer) = &ctx.mailer else {
        compose::expect_nothing(ctx).await?;
        return Ok(0);
    };
    let mut seen = Vec::new();
    loop {
        compose::due(ctx, mailer).await?;
        let due = repo::due(ctx.db.read(), ctx.clock.now().0, &seen, 1).await?;
        let Some((id, _)) = due.into_iter().next() else { return Ok(seen.len()) };
        attempt(ctx, mailer, id).await?;
        seen.push(id);
    }
}

#[derive(Default)]
struct Lanes {
    under_way: JoinSet<i64>,
    ids: HashSet<i64>,
    news: HashSet<i64>,
}

impl Lanes {
    async fn one_ends(&mut self) {
        match self.under_way.join_next().await {
            Some(Ok(id)) => {
                self.ids.remove(&id);
                self.news.remove(&id);
            }
            Some(Err(cause)) => {
                tracing::error!(%cause, "an attempt to send a mail ended early");
                // Which one is not told; all others are looked at again after they have ended.
                if self.under_way.is_empty() {
                    self.ids.clear();
                    self.news.clear();
                }
            }
            None => {}
        }
    }

    fn takes(&self, is_link: bool) -> bool {
        self.ids.len() < LANES && (is_link || self.news.len() < LANES_OF_NEWS)
    }
}

/// Writes what is due and fills the lanes; how long nothing else will be due.
async fn look(ctx: &Ctx, lanes: &mut Lanes) -> Outcome<Duration> {
    let Some(mailer) = &ctx.mailer else {
        compose::expect_nothing(ctx).await?;
        return Ok(LOOK_AGAIN);
    };
    let composed = compose::due(ctx, mailer).await?;
    let now = ctx.clock.now();
    let skip: Vec<i64> = lanes.ids.iter().copied().collect();
    for (id, purpose) in repo::due(ctx.db.read(), now.0, &skip, LANES as u64).await? {
        let is_link = purpose == MailPurpose::PasswordReset.as_str();
        if !lanes.takes(is_link) {
            continue;
        }
        lanes.ids.insert(id);
        if !is_link {
            lanes.news.insert(id);
        }
        let ctx = ctx.clone();
        lanes.under_way.spawn(async move {
            if let Some(mailer) = &ctx.mailer
                && let Err(cause) = attempt(&ctx, mailer, id).await
            {
                tracing::error!(mail = id, ?cause, "an attempt to send a mail could not be noted");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
            id
        });
    }
    let queued = repo::next_due(ctx.db.read(), now.0).await?.map(Timestamp);
    let next = [composed, queued].into_iter().flatten().min();
    let sleep = next.map(|at| Duration::from_millis(u64::try_from(at.0 - now.0).unwrap_or_default()));
    Ok(sleep.map_or(LOOK_AGAIN, |sleep| sleep.clamp(Duration::from_millis(20), LOOK_AGAIN)))
}

/// Tries to send one mail and notes how it went.
async fn attempt(ctx: &Ctx, mailer: &Mailer, id: i64) -> Outcome<()> {
    let Some(row) = repo::queued_by_id(ctx.db.read(), id).await? else { return Ok(()) };
    let directory = ctx.directory().await?;
    let receiver = row.user_id.and_then(|user| directory.person(UserId(user)));
    let Some(person) = receiver.filter(|person| person.is_active) else {
        return withdraw(ctx, &row, &[], "the receiver is not active any more").await;
    };
    if ctx.clock.now().0 >= row.expires_at {
        let why = row.last_error.clone().unwrap_or_else(|| "it could not be sent in time".into());
        return note(ctx, id, failed(&row, why)).await;
    }
    let (seen, unseen) = still_seen(ctx, &row, &mut Sight::of(&directory, person)).await?;
    if unseen > 0 {
        // What may still be told is written anew.
        return withdraw(ctx, &row, &seen, "its receiver may not see any more what it told").await;
    }
    let letter = match letter(ctx, &row, person) {
        Ok(letter) => letter,
        Err(cause) => {
            tracing::error!(mail = id, ?cause, "a sealed mail does not open; was SECRET_KEY changed?");
            return note(ctx, id, failed(&row, "it does not open with the present SECRET_KEY".into())).await;
        }
    };
    let went = mailer.send(&letter).await;
    let attempts = row.attempts + 1;
    let after = match went {
        Ok(()) => {
            tracing::info!(mail = id, purpose = row.purpose, attempts, "a mail was sent");
            After {
                state: MailState::Sent,
                address: Some(person.email.clone()),
                attempts,
                last_error: None,
                sent_at: Some(ctx.clock.now().0),
                blank: true,
                ..as_it_is(&row)
            }
        }
        Err(trouble) => {
            let after = after_trouble(ctx.clock.now(), &row, person, &trouble);
            let (purpose, state, why) = (row.purpose, after.state.as_str(), trouble.in_short());
            tracing::warn!(mail = id, purpose, attempts, state, why, "a mail could not be sent");
            after
        }
    };
    note(ctx, id, after).await
}

fn after_trouble(now: Timestamp, row: &mail::Model, person: &Person, trouble: &Trouble) -> After {
    let attempts = row.attempts + 1;
    let next = now.0 + schedule::pause(attempts, rand::random());
    let is_final = trouble.is_final || next >= row.expires_at;
    After {
        state: if is_final { MailState::Failed } else { MailState::Queued },
        address: Some(person.email.clone()),
        attempts,
        not_before: next,
        // A server that repeats what it was sent would put a password link where it can be read.
        last_error: Some(if row.is_sealed { trouble.in_short() } else { trouble.to_string() }),
        blank: is_final && row.is_sealed,
        sent_at: None,
    }
}

fn failed(row: &mail::Model, why: String) -> After {
    After { state: MailState::Failed, last_error: Some(why), blank: row.is_sealed, ..as_it_is(row) }
}

fn as_it_is(row: &mail::Model) -> After {
    After {
        state: MailState::Queued,
        address: row.address.clone(),
        attempts: row.attempts,
        not_before: row.not_before,
        last_error: row.last_error.clone(),
        sent_at: None,
        blank: false,
    }
}

/// Writes down where a mail stands. A busy database is asked again: a receipt that is not noted sends the mail twice.
async fn note(ctx: &Ctx, id: i64, after: After) -> Outcome<()> {
    let mut left = NOTES;
    loop {
        let written = async {
            let work = ctx.begin(By::system("mail")).await?;
            repo::note(work.tx(), id, after.clone()).await?;
            work.commit(&()).await
        };
        left -= 1;
        match written.await {
            Err(_) if left > 0 => tokio::time::sleep(BETWEEN_NOTES).await,
            done => return done,
        }
    }
}

/// Takes a mail back; the notifications in `again` wait for another one.
async fn withdraw(ctx: &Ctx, row: &mail::Model, again: &[i64], why: &str) -> Outcome<()> {
    tracing::info!(mail = row.id, purpose = row.purpose, why, "a mail was withdrawn");
    let about = about(row)?;
    let work = ctx.begin(By::system("mail")).await?;
    repo::settle(work.tx(), &about, NONE).await?;
    repo::settle(work.tx(), again, WAITING).await?;
    let gone =
        After { state: MailState::Withdrawn, last_error: Some(why.to_owned()), blank: true, ..as_it_is(row) };
    repo::note(work.tx(), row.id, gone).await?;
    work.commit(&()).await?;
    ctx.signals.wake_mail();
    Ok(())
}

fn about(row: &mail::Model) -> Outcome<Vec<i64>> {
    Ok(serde_json::from_str(&row.about)?)
}

/// Which of the notifications in a mail its receiver may still be told, and how many they may not.
async fn still_seen(ctx: &Ctx, row: &mail::Model, sight: &mut Sight<'_>) -> Outcome<(Vec<i64>, usize)> {
    let about = about(row)?;
    let mut seen = Vec::new();
    for told in repo::notifications(ctx.db.read(), &about).await? {
        if sight.reaches(ctx.db.read(), &told).await? {
            seen.push(told.id);
        }
    }
    let unseen = about.len() - seen.len();
    Ok((seen, unseen))
}

fn letter(ctx: &Ctx, row: &mail::Model, person: &Person) -> anyhow::Result<Letter> {
    let open = |text: &str| {
        if row.is_sealed { seal::unseal(&ctx.config, text) } else { Ok(text.to_owned()) }
    };
    Ok(Letter {
        to_name: person.full_name.clone(),
        to: person.email.clone(),
        subject: row.subject.clone(),
        text: open(&row.text)?,
        html: open(&row.html)?,
        message_id: row.message_id.clone(),
        written_at: Timestamp(row.created_at),
    })
}
