//! Taking a decision back. For ten seconds nobody is told of it: its event waits in the outbox, and beside it stands what
//! the KPI was before. Whoever decided puts it back exactly as it was, and the event is gone; anything else that happens
//! to the KPI ends the waiting, so that its news go out in the order in which they happened.

use kpi_api::{
    approvals::UNDO_WINDOW,
    error::Code,
    id::{KpiId, UserId, Version},
    kpi::{Act, KpiView},
    permission::{Capability, Relation},
    time::Timestamp,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Trace, Traced, check_version, leave_trace_as, load, stale, view};
use crate::{
    app::Ctx,
    auth::actor::{Actor, Call},
    entity::{kpi, undoable_decision},
    kpi::{repo, scoring::Scene},
    platform::{
        db::work::Work,
        failure::{Failure, Outcome},
    },
};

/// The columns that a decision moves.
macro_rules! moved {
    ($($column:ident: $kind:ty),* $(,)?) => {
        #[derive(Debug, Serialize, Deserialize)]
        struct Before { $($column: $kind),* }

        impl Before {
            fn of(row: &kpi::Model) -> Self {
                Self { $($column: row.$column.clone()),* }
            }

            fn put_back(self, row: &mut kpi::Model) {
                $(row.$column = self.$column;)*
            }
        }
    };
}

moved! {
    status: String,
    returned_reason: Option<String>,
    submit_comment: Option<String>,
    is_revision: bool,
    updated_at: i64,
    updated_by: i64,
    submitted_at: Option<i64>,
    submitted_by: Option<i64>,
    approved_at: Option<i64>,
    approved_by: Option<i64>,
    closed_at: Option<i64>,
    closed_by: Option<i64>,
}

/// Keeps what a KPI was before a decision whose event is waiting, and forgets what nobody can take back any more.
pub(super) async fn remember(
    work: &Work,
    actor: &Actor,
    act: Act,
    (before, after): (&kpi::Model, &kpi::Model),
    event: i64,
) -> Outcome<()> {
    use undoable_decision::Column as C;
    debug_assert!(is_whole(before, after), "{act} moves a column that is not kept");
    undoable_decision::Entity::delete_many().filter(C::Until.lte(work.at().0)).exec(work.tx()).await?;
    let row = undoable_decision::ActiveModel {
        kpi_id: Set(after.id),
        version: Set(after.version),
        by_id: Set(actor.id().0),
        until: Set(work.at().0 + UNDO_WINDOW),
        act: Set(act.to_string()),
        before: Set(serde_json::to_string(&Before::of(before))?),
        outbox_id: Set(event),
        ..Default::default()
    };
    row.insert(work.tx()).await?;
    Ok(())
}

/// Whether what is kept makes the row what it was.
fn is_whole(before: &kpi::Model, after: &kpi::Model) -> bool {
    let mut row = kpi::Model { version: before.version, receipt: before.receipt.clone(), ..after.clone() };
    Before::of(before).put_back(&mut row);
    row == *before
}

/// Something else is about to happen to the KPI: a decision just made stands, and its news need not wait.
pub async fn settle(work: &Work, row: &kpi::Model) -> Outcome<()> {
    // A decision that could still be taken back was the last thing that happened, and not long ago.
    if work.at().0 - row.updated_at >= UNDO_WINDOW {
        return Ok(());
    }
    if let Some(decision) = of(work.tx(), row.id).await? {
        undoable_decision::Entity::delete_by_id(decision.id).exec(work.tx()).await?;
        work.release(decision.outbox_id).await?;
    }
    Ok(())
}

async fn of(db: &impl ConnectionTrait, kpi: i64) -> Result<Option<undoable_decision::Model>, DbErr> {
    undoable_decision::Entity::find().filter(undoable_decision::Column::KpiId.eq(kpi)).one(db).await
}

/// Until when this person may take back the decision that was the last thing to happen to the KPI.
pub(super) async fn until(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    row: &kpi::Model,
) -> Outcome<Option<Timestamp>> {
    let now = ctx.clock.now().0;
    if row.updated_by != actor.id().0 || now - row.updated_at >= UNDO_WINDOW {
        return Ok(None);
    }
    let decision = of(db, row.id).await?;
    let decision = decision.filter(|d| d.version == row.version && d.by_id == actor.id().0 && now < d.until);
    Ok(decision.map(|decision| Timestamp(decision.until)))
}

/// Puts a KPI back to what it was before the decision just made.
pub async fn undo(call: &Call, id: KpiId) -> Outcome<KpiView> {
    let scene = Scene::now(&call.ctx).await?;
    let mut work = call.begin().await?;
    let loaded = load(work.tx(), &call.who, &scene, id).await?;
    let relation = loaded.standing.relation;
    if !call.who.may(Capability::DecideKpi, relation) {
        let code = if relation == Relation::Own { Code::OwnKpi } else { Code::NotAllowed };
        return Err(Failure::new(code, code.title()));
    }
    let after = loaded.row;
    check_version(call.who.version()?, &after)?;
    let over = || Failure::new(Code::UndoOver, Code::UndoOver.title());
    let decision = of(work.tx(), after.id).await?.filter(|decision| decision.version == after.version);
    let decision = decision.ok_or_else(over)?;
    if decision.by_id != call.who.id().0 {
        return Err(Failure::new(Code::NotAllowed, "Only who decided takes it back."));
    }
    if work.at().0 >= decision.until || !work.withdraw(decision.outbox_id).await? {
        return Err(over());
    }
    undoable_decision::Entity::delete_by_id(decision.id).exec(work.tx()).await?;

    let mut restored = after.clone();
    serde_json::from_str::<Before>(&decision.before)?.put_back(&mut restored);
    restored.version = after.version + 1;
    if !repo::update_if_unchanged(work.tx(), &restored, Version(after.version), &after.status).await? {
        return Err(stale(after.version + 1));
    }
    let traced =
        Traced { on_behalf_of: scene.directory.on_behalf_of(call.who.id(), UserId(after.user_id)), wait: 0 };
    let trace = Trace {
        act: "undo",
        event: "kpi.undone",
        reason: None,
        before: Some(&after),
        payload: json!({ "undone": decision.act }),
    };
    leave_trace_as(&mut work, &call.who, &restored, trace, traced).await?;
    let view = view::of(&call.ctx, work.tx(), &call.who, &scene, restored).await?;
    work.commit(&view).await?;
    Ok(view)
}
