//! Putting the shipped rules in, and showing what is published.

use anyhow::anyhow;
use kpi_api::{
    id::{RuleId, Version},
    rules::{RuleDetail, RuleList, RuleState, RuleView},
    time::Timestamp,
};
use kpi_engine::{ENGINE_VERSION, checksum, shipped};
use serde_json::json;

use super::{
    repo::{self, Fresh},
    shelf::Scope,
};
use crate::{
    app::Ctx,
    entity::{rule, rule_version},
    periods,
    platform::{
        db::work::By,
        failure::{Failure, Outcome},
        signals::Topic,
    },
};

/// Puts every shipped rule that is missing in as version 1. What an administrator has published stays.
pub async fn seed_shipped(ctx: &Ctx) -> Outcome<()> {
    for rule in shipped() {
        if repo::global_named(ctx.db.read(), rule.name).await?.is_some() {
            continue;
        }
        let mut work = ctx.begin(By::system("start")).await?;
        let fresh = Fresh {
            name: rule.name,
            kind: rule.kind.as_str(),
            source: rule.source,
            tests: rule.cases,
            checksum: &checksum(rule.source),
            engine: ENGINE_VERSION,
            note: "Shipped with the application.",
            at: work.at().0,
        };
        let id = repo::insert_global(work.tx(), fresh).await?;
        work.audit("rule.ship", "rule", Some(id), json!({ "name": rule.name, "version": 1 })).await?;
        work.touch(Topic::Rules);
        work.commit(&()).await?;
    }
    Ok(())
}

pub async fn list(ctx: &Ctx) -> Outcome<RuleList> {
    let rows = repo::published(ctx.db.read()).await?;
    let items = rows.into_iter().filter_map(|(rule, versions)| {
        let version = versions.into_iter().find(|version| version.version == rule.published_version)?;
        Some(view(&rule, &version))
    });
    Ok(RuleList { items: items.collect::<Outcome<_>>()? })
}

pub async fn get(ctx: &Ctx, id: RuleId) -> Outcome<RuleDetail> {
    let (rule, version) = repo::by_id(ctx.db.read(), id.0).await?.ok_or_else(Failure::not_found)?;
    Ok(RuleDetail {
        rule: view(&rule, &version)?,
        draft: None,
        recipe: None,
        source: version.source,
        tests: version.tests,
        engine: version.engine,
        note: version.note,
    })
}

fn view(rule: &rule::Model, version: &rule_version::Model) -> Outcome<RuleView> {
    let (title, description) = kpi_engine::heading(&version.source);
    Ok(RuleView {
        id: RuleId(rule.id),
        name: rule.name.clone(),
        kind: rule.kind.parse().map_err(|e| anyhow!("kind of rule {}: {e}", rule.id))?,
        scope: Scope::read(&rule.scope, rule.scope_id)?.to_text(),
        title,
        description,
        scope_name: None,
        version: Version(version.version),
        state: RuleState::Published,
        origin: "shipped".into(),
        has_draft: false,
        draft_offered: false,
        checksum: version.checksum.clone(),
        published_at: Some(Timestamp(version.created_at)),
        effective_from: version.effective_period.map(periods::from_number),
        trouble: None,
        runs: None,
        shadow: None,
        revision: Version(1),
    })
}
