//! All queries on the queue of mails, and on the notifications that wait to be mailed.

use kpi_api::{
    mail::{MailPurpose, MailState},
    notification::MailRhythm,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    entity::{mail, mail_preference, notification},
    platform::paging::Paging,
};

/// Words of `notifications.mail_state`.
pub const WAITING: &str = "waiting";
pub const MAILED: &str = "mailed";
pub const NONE: &str = "none";

/// Ids of one statement; databases bound the number of its values.
const IDS_AT_ONCE: usize = 400;

pub async fn insert(db: &impl ConnectionTrait, row: mail::ActiveModel) -> Result<i64, DbErr> {
    Ok(row.insert(db).await?.id)
}

fn queued() -> Select<mail::Entity> {
    mail::Entity::find().filter(mail::Column::State.eq(MailState::Queued.as_str()))
}

/// Id and purpose of mails that may be tried now, password links first; at most `limit`.
pub async fn due(
    db: &impl ConnectionTrait,
    now: i64,
    skip: &[i64],
    limit: u64,
) -> Result<Vec<(i64, String)>, DbErr> {
    let is_link = Expr::col(mail::Column::Purpose).eq(MailPurpose::PasswordReset.as_str());
    queued()
        .select_only()
        .columns([mail::Column::Id, mail::Column::Purpose])
        .filter(mail::Column::NotBefore.lte(now))
        .filter(mail::Column::Id.is_not_in(skip.iter().copied()))
        .order_by_desc(is_link)
        .order_by_asc(mail::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}

/// When the next mail may be tried, among those that may not yet.
pub async fn next_due(db: &impl ConnectionTrait, now: i64) -> Result<Option<i64>, DbErr> {
    queued()
        .select_only()
        .column(mail::Column::NotBefore)
        .filter(mail::Column::NotBefore.gt(now))
        .order_by_asc(mail::Column::NotBefore)
        .limit(1)
        .into_tuple()
        .one(db)
        .await
}

pub async fn queued_by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<mail::Model>, DbErr> {
    queued().filter(mail::Column::Id.eq(id)).one(db).await
}

/// Where a mail stands after an attempt, or instead of one.
#[derive(Clone)]
pub struct After {
    pub state: MailState,
    pub address: Option<String>,
    pub attempts: i64,
    pub not_before: i64,
    pub last_error: Option<String>,
    pub sent_at: Option<i64>,
    /// Whether what it says is not needed any more.
    pub blank: bool,
}

/// Notes it for a mail that is still queued.
pub async fn note(db: &impl ConnectionTrait, id: i64, after: After) -> Result<(), DbErr> {
    use mail::Column as C;
    let mut update = mail::Entity::update_many()
        .col_expr(C::State, Expr::value(after.state.as_str()))
        .col_expr(C::Address, Expr::value(after.address))
        .col_expr(C::Attempts, Expr::value(after.attempts))
        .col_expr(C::NotBefore, Expr::value(after.not_before))
        .col_expr(C::LastError, Expr::value(after.last_error))
        .col_expr(C::SentAt, Expr::value(after.sent_at));
    if after.blank {
        update = update.col_expr(C::Text, Expr::value("")).col_expr(C::Html, Expr::value(""));
    }
    update.filter(C::Id.eq(id)).filter(C::State.eq(MailState::Queued.as_str())).exec(db).await.map(drop)
}

/// Mails of one page, newest first, and how many there are.
pub async fn page(
    db: &impl ConnectionTrait,
    state: Option<MailState>,
    purpose: Option<MailPurpose>,
    paging: Paging,
) -> Result<(Vec<mail::Model>, u64), DbErr> {
    let mut all = mail::Entity::find();
    if let Some(state) = state {
        all = all.filter(mail::Column::State.eq(state.as_str()));
    }
    if let Some(purpose) = purpose {
        all = all.filter(mail::Column::Purpose.eq(purpose.as_str()));
    }
    let total = all.clone().count(db).await?;
    let rows =
        all.order_by_desc(mail::Column::Id).offset(paging.offset()).limit(paging.limit()).all(db).await?;
    Ok((rows, total))
}

/// Ids of mails that are done with, made before an instant; at most `limit`.
pub async fn old(
    db: &impl ConnectionTrait,
    states: &[MailState],
    before: i64,
    limit: u64,
) -> Result<Vec<i64>, DbErr> {
    mail::Entity::find()
        .select_only()
        .column(mail::Column::Id)
        .filter(mail::Column::State.is_in(states.iter().map(|state| state.as_str())))
        .filter(mail::Column::CreatedAt.lt(before))
        .order_by_asc(mail::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}

pub async fn delete(db: &impl ConnectionTrait, ids: &[i64]) -> Result<u64, DbErr> {
    let gone = mail::Entity::delete_many().filter(mail::Column::Id.is_in(ids.iter().copied()));
    Ok(gone.exec(db).await?.rows_affected)
}

/// Somebody for whom notifications wait to be mailed.
#[derive(Debug, FromQueryResult)]
pub struct Expecting {
    pub user_id: i64,
    /// When the oldest of them was made.
    pub since: i64,
}

pub async fn expecting(db: &impl ConnectionTrait) -> Result<Vec<Expecting>, DbErr> {
    notification::Entity::find()
        .select_only()
        .column(notification::Column::UserId)
        .column_as(notification::Column::CreatedAt.min(), "since")
        .filter(notification::Column::MailState.eq(WAITING))
        .group_by(notification::Column::UserId)
        .order_by_asc(notification::Column::UserId)
        .into_model()
        .all(db)
        .await
}

/// How often somebody wants mail; `None` where they have not said.
pub async fn rhythms(
    db: &impl ConnectionTrait,
    users: &[i64],
) -> Result<Vec<(i64, Option<MailRhythm>, i64)>, DbErr> {
    let mut found = Vec::new();
    for part in users.chunks(IDS_AT_ONCE) {
        let rows = mail_preference::Entity::find()
            .filter(mail_preference::Column::UserId.is_in(part.iter().copied()))
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|row| (row.user_id, row.rhythm.parse().ok(), row.daily_hour)));
    }
    Ok(found)
}

