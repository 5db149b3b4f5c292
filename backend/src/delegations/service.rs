//! Agreeing, ending and listing delegations.

use kpi_api::{
    delegation::{DelegateList, DelegationList, DelegationNew, DelegationState, DelegationView},
    error::Code,
    id::{DelegationId, UserId, Version},
    permission::Role,
    time::{Date, Timestamp},
};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use time::Duration;

use super::repo;
use crate::{
    auth::actor::{Actor, Call},
    entity::delegation,
    kpi::convert::{date_of, date_text},
    people::directory::Directory,
    platform::{
        db::work::Event,
        failure::{Failure, Outcome},
        signals::Topic,
    },
};

/// How long what is over stays in the list.
const SHOWN: Duration = Duration::days(366);
/// Of one person, not over yet.
const MOST_OPEN: u64 = 50;

pub async fn list(call: &Call, user: Option<UserId>) -> Outcome<DelegationList> {
    let person = user.unwrap_or(call.who.id());
    if person != call.who.id() && call.who.role() != Role::Admin {
        return Err(Failure::new(Code::NotAllowed, "Only administrators see the delegations of others."));
    }
    let directory = call.ctx.directory().await?;
    let today = call.ctx.today();
    let rows = repo::of(call.ctx.db.read(), person, today - SHOWN).await?;
    let (given, received): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.manager_id == person.0);
    let views = |rows: Vec<&delegation::Model>| {
        rows.into_iter().map(|row| view(row, &call.who, &directory, today)).collect::<Outcome<Vec<_>>>()
    };
    Ok(DelegationList { given: views(given)?, received: views(received)? })
}

pub async fn candidates(call: &Call) -> Outcome<DelegateList> {
    let directory = call.ctx.directory().await?;
    let mut items: Vec<_> = directory
        .people()
        .filter(|person| person.can_decide() && person.id != call.who.id())
        .map(|person| person.colleague())
        .collect();
    items.sort_by_cached_key(|colleague| (colleague.name.to_lowercase(), colleague.id));
    Ok(DelegateList { items })
}

pub async fn create(call: &Call, body: DelegationNew) -> Outcome<DelegationView> {
    let today = call.ctx.today();
    let manager = call.who.id();
    let mut work = call.begin().await?;
    if let Some(done) = work.replay("POST /delegations", &body).await? {
        return Ok(done);
    }
    body.check(today).map_err(Failure::invalid)?;
    if body.delegate_id == manager {
        return Err(Failure::field("delegate_id", "yourself", "Choose somebody else."));
    }
    let directory = Directory::load(work.tx(), today).await?;
    if !directory.person(body.delegate_id).is_some_and(|person| person.can_decide()) {
        let message = "Only an active manager or administrator can decide in your place.";
        return Err(Failure::field("delegate_id", "unknown", message));
    }
    if repo::overlaps(work.tx(), manager, body.delegate_id, (body.from, body.to)).await? {
        let message = "This person decides in your place on some of these days already.";
        return Err(Failure::field("from", "overlaps", message));
    }
    if repo::count_open(work.tx(), manager, today).await? >= MOST_OPEN {
        return Err(Failure::field("from", "too_many", format!("At most {MOST_OPEN} at a time.")));
    }
    let row = delegation::ActiveModel {
        manager_id: Set(manager.0),
        delegate_id: Set(body.delegate_id.0),
        from_day: Set(date_text(body.from)),
        to_day: Set(date_text(body.to)),
        created_at: Set(work.at().0),
        version: Set(1),
        ..Default::default()
    };
    let row = repo::insert(work.tx(), row).await?;
    work.audit("delegation.create", "delegation", Some(row.id), outline(&row)).await?;
    work.emit(event("delegation.created", &row)).await?;
    work.touch(Topic::People);
    let answer = view(&row, &call.who, &directory, today)?;
    work.commit(&answer).await?;
    Ok(answer)
}

/// Ends one at once. Who stands in is told and sees it, but does not end it; others learn nothing.
pub async fn end(call: &Call, id: DelegationId) -> Outcome<()> {
    let mut work = call.begin().await?;
    let row = repo::by_id(work.tx(), id).await?.ok_or_else(Failure::not_found)?;
    if !may_see(&row, &call.who) {
        return Err(Failure::not_found());
    }
    if !may_end(&row, &call.who) {
        return Err(Failure::new(Code::NotAllowed, "Only who gave a delegation ends it."));
    }
    let stale = || Failure::new(Code::StaleVersion, Code::StaleVersion.title());
    if call.who.version()?.0 != row.version {
        return Err(stale());
    }
    if state(&row, call.ctx.today())? == DelegationState::Over {
        return Err(Failure::new(Code::WrongState, "This delegation is over already."));
    }
    if !repo::end(work.tx(), &row, work.at().0, call.who.id()).await? {
        return Err(stale());
    }
    work.audit("delegation.end", "delegation", Some(row.id), outline(&row)).await?;
    work.emit(event("delegation.ended", &row)).await?;
    work.touch(Topic::People);
    work.commit(&()).await
}

fn may_see(row: &delegation::Model, who: &Actor) -> bool {
    row.delegate_id == who.id().0 || may_end(row, who)
}

fn may_end(row: &delegation::Model, who: &Actor) -> bool {
    row.manager_id == who.id().0 || who.role() == Role::Admin
}

fn state(row: &delegation::Model, today: Date) -> Outcome<DelegationState> {
    Ok(if row.ended_at.is_some() || date_of(&row.to_day)? < today {
        DelegationState::Over
    } else if date_of(&row.from_day)? > today {
        DelegationState::Planned
    } else {
        DelegationState::Running
    })
}

fn view(row: &delegation::Model, who: &Actor, directory: &Directory, today: Date) -> Outcome<DelegationView> {
    let state = state(row, today)?;
    Ok(DelegationView {
        id: DelegationId(row.id),
        manager: directory.colleague(UserId(row.manager_id)),
        delegate: directory.colleague(UserId(row.delegate_id)),
        from: date_of(&row.from_day)?,
        to: date_of(&row.to_day)?,
        state,
        created_at: Timestamp(row.created_at),
        ended_at: row.ended_at.map(Timestamp),
        may_end: state != DelegationState::Over && may_end(row, who),
        version: Version(row.version),
    })
}

fn outline(row: &delegation::Model) -> Value {
    json!({
        "manager_id": row.manager_id,
        "delegate_id": row.delegate_id,
        "from": row.from_day,
        "to": row.to_day,
    })
}

fn event<'a>(name: &'a str, row: &delegation::Model) -> Event<'a> {
    let mut payload = outline(row);
    payload["delegation_id"] = json!(row.id);
    Event { name, entity: "delegation", entity_id: row.id, payload }
}
