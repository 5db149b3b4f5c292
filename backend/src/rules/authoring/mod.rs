//! Writing rules: drafts ([`drafts`]), trying them out ([`trial`] and [`samples`]), publishing them as versions that never
//! change ([`publishing`]), looking at those ([`versions`]), and what comes with the application ([`shipping`]).

pub mod drafts;
pub mod proof;
pub mod publishing;
pub mod samples;
pub mod shipping;
pub mod trial;
pub mod versions;

use kpi_api::{
    error::Code,
    id::{RuleId, Version},
    scoring::RuleKind,
};
use sea_orm::ConnectionTrait;

use super::{repo, repo::Whole, shelf::Scope};
use crate::{
    app::Ctx,
    platform::failure::{Failure, Outcome},
};

/// A rule as it was read. 404 when there is none.
pub async fn load(db: &impl ConnectionTrait, id: RuleId) -> Outcome<Whole> {
    repo::by_id(db, id.0).await?.ok_or_else(Failure::not_found)
}

/// As [`load`], at the revision that the caller has seen; 412 otherwise.
pub async fn load_at(db: &impl ConnectionTrait, id: RuleId, seen: Version) -> Outcome<Whole> {
    let whole = load(db, id).await?;
    if whole.rule.revision == seen.0 { Ok(whole) } else { Err(stale(whole.rule.revision)) }
}

/// What a rule would say if it were published now: its draft, else its published source. 404 when there is no such rule.
pub async fn draft_source(db: &impl ConnectionTrait, id: RuleId) -> Outcome<String> {
    Ok(load(db, id).await?.source().to_owned())
}

pub(super) fn kind(whole: &Whole) -> Outcome<RuleKind> {
    let kind = whole.rule.kind.parse();
    kind.map_err(|e| anyhow::anyhow!("kind of rule {}: {e}", whole.rule.id).into())
}

pub(super) fn scope(whole: &Whole) -> Outcome<Scope> {
    Ok(Scope::read(&whole.rule.scope, whole.rule.scope_id)?)
}

fn stale(now: i64) -> Failure {
    Failure::new(Code::StaleVersion, format!("It is at revision {now} by now."))
}

fn wrong_state(detail: &str) -> Failure {
    Failure::new(Code::RuleState, detail)
}

/// Runs work on drafts away from the async threads, two pieces at a time: whatever a draft does, threads are left for
/// everybody else's rules.
pub async fn aside<T: Send + 'static>(
    ctx: &Ctx,
    work: impl FnOnce(&kpi_engine::Engine) -> T + Send + 'static,
) -> Outcome<T> {
    static PLACES: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);
    let place = PLACES.acquire().await.map_err(anyhow::Error::from)?;
    let engine = std::sync::Arc::clone(&ctx.engine);
    let done = tokio::task::spawn_blocking(move || {
        // Kept until the work is done, even where nobody waits for it any more.
        let _place = place;
        work(&engine)
    });
    done.await.map_err(|panic| anyhow::anyhow!("trying a rule: {panic}").into())
}
