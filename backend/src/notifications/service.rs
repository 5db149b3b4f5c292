//! The list behind the bell.

use kpi_api::{
    id::{NotificationId, UserId},
    notification::{NotificationPage, UnreadCount},
};
use serde::Deserialize;

pub use super::prefs::{Mailing, mailing, put as put_preferences, show as preferences};
use super::{convert, repo};
use crate::{
    app::Ctx,
    auth::actor::Call,
    platform::{
        db::work::By,
        failure::{Failure, Outcome},
        paging::Paging,
    },
};

const DAY: i64 = 24 * 3600 * 1000;

/// Days after which also those go that nobody has read.
const FORGOTTEN_AFTER: i64 = 400;

/// Rows deleted in one transaction, so that no command waits long for its turn.
const AT_ONCE: u64 = 500;

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NotificationQuery {
    /// Only those that have not been read.
    pub unread: Option<bool>,
    pub page: Option<u32>,
    pub per_page: Option<u32>,
}

pub async fn list(call: &Call, query: &NotificationQuery) -> Outcome<NotificationPage> {
    let paging = Paging::read(query.page, query.per_page)?;
    let (db, user) = (call.ctx.db.read(), call.who.id());
    let (rows, total) = repo::page(db, user, query.unread.unwrap_or(false), paging).await?;
    let items = rows.into_iter().map(convert::view).collect::<Outcome<_>>()?;
    let unread_count = unread(&call.ctx, user).await?;
    Ok(NotificationPage { items, page: paging.page, per_page: paging.per_page, total, unread_count })
}

/// Marks one as read; again is no mistake. It leaves no audit row: looking at a list changes nothing for others.
pub async fn read(call: &Call, id: NotificationId) -> Outcome<UnreadCount> {
    let user = call.who.id();
    let found = repo::of_user(call.ctx.db.read(), user, id).await?.ok_or_else(Failure::not_found)?;
    if found.read_at.is_none() {
        mark(call, Some(id)).await?;
    }
    counted(call).await
}

/// Marks all as read.
pub async fn read_all(call: &Call) -> Outcome<UnreadCount> {
    mark(call, None).await?;
    counted(call).await
}

async fn mark(call: &Call, id: Option<NotificationId>) -> Outcome<()> {
    let work = call.begin().await?;
    repo::mark_read(work.tx(), call.who.id(), id, work.at().0).await?;
    work.commit(&()).await
}

/// How many are unread, told to the person's other pages as well.
async fn counted(call: &Call) -> Outcome<UnreadCount> {
    let user = call.who.id();
    let count = UnreadCount { unread_count: unread(&call.ctx, user).await? };
    call.ctx.live.unread(user, count);
    Ok(count)
}

async fn unread(ctx: &Ctx, user: UserId) -> Outcome<u64> {
    Ok(repo::unread(ctx.db.read(), &[user]).await?.remove(&user).unwrap_or(0))
}

/// Deletes notifications older than so many days that were read, and those that nobody has read in more than a
/// year. What a mail waits for stays. How many went.
pub async fn forget_old(ctx: &Ctx, older_than_days: u32) -> Outcome<u64> {
    let now = ctx.clock.now().0;
    let days = i64::from(older_than_days);
    let read_before = now - days * DAY;
    let all_before = now - days.max(FORGOTTEN_AFTER) * DAY;
    let mut all = 0;
    loop {
        let work = ctx.begin(By::system("clean-up")).await?;
        let gone = repo::delete_old(work.tx(), read_before, all_before, AT_ONCE).await?;
        work.commit(&()).await?;
        all += gone;
        if gone < AT_ONCE {
            return Ok(all);
        }
    }
}
