//! Publishing: a draft, or an older version once more, becomes the next version. Versions are only added, in one
//! transaction with the audit row and the news, and apply from a quarter that is still open.

use kpi_api::{
    id::{RuleId, Version},
    rules::{PublishBody, PublishedRule, Rescore, RollbackBody},
    scoring::RuleKind,
    time::Period,
};
use kpi_engine::{ENGINE_VERSION, checksum};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    drafts::{advance, without_rival},
    load_at, proof, wrong_state,
};
use crate::{
    auth::actor::Call,
    entity::{rule, rule_version},
    periods,
    platform::{
        db::work::{Event, Work},
        failure::{Failure, Outcome},
        signals::Topic,
    },
    rules::{repo, rescore, service, shadow},
};

/// What is to be published, and how.
struct Next {
    source: String,
    tests: String,
    note: String,
    from: Period,
    rescore: Rescore,
    /// The version whose source it is, where an older one comes back.
    restores: Option<Version>,
}

/// Publishes the draft. 409 `check_failed` or `tests_failed` with everything that does not hold.
pub async fn publish(call: &Call, id: RuleId, body: PublishBody) -> Outcome<PublishedRule> {
    body.check().map_err(Failure::invalid)?;
    let seen = call.who.version()?;
    let whole = load_at(call.ctx.db.read(), id, seen).await?;
    let Some(draft) = whole.draft.clone() else { return Err(wrong_state("There is no draft to publish.")) };
    let next = Next {
        source: draft.source,
        tests: draft.tests,
        note: body.note.trim().to_owned(),
        from: body.effective_from.unwrap_or_else(|| call.ctx.period_now()),
        rescore: body.rescore,
        restores: None,
    };
    let report = proof::prove(&call.ctx, &whole, next.source.clone(), next.tests.clone()).await?;
    proof::demand(&report)?;
    commit(call, id, seen, next).await
}

/// Publishes the source of an older version as the next one. The draft stays as it is. It is proved anew: the engine may
/// have become stricter since.
pub async fn roll_back(call: &Call, id: RuleId, body: RollbackBody) -> Outcome<PublishedRule> {
    body.check().map_err(Failure::invalid)?;
    let seen = call.who.version()?;
    let whole = load_at(call.ctx.db.read(), id, seen).await?;
    let old = repo::version(call.ctx.db.read(), id.0, body.version.0).await?;
    let old = old.ok_or_else(|| Failure::field("version", "unknown", "There is no such version."))?;
    if old.version == whole.rule.published_version && whole.rule.retired_at.is_none() {
        return Err(Failure::field("version", "present", "This version is the published one."));
    }
    let next = Next {
        source: old.source,
        tests: old.tests,
        note: body.note.trim().to_owned(),
        from: body.effective_from.unwrap_or_else(|| call.ctx.period_now()),
        rescore: body.rescore,
        restores: Some(body.version),
    };
    let report = proof::prove(&call.ctx, &whole, next.source.clone(), next.tests.clone()).await?;
    proof::demand(&report)?;
    commit(call, id, seen, next).await
}

async fn commit(call: &Call, id: RuleId, seen: Version, next: Next) -> Outcome<PublishedRule> {
    let mut work = call.begin().await?;
    let whole = load_at(work.tx(), id, seen).await?;
    if periods::is_closed(work.tx(), next.from).await? {
        let message = format!("{} is closed; its scores stay as they are.", next.from);
        return Err(Failure::field("effective_from", "period_closed", message));
    }
    without_rival(&work, &whole.rule).await?;
    let version = insert(&work, &whole.rule, &next).await?;
    if next.restores.is_none() {
        repo::drop_draft(work.tx(), id.0).await?;
        shadow::service::end_with_draft(&mut work, id).await?;
    }
    let row = rule::ActiveModel {
        published_version: Set(version.0),
        ..repo::back_from(&whole.rule, periods::number(next.from))?
    };
    advance(&work, id, seen, row).await?;
    let said = json!({
        "rule_id": id,
        "name": whole.rule.name,
        "version": version,
        "note": next.note,
        "by": work.by().user_id,
        "effective_from": next.from,
        "rescore": next.rescore,
        "restores": next.restores,
    });
    let mut detail = said.clone();
    detail["checksum"] = json!(checksum(&next.source));
    work.audit("rule.publish", "rule", Some(id.0), detail).await?;
    work.emit(Event { name: "rule.published", entity: "rule", entity_id: id.0, payload: said }).await?;
    work.touch(Topic::Rules);
    let rescore_id = match next.rescore {
        Rescore::None => None,
        // The other kinds make no scores.
        Rescore::Open if whole.rule.kind != RuleKind::Score.as_str() => None,
        Rescore::Open => {
            let from = Some(periods::number(next.from));
            Some(rescore::start(&call.ctx, &mut work, id, version, from).await?.0)
        }
    };
    let rule = service::detail(&call.ctx, work.tx(), id).await?;
    let answer = PublishedRule { rule, rescore_id };
    work.commit(&answer).await?;
    Ok(answer)
}

async fn insert(work: &Work, rule: &rule::Model, next: &Next) -> Outcome<Version> {
    let version = rule.published_version + 1;
    let row = rule_version::ActiveModel {
        rule_id: Set(rule.id),
        version: Set(version),
        source: Set(next.source.clone()),
        tests: Set(next.tests.clone()),
        checksum: Set(checksum(&next.source)),
        engine: Set(ENGINE_VERSION.to_owned()),
        author_id: Set(work.by().user_id.map(|id| id.0)),
        note: Set(next.note.clone()),
        effective_period: Set(Some(periods::number(next.from))),
        created_at: Set(work.at().0),
        ..Default::default()
    };
    repo::insert_version(work.tx(), row).await?;
    Ok(Version(version))
}
