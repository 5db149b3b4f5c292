//! Adding files to a KPI, looking at them, deleting them.

use kpi_api::{
    error::Code,
    evidence::{EvidenceList, EvidenceView},
    history::Change,
    id::{EvidenceId, KpiId},
    kpi::Status,
    permission::Capability,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use serde_json::{Value, json};

use super::{
    facts,
    limits::{self, Room},
    policy,
    receive::{self, AROUND, Received},
    repo, sweep, view,
};
use crate::{
    auth::actor::Call,
    entity::{evidence, kpi},
    kpi::{
        convert, history,
        scoring::Scene,
        service::{Loaded, files, load, undo},
    },
    periods,
    platform::{
        db::work::{Event, Work},
        failure::{Failure, Outcome},
        http::form::Incoming,
    },
};

pub use facts::{of as facts_of, summaries as summary_of};
pub use sweep::sweep_orphans;

/// What hangs on a KPI, and what is still asked for.
pub async fn list(call: &Call, id: KpiId) -> Outcome<EvidenceList> {
    let scene = Scene::now(&call.ctx).await?;
    let db = call.ctx.db.read();
    let loaded = load(db, &call.who, &scene, id).await?;
    if !call.who.may(Capability::SeeEvidence, loaded.standing.relation) {
        return Err(Failure::new(Code::NotAllowed, Code::NotAllowed.title()));
    }
    view::list(call, db, &scene, &loaded).await
}

pub async fn get(call: &Call, id: EvidenceId) -> Outcome<EvidenceView> {
    let scene = Scene::now(&call.ctx).await?;
    let db = call.ctx.db.read();
    let (row, loaded) = see(call, db, &scene, id).await?;
    view::one(call, db, &scene, &loaded, row).await
}

/// A row whose KPI the caller may see with its files; all others are absent.
pub async fn see(
    call: &Call,
    db: &impl ConnectionTrait,
    scene: &Scene,
    id: EvidenceId,
) -> Outcome<(evidence::Model, Loaded)> {
    let row = repo::by_id_unscoped(db, id.0).await?.ok_or_else(Failure::not_found)?;
    let loaded = load(db, &call.who, scene, KpiId(row.kpi_id)).await?;
    if call.who.may(Capability::SeeEvidence, loaded.standing.relation) {
        Ok((row, loaded))
    } else {
        Err(Failure::not_found())
    }
}

/// Takes a file in and hangs it on a KPI or one of its check-ins. Its content is on the disk before its row.
pub async fn add(call: &Call, id: KpiId, incoming: &Incoming) -> Outcome<EvidenceView> {
    let received = match take(call, id, incoming).await {
        Ok(received) => received,
        Err(refusal) => {
            incoming.drain().await;
            return Err(refusal);
        }
    };
    receive::inspect(&call.ctx, &received).await?;
    let sha256 = received.file.sha256.clone();
    let kept = keep(call, id, received).await;
    if kept.is_err() {
        sweep::discard(&call.ctx, &sha256).await;
    }
    kept
}

/// Reads the form, after a look whether that is of any use.
async fn take(call: &Call, id: KpiId, incoming: &Incoming) -> Outcome<Received> {
    let ctx = &call.ctx;
    let scene = Scene::now(ctx).await?;
    let loaded = load(ctx.db.read(), &call.who, &scene, id).await?;
    match policy::ensure(call.who.role(), loaded.standing) {
        // What was answered before is answered again, whatever has become of the KPI since.
        Err(refusal) if refusal.code() != Code::NotAllowed && call.who.meta.idempotency_key()?.is_some() => {}
        other => other?,
    }
    let most = ctx.config.max_upload_size + AROUND;
    let declared = incoming.declared().unwrap_or(0);
    if declared > most {
        return Err(limits::too_large(ctx.config.max_upload_size));
    }
    let room = Room::of(ctx, ctx.db.read(), call.who.id()).await?;
    let place = ctx.arriving.enter(call.who.id(), room, declared.saturating_sub(AROUND))?;
    receive::receive(ctx, &mut incoming.form(most)?, place).await
}

async fn keep(call: &Call, id: KpiId, received: Received) -> Outcome<EvidenceView> {
    let ctx = &call.ctx;
    let Received { file, name, extension, description, check_in, place: _place } = received;
    let scene = Scene::now(ctx).await?;
    let (sha256, size) = (file.sha256.clone(), file.size);
    // From here until the commit nobody sweeps the content away.
    let placing = ctx.files.placing().await;
    ctx.files.place(file).await?;
    let mut work = call.begin().await?;
    let request = json!([id, sha256, name, description, check_in]);
    if let Some(done) = work.replay("POST /kpis/{id}/evidence", &request).await? {
        return Ok(done);
    }
    let loaded = admit(call, &work, &scene, id).await?;
    if let Some(check_in) = check_in
        && repo::kpi_of_check_in(work.tx(), check_in.0).await? != Some(id.0)
    {
        return Err(Failure::field("check_in_id", "unknown", "This KPI has no such check-in."));
    }
    Room::of(ctx, work.tx(), call.who.id()).await?.ensure(size)?;
    limits::ensure_few(work.tx(), id).await?;
    let row = evidence::ActiveModel {
        kpi_id: Set(id.0),
        check_in_id: Set(check_in.map(|id| id.0)),
        name: Set(name),
        extension: Set(extension),
        sha256: Set(sha256),
        size: Set(i64::try_from(size).unwrap_or(i64::MAX)),
        description: Set(description),
        uploaded_by: Set(call.who.id().0),
        created_at: Set(work.at().0),
        ..Default::default()
    };
    let row = repo::insert(work.tx(), row).await?;
    leave_trace(call, &mut work, &loaded.row, &row, Done::Added).await?;
    files::changed(call, &mut work, &scene, &loaded.row).await?;
    let answer = view::one(call, work.tx(), &scene, &loaded, row).await?;
    work.commit(&answer).await?;
    drop(placing);
    Ok(answer)
}

/// Deletes a file's row; its content goes with the next sweep, unless another row names it.
pub async fn delete(call: &Call, id: EvidenceId) -> Outcome<()> {
    let scene = Scene::now(&call.ctx).await?;
    let mut work = call.begin().await?;
    let (row, loaded) = see(call, work.tx(), &scene, id).await?;
    let loaded = admitted(call, &work, loaded).await?;
    if loaded.standing.status == Status::InReview
        && view::needed(call, work.tx(), &loaded.row).await?.contains(&row.id)
    {
        return Err(Failure::new(
            Code::EvidenceNeeded,
            "The template asks for this file, and the result under review rests on it; recall the result first.",
        ));
    }
    if !repo::delete(work.tx(), row.id).await? {
        return Err(Failure::not_found());
    }
    leave_trace(call, &mut work, &loaded.row, &row, Done::Deleted).await?;
    files::changed(call, &mut work, &scene, &loaded.row).await?;
    work.commit(&()).await
}

async fn admit(call: &Call, work: &Work, scene: &Scene, id: KpiId) -> Outcome<Loaded> {
    let loaded = load(work.tx(), &call.who, scene, id).await?;
    admitted(call, work, loaded).await
}

/// Permission, state and quarter; whether the quarter is closed is asked in the transaction that is about to write.
async fn admitted(call: &Call, work: &Work, mut loaded: Loaded) -> Outcome<Loaded> {
    let period = periods::from_number(loaded.row.period);
    loaded.standing.period_closed = periods::is_closed(work.tx(), period).await?;
    policy::ensure(call.who.role(), loaded.standing)?;
    debug_assert_eq!(convert::status(&loaded.row)?, loaded.standing.status);
    Ok(loaded)
}

#[derive(Clone, Copy)]
enum Done {
    Added,
    Deleted,
}

/// History, audit and event.
async fn leave_trace(
    call: &Call,
    work: &mut Work,
    kpi: &kpi::Model,
    row: &evidence::Model,
    done: Done,
) -> Outcome<()> {
    let name = Value::from(row.name.as_str());
    let (act, action, event, old, new) = match done {
        Done::Added => (history::FILE_ADDED, "evidence.add", "evidence.added", Value::Null, name),
        Done::Deleted => (history::FILE_DELETED, "evidence.delete", "evidence.deleted", name, Value::Null),
    };
    // Otherwise a returned result could come back to its review without the file that it rests on.
    undo::settle(work, kpi).await?;
    let change = Change { field: "evidence".to_owned(), old, new };
    history::note(work, act, call.who.id(), kpi, change).await?;
    let detail = json!({
        "kpi_id": kpi.id,
        "check_in_id": row.check_in_id,
        "name": row.name,
        "size": row.size,
        "sha256": row.sha256,
    });
    work.audit(action, "evidence", Some(row.id), detail).await?;
    let payload = json!({
        "kpi_id": kpi.id,
        "evidence_id": row.id,
        "check_in_id": row.check_in_id,
        "name": row.name,
        "title": kpi.title,
        "owner_id": kpi.user_id,
        "status": kpi.status,
    });
    work.emit(Event { name: event, entity: "kpi", entity_id: kpi.id, payload }).await?;
    Ok(())
}
