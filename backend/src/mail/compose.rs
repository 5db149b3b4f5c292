//! Waiting notifications become mails: several of one person one mail, after a short window or once a day. In one
//! transaction they leave the waiting list and their mail enters the queue, so that each is mailed once.

use std::collections::HashMap;

use anyhow::{Context, anyhow};
use kpi_api::{
    id::UserId,
    mail::MailPurpose,
    notification::{MailRhythm, NotificationKind},
    time::Timestamp,
};

use super::{
    letters::{Item, Words, Writer},
    repo::{self, Expecting, Fresh, MAILED, NONE},
    schedule,
    sight::Sight,
};
use crate::{
    app::Ctx,
    entity::notification,
    people::directory::Person,
    platform::{
        db::work::{By, Work},
        failure::Outcome,
        smtp::Mailer,
    },
};

const MINUTE: i64 = 60_000;

/// What is to be done about somebody's waiting notifications.
enum Turn {
    /// Not yet; for news, when.
    Later(Option<Timestamp>),
    /// Those made before the instant go into one mail.
    Write(MailPurpose, Timestamp),
    /// Nobody wants them.
    Drop,
}

/// Writes every mail that is due. Answers when the next one will be, as far as that is known.
pub async fn due(ctx: &Ctx, mailer: &Mailer) -> Outcome<Option<Timestamp>> {
    let expecting = repo::expecting(ctx.db.read()).await?;
    if expecting.is_empty() {
        return Ok(None);
    }
    let users: Vec<i64> = expecting.iter().map(|one| one.user_id).collect();
    let rhythms = repo::rhythms(ctx.db.read(), &users).await?;
    let rhythms: HashMap<i64, _> =
        rhythms.into_iter().map(|(user, rhythm, hour)| (user, (rhythm, hour))).collect();
    let window = i64::from(ctx.settings().await?.mail_window_minutes) * MINUTE;
    let mut next: Option<Timestamp> = None;
    for one in expecting {
        match turn(ctx, &one, rhythms.get(&one.user_id).copied(), window) {
            Turn::Later(at) => next = [next, at].into_iter().flatten().min(),
            Turn::Write(purpose, before) => write(ctx, mailer, one.user_id, purpose, before).await?,
            Turn::Drop => drop_waiting(ctx, one.user_id).await?,
        }
    }
    Ok(next)
}

/// What waits is in the app; without a mail server nothing is kept for the day when there is one.
pub async fn expect_nothing(ctx: &Ctx) -> Outcome<()> {
    if repo::anything_waits(ctx.db.read()).await? {
        let work = begin(ctx).await?;
        repo::wait_no_more(work.tx()).await?;
        work.commit(&()).await?;
    }
    Ok(())
}

fn turn(ctx: &Ctx, one: &Expecting, rhythm: Option<(Option<MailRhythm>, i64)>, window: i64) -> Turn {
    let now = ctx.clock.now();
    let (rhythm, hour) = rhythm.unwrap_or((Some(MailRhythm::Soon), 0));
    match rhythm.unwrap_or(MailRhythm::Soon) {
        MailRhythm::Never => Turn::Drop,
        MailRhythm::Soon if one.since + window <= now.0 => {
            Turn::Write(MailPurpose::News, Timestamp(now.0 + 1))
        }
        MailRhythm::Soon => Turn::Later(Some(Timestamp(one.since + window))),
        MailRhythm::Daily => {
            let hour = u8::try_from(hour.clamp(0, 23)).unwrap_or_default();
            match schedule::last_daily(now, hour, ctx.clock.zone()) {
                Some(cut) if one.since < cut.0 => Turn::Write(MailPurpose::Summary, cut),
                _ => Turn::Later(None),
            }
        }
    }
}

async fn begin(ctx: &Ctx) -> Outcome<Work> {
    ctx.begin(By::system("mail")).await
}

async fn drop_waiting(ctx: &Ctx, user: i64) -> Outcome<()> {
    let work = begin(ctx).await?;
    let rows = repo::waiting(work.tx(), user, i64::MAX).await?;
    repo::settle(work.tx(), &ids(&rows), NONE).await?;
    work.commit(&()).await
}

fn ids(rows: &[notification::Model]) -> Vec<i64> {
    rows.iter().map(|row| row.id).collect()
}

/// One mail of what waits, without what its receiver has read in the app or may not see any more. Where nothing is
/// left there is no mail.
async fn write(
    ctx: &Ctx,
    mailer: &Mailer,
    user: i64,
    purpose: MailPurpose,
    before: Timestamp,
) -> Outcome<()> {
    // What happened before the hour and was told after it waits for the next summary: there is one a day.
    if purpose == MailPurpose::Summary && repo::has_summary_since(ctx.db.read(), user, before.0).await? {
        return Ok(());
    }
    let directory = ctx.directory().await?;
    let person = directory.person(UserId(user)).filter(|person| person.is_active);
    let work = begin(ctx).await?;
    let rows = repo::waiting(work.tx(), user, before.0).await?;
    let Some(person) = person else {
        repo::settle(work.tx(), &ids(&rows), NONE).await?;
        return work.commit(&()).await;
    };
    let mut sight = Sight::of(&directory, person);
    let (mut told, mut items, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let is_news = row.read_at.is_none() && sight.reaches(work.tx(), &row).await?;
        match is_news.then(|| item(&row)).transpose() {
            Ok(Some(item)) => {
                told.push(row.id);
                items.push(item);
            }
            Ok(None) => left.push(row.id),
            Err(cause) => {
                // One that cannot be read holds up neither its neighbours nor other people.
                tracing::error!(notification = row.id, ?cause, "a notification could not be mailed");
                left.push(row.id);
            }
        }
    }
    repo::settle(work.tx(), &left, NONE).await?;
    repo::settle(work.tx(), &told, MAILED).await?;
    if !told.is_empty() {
        let words = words(ctx, person, purpose, &items)?;
        let at = work.at().0;
        let fresh = Fresh {
            user,
            purpose,
            language: &person.locale,
            subject: words.subject,
            text: words.text,
            html: words.html,
            is_sealed: false,
            about: &told,
            message_id: mailer.message_id(),
            at,
            expires_at: at + schedule::LIFE,
        };
        repo::insert(work.tx(), fresh.row()?).await?;
    }
    work.commit(&()).await
}

fn words(ctx: &Ctx, person: &Person, purpose: MailPurpose, items: &[Item]) -> anyhow::Result<Words> {
    let writer = Writer::to(&ctx.config, &person.full_name, &person.locale);
    match purpose {
        MailPurpose::Summary => {
            let now =
                jiff::Timestamp::from_millisecond(ctx.clock.now().0).context("the time of a summary")?;
            writer.summary(ctx.clock.zone().to_datetime(now).date(), items)
        }
        MailPurpose::News | MailPurpose::PasswordReset => writer.news(items),
    }
}

fn item(row: &notification::Model) -> anyhow::Result<Item> {
    let kind: Result<NotificationKind, _> = row.kind.parse();
    Ok(Item {
        kind: kind.map_err(|fault| anyhow!("its kind: {fault}"))?,
        data: serde_json::from_str(&row.data).context("its data")?,
        link: row.link.clone(),
        at: Timestamp(row.created_at),
    })
}
