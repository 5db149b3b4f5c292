//! All queries on notifications and preferences.

use std::collections::HashMap;

use kpi_api::{
    id::{NotificationId, UserId},
    notification::NotificationKind,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::{
    entity::{mail_preference, notification, notification_preference},
    platform::paging::Paging,
};

use notification::Column as C;

pub async fn insert(
    db: &impl ConnectionTrait,
    row: notification::Model,
) -> Result<notification::Model, DbErr> {
    notification::ActiveModel { id: NotSet, ..row.into_active_model() }.insert(db).await
}

fn shown_to(user: UserId) -> Condition {
    Condition::all().add(C::UserId.eq(user.0)).add(C::InApp.eq(true))
}

/// What is shown to somebody, newest first, and how many there are.
pub async fn page(
    db: &impl ConnectionTrait,
    user: UserId,
    only_unread: bool,
    paging: Paging,
) -> Result<(Vec<notification::Model>, u64), DbErr> {
    let mut wanted = shown_to(user);
    if only_unread {
        wanted = wanted.add(C::ReadAt.is_null());
    }
    let total = notification::Entity::find().filter(wanted.clone()).count(db).await?;
    let rows = notification::Entity::find()
        .filter(wanted)
        .order_by_desc(C::Id)
        .offset(paging.offset())
        .limit(paging.limit())
        .all(db)
        .await?;
    Ok((rows, total))
}

/// How many somebody has not read, for each of these people.
pub async fn unread(db: &impl ConnectionTrait, users: &[UserId]) -> Result<HashMap<UserId, u64>, DbErr> {
    let counts: Vec<(i64, i64)> = notification::Entity::find()
        .select_only()
        .column(C::UserId)
        .column_as(Expr::col(C::Id).count(), "count")
        .filter(C::UserId.is_in(users.iter().map(|user| user.0)))
        .filter(C::InApp.eq(true))
        .filter(C::ReadAt.is_null())
        .group_by(C::UserId)
        .into_tuple()
        .all(db)
        .await?;
    let mut all: HashMap<UserId, u64> = users.iter().map(|user| (*user, 0)).collect();
    all.extend(counts.into_iter().map(|(user, count)| (UserId(user), count.unsigned_abs())));
    Ok(all)
}

/// Somebody's own, if it is shown to them.
pub async fn of_user(
    db: &impl ConnectionTrait,
    user: UserId,
    id: NotificationId,
) -> Result<Option<notification::Model>, DbErr> {
    notification::Entity::find_by_id(id.0).filter(shown_to(user)).one(db).await
}

/// Marks one as read, or all of somebody's; how many were not.
pub async fn mark_read(
    db: &impl ConnectionTrait,
    user: UserId,
    id: Option<NotificationId>,
    at: i64,
) -> Result<u64, DbErr> {
    let mut wanted = shown_to(user).add(C::ReadAt.is_null());
    if let Some(id) = id {
        wanted = wanted.add(C::Id.eq(id.0));
    }
    let done = notification::Entity::update_many()
        .col_expr(C::ReadAt, Expr::value(at))
        .filter(wanted)
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}

/// What these events made that is shown in the app, oldest first.
pub async fn of_events(db: &impl ConnectionTrait, events: &[i64]) -> Result<Vec<notification::Model>, DbErr> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    notification::Entity::find()
        .filter(C::OutboxId.is_in(events.iter().copied()))
        .filter(C::InApp.eq(true))
        .order_by_asc(C::Id)
        .all(db)
        .await
}

/// Who has been told with this link before, among these people.
pub async fn told_before(
    db: &impl ConnectionTrait,
    kind: NotificationKind,
    link: &str,
    users: &[UserId],
) -> Result<Vec<UserId>, DbErr> {
    let found: Vec<i64> = notification::Entity::find()
        .select_only()
        .column(C::UserId)
        .filter(C::UserId.is_in(users.iter().map(|user| user.0)))
        .filter(C::Kind.eq(kind.as_str()))
        .filter(C::Link.eq(link))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().map(UserId).collect())
}