/// Whether somebody's summary was written at an instant or later, and not taken back.
pub async fn has_summary_since(db: &impl ConnectionTrait, user: i64, at: i64) -> Result<bool, DbErr> {
    let one: Option<i64> = mail::Entity::find()
        .select_only()
        .column(mail::Column::Id)
        .filter(mail::Column::UserId.eq(user))
        .filter(mail::Column::Purpose.eq(MailPurpose::Summary.as_str()))
        .filter(mail::Column::State.ne(MailState::Withdrawn.as_str()))
        .filter(mail::Column::CreatedAt.gte(at))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(one.is_some())
}

/// What waits for one person, made before an instant, oldest first.
pub async fn waiting(
    db: &impl ConnectionTrait,
    user: i64,
    before: i64,
) -> Result<Vec<notification::Model>, DbErr> {
    notification::Entity::find()
        .filter(notification::Column::UserId.eq(user))
        .filter(notification::Column::MailState.eq(WAITING))
        .filter(notification::Column::CreatedAt.lt(before))
        .order_by_asc(notification::Column::Id)
        .all(db)
        .await
}

pub async fn notifications(
    db: &impl ConnectionTrait,
    ids: &[i64],
) -> Result<Vec<notification::Model>, DbErr> {
    let mut found = Vec::new();
    for part in ids.chunks(IDS_AT_ONCE) {
        let rows = notification::Entity::find().filter(notification::Column::Id.is_in(part.iter().copied()));
        found.extend(rows.order_by_asc(notification::Column::Id).all(db).await?);
    }
    Ok(found)
}

pub async fn settle(db: &impl ConnectionTrait, ids: &[i64], state: &str) -> Result<(), DbErr> {
    for part in ids.chunks(IDS_AT_ONCE) {
        notification::Entity::update_many()
            .col_expr(notification::Column::MailState, Expr::value(state))
            .filter(notification::Column::Id.is_in(part.iter().copied()))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Whether anything waits to be mailed.
pub async fn anything_waits(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let one: Option<i64> = notification::Entity::find()
        .select_only()
        .column(notification::Column::Id)
        .filter(notification::Column::MailState.eq(WAITING))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(one.is_some())
}

/// Takes everything off the waiting list.
pub async fn wait_no_more(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    notification::Entity::update_many()
        .col_expr(notification::Column::MailState, Expr::value(NONE))
        .filter(notification::Column::MailState.eq(WAITING))
        .exec(db)
        .await
        .map(drop)
}

/// A mail that may be tried at once.
pub struct Fresh<'a> {
    pub user: i64,
    pub purpose: MailPurpose,
    pub language: &'a str,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub is_sealed: bool,
    /// Ids of the notifications in it.
    pub about: &'a [i64],
    pub message_id: String,
    pub at: i64,
    pub expires_at: i64,
}

impl Fresh<'_> {
    pub fn row(self) -> Result<mail::ActiveModel, serde_json::Error> {
        Ok(mail::ActiveModel {
            user_id: Set(Some(self.user)),
            purpose: Set(self.purpose.as_str().to_owned()),
            language: Set(self.language.to_owned()),
            subject: Set(self.subject),
            text: Set(self.text),
            html: Set(self.html),
            is_sealed: Set(self.is_sealed),
            about: Set(serde_json::to_string(self.about)?),
            message_id: Set(self.message_id),
            state: Set(MailState::Queued.as_str().to_owned()),
            attempts: Set(0),
            not_before: Set(self.at),
            expires_at: Set(self.expires_at),
            created_at: Set(self.at),
            ..Default::default()
        })
    }
}
