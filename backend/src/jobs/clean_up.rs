//! Forgetting what is over and has been kept long enough, in portions, so that nobody has to wait for it.

use kpi_api::time::Timestamp;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::{
    registry::Ending,
    runs::{self, said},
};
use crate::{
    app::Ctx,
    entity::{self, idempotency_key, job_run, password_reset, refresh_token, reminder, session},
    kpi::convert::date_text,
    mail, notifications,
    platform::{db::work::IDEMPOTENCY_WINDOW, failure::Outcome, outbox},
};

/// Rows that go in one transaction.
const PORTION: u64 = 1000;

/// A day, in milliseconds.
const DAY: i64 = 24 * 3600 * 1000;

/// Events of which streams may have missed the last ones.
const STREAMS_RESUME: i64 = 1000;

/// A reminder's interval is at most 366 days; after that the row says nothing any more.
const REMINDERS: i64 = 400;

pub async fn run(ctx: Ctx) -> Outcome<Ending> {
    let keep = ctx.settings().await?.keep;
    let now = ctx.clock.now().0;
    let before = |days: u16| Timestamp(now - i64::from(days) * DAY);
    let notifications = notifications::service::forget_old(&ctx, keep.notifications.into()).await?;
    let mails = mail::service::forget_old(&ctx).await?;
    let events = events(&ctx, before(keep.events).0).await?;
    let sessions = sessions(&ctx, before(keep.sessions).0, now).await?;
    let keys = forget::<idempotency_key::Entity>(&ctx, idempotency_key::Column::Id, {
        Condition::all().add(idempotency_key::Column::CreatedAt.lt(now - IDEMPOTENCY_WINDOW))
    })
    .await?;
    let runs = forget::<job_run::Entity>(&ctx, job_run::Column::Id, {
        use job_run::Column as C;
        // The last one of a job that rarely runs stays: it says when.
        let newest = job_run::Entity::find().select_only().column_as(C::Id.max(), "id").group_by(C::Job);
        Condition::all()
            .add(C::FinishedAt.lt(before(keep.job_runs).0))
            .add(C::Id.not_in_subquery(newest.into_query()))
    })
    .await?;
    let oldest = ctx.clock.date_of(Timestamp(now - REMINDERS * DAY));
    forget::<reminder::Entity>(&ctx, reminder::Column::Id, {
        Condition::all().add(reminder::Column::SentOn.lt(date_text(oldest)))
    })
    .await?;
    let counts = [
        ("notifications", notifications),
        ("mails", mails),
        ("events", events),
        ("sessions", sessions),
        ("keys", keys),
        ("runs", runs),
    ];
    let values: Vec<(&str, String)> = counts.iter().map(|(name, count)| (*name, count.to_string())).collect();
    Ok(Ending::Done(said(
        "Removed: {notifications} notifications, {mails} mails, {events} events, {sessions} sessions, {keys} request keys, {runs} runs of jobs.",
        &values,
    )))
}

/// Events that everybody was told of. The last ones stay: streams resume behind them, and numbers go on from them.
async fn events(ctx: &Ctx, before: i64) -> Outcome<u64> {
    use entity::outbox::{Column as C, Entity};
    let resumable = outbox::repo::last_seq(ctx.db.read()).await? - STREAMS_RESUME;
    let old = Condition::all().add(C::DeliveredAt.lt(before)).add(C::DeliveredSeq.lt(resumable));
    forget::<Entity>(ctx, C::Id, old).await
}

/// Sessions with their refresh tokens, refresh tokens and password resets that cannot be used any more.
async fn sessions(ctx: &Ctx, before: i64, now: i64) -> Outcome<u64> {
    let ended = {
        use session::Column as C;
        Condition::any().add(C::EndedAt.lt(before)).add(C::ExpiresAt.lt(before))
    };
    let count = forget::<session::Entity>(ctx, session::Column::Id, ended).await?;
    // A used one is kept while it is valid: using it again is what shows that it was stolen.
    let expired = Condition::all().add(refresh_token::Column::ExpiresAt.lt(now));
    forget::<refresh_token::Entity>(ctx, refresh_token::Column::Id, expired).await?;
    let expired = Condition::all().add(password_reset::Column::ExpiresAt.lt(before));
    forget::<password_reset::Entity>(ctx, password_reset::Column::Id, expired).await?;
    Ok(count)
}

/// Deletes the rows of `E` that match, by their column `id`, and says how many there were.
async fn forget<E: EntityTrait>(ctx: &Ctx, id: E::Column, which: Condition) -> Outcome<u64> {
    let mut gone = 0;
    loop {
        let ids: Vec<i64> = E::find()
            .select_only()
            .column(id)
            .filter(which.clone())
            .limit(PORTION)
            .into_tuple()
            .all(ctx.db.read())
            .await?;
        if ids.is_empty() {
            return Ok(gone);
        }
        let is_last = (ids.len() as u64) < PORTION;
        let work = ctx.begin(runs::by("clean_up")).await?;
        gone += E::delete_many().filter(id.is_in(ids)).exec(work.tx()).await?.rows_affected;
        work.commit(&()).await?;
        if is_last {
            return Ok(gone);
        }
    }
}
