//! What people want to be told, and how.

use std::collections::HashMap;

use kpi_api::{
    check::Check,
    error::Code,
    id::{UserId, Version},
    notification::{
        KindPreference, MailRhythm, NotificationKind, NotificationPreferences, NotificationPreferencesPut,
    },
};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::repo;
use crate::{
    app::Ctx,
    auth::actor::Call,
    entity::{mail_preference, notification_preference},
    platform::failure::{Failure, Outcome},
};

/// When the daily mail comes to somebody who has not said.
const DAILY_HOUR: u8 = 8;

/// What somebody has said about mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mailing {
    pub rhythm: MailRhythm,
    /// 0 to 23 in the company's zone.
    pub daily_hour: u8,
    pub version: Version,
}

impl Default for Mailing {
    fn default() -> Self {
        Self { rhythm: MailRhythm::Soon, daily_hour: DAILY_HOUR, version: Version(1) }
    }
}

/// How a kind reaches each of these people.
pub async fn ways(
    db: &impl ConnectionTrait,
    users: &[UserId],
    kind: NotificationKind,
) -> Outcome<HashMap<UserId, KindPreference>> {
    let mut ways: HashMap<UserId, KindPreference> =
        users.iter().map(|user| (*user, KindPreference::default_of(kind))).collect();
    for row in repo::preferences(db, users, Some(kind)).await? {
        if let Some(way) = ways.get_mut(&UserId(row.user_id)) {
            (way.app, way.mail) = (row.app, row.mail);
        }
    }
    for row in repo::mailing(db, users).await? {
        let mailing = read_mailing(&row)?;
        if let Some(way) = ways.get_mut(&UserId(row.user_id)) {
            way.mail &= mailing.rhythm != MailRhythm::Never;
        }
    }
    Ok(ways)
}

/// How often each of these people wants mail.
pub async fn mailing(db: &impl ConnectionTrait, users: &[UserId]) -> Outcome<HashMap<UserId, Mailing>> {
    let mut all: HashMap<UserId, Mailing> = users.iter().map(|user| (*user, Mailing::default())).collect();
    for row in repo::mailing(db, users).await? {
        all.insert(UserId(row.user_id), read_mailing(&row)?);
    }
    Ok(all)
}

pub async fn show(call: &Call) -> Outcome<NotificationPreferences> {
    shown(&call.ctx, call.ctx.db.read(), call.who.id()).await
}

/// Puts new preferences in place of the old ones.
pub async fn put(call: &Call, new: NotificationPreferencesPut) -> Outcome<NotificationPreferences> {
    check(&new)?;
    let seen = call.who.version()?;
    let user = call.who.id();
    let mut work = call.begin().await?;
    let old = repo::mailing(work.tx(), &[user]).await?.pop();
    let now = old.as_ref().map_or(Version(1), |row| Version(row.version));
    if seen != now {
        return Err(Failure::new(Code::StaleVersion, format!("It is at version {now} by now.")));
    }
    repo::put_mailing(work.tx(), old.map(|row| row.id), &row(user, &new, Version(now.0 + 1))).await?;
    let differing = new.kinds.iter().filter(|kind| **kind != KindPreference::default_of(kind.kind));
    let rows = differing.map(|kind| notification_preference::Model {
        id: 0,
        user_id: user.0,
        kind: kind.kind.to_string(),
        app: kind.app,
        mail: kind.mail,
    });
    repo::put_preferences(work.tx(), user, rows.collect()).await?;
    work.audit("notification.preferences", "user", Some(user.0), json!({ "new": new })).await?;
    let answer = shown(&call.ctx, work.tx(), user).await?;
    work.commit(&answer).await?;
    Ok(answer)
}

fn check(new: &NotificationPreferencesPut) -> Outcome<()> {
    let mut check = Check::new();
    check.ensure(new.daily_hour <= 23, "daily_hour", "out_of_range", "Between 0 and 23.");
    for (index, kind) in new.kinds.iter().enumerate() {
        let is_new = new.kinds[..index].iter().all(|other| other.kind != kind.kind);
        check.ensure(is_new, &format!("kinds.{index}.kind"), "duplicate", "Each kind once.");
    }
    check.done().map_err(Failure::invalid)
}

fn row(user: UserId, new: &NotificationPreferencesPut, version: Version) -> mail_preference::Model {
    mail_preference::Model {
        id: 0,
        user_id: user.0,
        rhythm: new.mail_rhythm.to_string(),
        daily_hour: i64::from(new.daily_hour),
        version: version.0,
    }
}

fn read_mailing(row: &mail_preference::Model) -> Outcome<Mailing> {
    let of = |what: String| anyhow::anyhow!("mail preference {}: {what}", row.id);
    Ok(Mailing {
        rhythm: row.rhythm.parse().map_err(of)?,
        daily_hour: u8::try_from(row.daily_hour).map_err(|fault| of(fault.to_string()))?,
        version: Version(row.version),
    })
}

async fn shown(ctx: &Ctx, db: &impl ConnectionTrait, user: UserId) -> Outcome<NotificationPreferences> {
    let mailing = mailing(db, &[user]).await?.remove(&user).unwrap_or_default();
    let mut kinds: Vec<KindPreference> =
        NotificationKind::ALL.iter().map(|kind| KindPreference::default_of(*kind)).collect();
    for row in repo::preferences(db, &[user], None).await? {
        if let Some(kind) = kinds.iter_mut().find(|kind| kind.kind.as_str() == row.kind) {
            (kind.app, kind.mail) = (row.app, row.mail);
        }
    }
    Ok(NotificationPreferences {
        kinds,
        mail_rhythm: mailing.rhythm,
        daily_hour: mailing.daily_hour,
        version: mailing.version,
        mail_enabled: ctx.config.smtp.is_some(),
    })
}
