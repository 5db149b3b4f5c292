//! The round of a day: asks the rules about every open KPI, and puts what is due into the outbox, each batch in one
//! transaction with the note that it was said.

use std::collections::HashMap;

use serde_json::json;

use super::{
    planning::{Due, told_before},
    reading::Walk,
    repo,
};
use crate::{
    app::Ctx,
    kpi::{convert::date_text, scoring::Scene},
    platform::{
        db::work::{By, Event, Work},
        failure::Outcome,
    },
};

/// What a round came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Reminders that went out.
    pub sent: u64,
    /// Open KPIs that were looked at.
    pub looked_at: u64,
    /// Names of the rules of which a version failed.
    pub failed: Vec<String>,
}

/// Sends the reminders of today.
pub async fn send(ctx: &Ctx) -> Outcome<Round> {
    let scene = Scene::now(ctx).await?;
    let mut round = Round::default();
    let mut walk = Walk::begin(ctx, vec![scene], None).await?;
    while let Some(planned) = walk.next().await? {
        round.looked_at += planned.looked_at as u64;
        round.sent += put_out(ctx, planned.due).await?;
    }
    for failed in walk.troubles() {
        round.failed.push(failed.name.clone());
        ctx.troubles.note(failed);
    }
    round.failed.sort();
    round.failed.dedup();
    Ok(round)
}

/// Tells those who have not been told since the interval, and says how many that were. A KPI that has changed since it
/// was read is left for the next round.
async fn put_out(ctx: &Ctx, due: Vec<Due>) -> Outcome<u64> {
    if due.is_empty() {
        return Ok(0);
    }
    let mut work = ctx.begin(By::system("job reminders")).await?;
    let present: HashMap<i64, i64> = repo::versions(work.tx(), due.iter().map(|due| due.kpi_id)).await?;
    let mut sent = 0;
    for due in due {
        if present.get(&due.kpi_id) == Some(&due.kpi_version) && tell(&mut work, due).await? {
            sent += 1;
        }
    }
    work.commit(&()).await?;
    Ok(sent)
}

async fn tell(work: &mut Work, due: Due) -> Outcome<bool> {
    let row = repo::row(due.user.0, due.kpi_id, &due.reason, date_text(due.on), work.at().0);
    if !repo::tell(work.tx(), row, &date_text(told_before(due.every, due.on))).await? {
        return Ok(false);
    }
    let payload = json!({
        "user_id": due.user,
        "kpi_id": due.kpi_id,
        "kpi_title": due.kpi_title,
        "rule_id": due.rule_id,
        "title": due.title,
        "text": due.text,
        "reason": due.reason,
    });
    work.emit(Event { name: "reminder.due", entity: "kpi", entity_id: due.kpi_id, payload }).await?;
    Ok(true)
}
