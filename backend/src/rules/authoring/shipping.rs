//! The rules that come with the application. A missing one is put in as version 1; a newer one is offered as a draft and
//! never put over what an administrator has written.

use kpi_engine::{ENGINE_VERSION, Shipped, checksum, shipped};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::{
    app::Ctx,
    entity::{rule, rule_draft, rule_version},
    platform::{
        db::work::{By, Work},
        failure::Outcome,
        signals::Topic,
    },
    rules::repo,
};

/// Puts every shipped rule that is missing in as version 1, and offers those that have changed since.
pub async fn seed_shipped(ctx: &Ctx) -> Outcome<()> {
    put_in(ctx, shipped()).await
}

/// As [`seed_shipped`], of the rules that an application brings along.
pub async fn put_in(ctx: &Ctx, shipped: &[Shipped]) -> Outcome<()> {
    for rule in shipped {
        let checksum = checksum(rule.source);
        match repo::global_named(ctx.db.read(), rule.name).await? {
            None => put(ctx.begin(By::system("start")).await?, rule, &checksum).await?,
            Some(row) if row.shipped_checksum != checksum => offer(ctx, rule, &checksum).await?,
            Some(_) => {}
        }
    }
    Ok(())
}

async fn put(mut work: Work, shipped: &Shipped, checksum: &str) -> Outcome<()> {
    let row = rule::ActiveModel {
        name: Set(shipped.name.to_owned()),
        kind: Set(shipped.kind.to_string()),
        scope: Set("global".to_owned()),
        scope_id: Set(0),
        published_version: Set(1),
        created_at: Set(work.at().0),
        origin: Set("shipped".to_owned()),
        shipped_checksum: Set(checksum.to_owned()),
        revision: Set(1),
        ..Default::default()
    };
    let row = repo::insert(work.tx(), row).await?;
    let version = rule_version::ActiveModel {
        rule_id: Set(row.id),
        version: Set(1),
        source: Set(shipped.source.to_owned()),
        tests: Set(shipped.cases.to_owned()),
        checksum: Set(checksum.to_owned()),
        engine: Set(ENGINE_VERSION.to_owned()),
        note: Set("Shipped with the application.".to_owned()),
        created_at: Set(work.at().0),
        ..Default::default()
    };
    repo::insert_version(work.tx(), version).await?;
    work.audit("rule.ship", "rule", Some(row.id), json!({ "name": row.name, "version": 1 })).await?;
    work.touch(Topic::Rules);
    work.commit(&()).await
}

/// Makes a changed source the draft, where nobody is writing one. Where somebody is, it is offered at a later start.
async fn offer(ctx: &Ctx, shipped: &Shipped, checksum: &str) -> Outcome<()> {
    let mut work = ctx.begin(By::system("start")).await?;
    let Some(row) = repo::global_named(work.tx(), shipped.name).await? else { return Ok(()) };
    let Some(whole) = repo::by_id(work.tx(), row.id).await? else { return Ok(()) };
    let noted = || rule::ActiveModel { shipped_checksum: Set(checksum.to_owned()), ..Default::default() };
    if repo::has_version_of(work.tx(), row.id, checksum).await? {
        repo::change(work.tx(), row.id, row.revision, noted()).await?;
        return work.commit(&()).await;
    }
    if whole.draft.is_some_and(|draft| !draft.is_offered) {
        tracing::info!(
            rule = shipped.name,
            "a newer shipped rule waits until the present draft is done with"
        );
        return Ok(());
    }
    let draft = rule_draft::ActiveModel {
        rule_id: Set(row.id),
        source: Set(shipped.source.to_owned()),
        tests: Set(shipped.cases.to_owned()),
        based_on: Set(row.published_version),
        is_offered: Set(true),
        updated_by: Set(None),
        updated_at: Set(work.at().0),
        ..Default::default()
    };
    repo::put_draft(work.tx(), draft).await?;
    repo::change(work.tx(), row.id, row.revision, noted()).await?;
    let detail = json!({ "name": row.name, "checksum": checksum });
    work.audit("rule.offer", "rule", Some(row.id), detail).await?;
    work.commit(&()).await
}