/// The newest of a kind about a KPI that somebody has not read and that is not for the mail, since an instant.
pub async fn latest_unread(
    db: &impl ConnectionTrait,
    user: UserId,
    kind: NotificationKind,
    kpi: i64,
    since: i64,
) -> Result<Option<notification::Model>, DbErr> {
    notification::Entity::find()
        .filter(shown_to(user))
        .filter(C::KpiId.eq(kpi))
        .filter(C::Kind.eq(kind.as_str()))
        .filter(C::ReadAt.is_null())
        .filter(C::MailState.eq("none"))
        .filter(C::CreatedAt.gte(since))
        .order_by_desc(C::Id)
        .one(db)
        .await
}

pub async fn delete(db: &impl ConnectionTrait, id: i64) -> Result<(), DbErr> {
    notification::Entity::delete_by_id(id).exec(db).await.map(|_| ())
}

/// Deletes some that are old enough and that no mail waits for: the read ones made before `read_before`, the others
/// made before `all_before`. How many went; 0 when there are none left.
pub async fn delete_old(
    db: &impl ConnectionTrait,
    read_before: i64,
    all_before: i64,
    most: u64,
) -> Result<u64, DbErr> {
    let done_with = Condition::any().add(C::ReadAt.is_not_null()).add(C::InApp.eq(false));
    let old = Condition::any().add(done_with).add(C::CreatedAt.lt(all_before));
    let ids: Vec<i64> = notification::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::CreatedAt.lt(read_before))
        .filter(C::MailState.ne("waiting"))
        .filter(old)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let gone = notification::Entity::delete_many().filter(C::Id.is_in(ids)).exec(db).await?;
    Ok(gone.rows_affected)
}

/// What these people have said about one kind, or about all.
pub async fn preferences(
    db: &impl ConnectionTrait,
    users: &[UserId],
    kind: Option<NotificationKind>,
) -> Result<Vec<notification_preference::Model>, DbErr> {
    use notification_preference::{Column, Entity};
    let mut wanted = Condition::all().add(Column::UserId.is_in(users.iter().map(|user| user.0)));
    if let Some(kind) = kind {
        wanted = wanted.add(Column::Kind.eq(kind.as_str()));
    }
    Entity::find().filter(wanted).all(db).await
}

pub async fn put_preferences(
    db: &impl ConnectionTrait,
    user: UserId,
    rows: Vec<notification_preference::Model>,
) -> Result<(), DbErr> {
    use notification_preference::{ActiveModel, Column, Entity};
    Entity::delete_many().filter(Column::UserId.eq(user.0)).exec(db).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.into_iter().map(|row| ActiveModel { id: NotSet, ..row.into_active_model() });
    Entity::insert_many(rows).exec_without_returning(db).await.map(|_| ())
}

pub async fn mailing(
    db: &impl ConnectionTrait,
    users: &[UserId],
) -> Result<Vec<mail_preference::Model>, DbErr> {
    mail_preference::Entity::find()
        .filter(mail_preference::Column::UserId.is_in(users.iter().map(|user| user.0)))
        .all(db)
        .await
}

/// Stores the row, over the one with this id if there is one.
pub async fn put_mailing(
    db: &impl ConnectionTrait,
    id: Option<i64>,
    row: &mail_preference::Model,
) -> Result<(), DbErr> {
    let fresh = mail_preference::ActiveModel {
        id: id.map_or(NotSet, Set),
        user_id: Set(row.user_id),
        rhythm: Set(row.rhythm.clone()),
        daily_hour: Set(row.daily_hour),
        version: Set(row.version),
    };
    if id.is_some() {
        fresh.update_without_returning(db).await.map(|_| ())
    } else {
        fresh.insert(db).await.map(|_| ())
    }
}
