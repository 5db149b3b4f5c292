//! The rules of plugins. They are published when their plugin is enabled, from the present quarter on, and retired when it
//! rests; versions are only ever added, so that a score still names the one that made it.

use std::collections::HashMap;

use anyhow::anyhow;
use kpi_api::error::Code;
use kpi_engine::{ENGINE_VERSION, checksum};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::json;

use crate::{
    app::Ctx,
    entity::{plugin_part, rule, rule_version},
    periods,
    platform::{
        db::work::{Event, Work},
        failure::{Failure, Outcome},
        signals::Topic,
    },
    plugins::{
        bundle::{Bundle, BundleRule, RuleScope},
        repo::parts,
        view,
    },
    rules::repo,
};

/// A rule that is wanted, with its place in the company.
struct Wanted<'a> {
    rule: &'a BundleRule,
    name: String,
    scope: &'static str,
    scope_id: i64,
}

/// The parts of a plugin that are rules, with their rows where they are still there.
async fn of(
    db: &impl ConnectionTrait,
    plugin: i64,
) -> Outcome<Vec<(plugin_part::Model, Option<rule::Model>)>> {
    let mut found = Vec::new();
    for part in parts::of(db, plugin).await?.into_iter().filter(|part| part.kind == parts::RULE) {
        let row = rule::Entity::find_by_id(part.entity_id).one(db).await?;
        found.push((part, row));
    }
    Ok(found)
}

/// Publishes those that are missing or newer, and brings back those that were retired.
///
/// # Errors
/// 409 `plugin_state` where another score rule has the scope of one of them, or another rule its name.
pub async fn bring(
    ctx: &Ctx,
    work: &mut Work,
    plugin: i64,
    bundle: &Bundle,
    templates: &HashMap<String, i64>,
) -> Outcome<()> {
    let there = of(work.tx(), plugin).await?;
    let mut wanted = Vec::new();
    for rule in &bundle.rules {
        let (scope, scope_id) = match &rule.scope {
            RuleScope::Global => ("global", 0),
            RuleScope::Template(key) => {
                let id = templates.get(key).ok_or_else(|| anyhow!("a rule names the template {key}"))?;
                ("template", *id)
            }
        };
        wanted.push(Wanted { rule, name: view::rule_name(&bundle.manifest.id, rule), scope, scope_id });
    }
    for wanted in &wanted {
        let part = there.iter().find(|(part, _)| part.key == wanted.name).map(|(part, _)| part);
        put(ctx, work, plugin, bundle, wanted, part).await?;
    }
    for (part, row) in there.iter().filter(|(part, _)| wanted.iter().all(|rule| rule.name != part.key)) {
        if let Some(row) = row {
            retire(work, row).await?;
        }
        parts::delete(work.tx(), part.id).await?;
    }
    Ok(())
}

async fn put(
    ctx: &Ctx,
    work: &mut Work,
    plugin: i64,
    bundle: &Bundle,
    wanted: &Wanted<'_>,
    part: Option<&plugin_part::Model>,
) -> Outcome<()> {
    let known = repo::in_scope(work.tx(), &wanted.name, wanted.scope, wanted.scope_id).await?;
    let row = match known {
        // Somebody's own rule may be called like this one; it is not taken over.
        Some(row) if row.origin != origin(bundle) => {
            let detail = format!("{}: another rule of this name is there already.", wanted.name);
            return Err(Failure::new(Code::PluginState, detail));
        }
        Some(row) => row,
        None => insert(work, bundle, wanted).await?,
    };
    if repo::has_rival(work.tx(), &row).await? {
        let detail = format!("{}: another score rule applies there already.", wanted.name);
        return Err(Failure::new(Code::PluginState, detail));
    }
    let new = checksum(&wanted.rule.source);
    let published = repo::version(work.tx(), row.id, row.published_version).await?;
    // Without a part it is new, or was left by the plugin when it was removed.
    let is_untouched = match (&published, part) {
        (Some(published), Some(part)) => published.checksum == part.checksum,
        _ => true,
    };
    let is_newer = published.as_ref().is_none_or(|published| published.checksum != new);
    let mut change = repo::back_from(&row, periods::number(ctx.period_now()))?;
    let mut version = row.published_version;
    if is_untouched && is_newer {
        version += 1;
        change.published_version = Set(version);
        let edition = rule_version::ActiveModel {
            rule_id: Set(row.id),
            version: Set(version),
            source: Set(wanted.rule.source.clone()),
            tests: Set(wanted.rule.cases.clone()),
            checksum: Set(new.clone()),
            engine: Set(ENGINE_VERSION.to_owned()),
            author_id: Set(work.by().user_id.map(|id| id.0)),
            note: Set(format!("{} {}", bundle.manifest.name, bundle.manifest.version)),
            effective_period: Set(Some(periods::number(ctx.period_now()))),
            created_at: Set(work.at().0),
            ..Default::default()
        };
        repo::insert_version(work.tx(), edition).await?;
        parts::put(work.tx(), plugin, parts::RULE, &wanted.name, row.id, &new).await?;
    } else if part.is_none() {
        parts::put(work.tx(), plugin, parts::RULE, &wanted.name, row.id, &new).await?;
    }
    if version == row.published_version && row.retired_at.is_none() {
        return Ok(());
    }
    repo::change(work.tx(), row.id, row.revision, change).await?;
    let said = json!({
        "rule_id": row.id,
        "name": wanted.name,
        "version": version,
        "plugin": bundle.manifest.id,
        "by": work.by().user_id,
    });
    work.audit("rule.publish", "rule", Some(row.id), said.clone()).await?;
    work.emit(Event { name: "rule.published", entity: "rule", entity_id: row.id, payload: said }).await?;
    work.touch(Topic::Rules);
    Ok(())
}

fn origin(bundle: &Bundle) -> String {
    format!("plugin:{}", bundle.manifest.id)
}

/// A rule that has no version yet.
async fn insert(work: &Work, bundle: &Bundle, wanted: &Wanted<'_>) -> Outcome<rule::Model> {
    let row = rule::ActiveModel {
        name: Set(wanted.name.clone()),
        kind: Set(wanted.rule.kind.to_string()),
        scope: Set(wanted.scope.to_owned()),
        scope_id: Set(wanted.scope_id),
        published_version: Set(0),
        created_at: Set(work.at().0),
        origin: Set(origin(bundle)),
        shipped_checksum: Set(String::new()),
        revision: Set(1),
        ..Default::default()
    };
    Ok(repo::insert(work.tx(), row).await?)
}

/// Takes a rule out of use from the first quarter that is still open.
async fn retire(work: &mut Work, row: &rule::Model) -> Outcome<bool> {
    if row.retired_at.is_some() || row.published_version == 0 {
        return Ok(false);
    }
    let closed = periods::all_closed(work.tx()).await?;
    let change = rule::ActiveModel {
        retired_at: Set(Some(work.at().0)),
        retired_period: Set(Some(closed.iter().max().map_or(0, |last| last + 1))),
        ..Default::default()
    };
    repo::change(work.tx(), row.id, row.revision, change).await?;
    let said = json!({ "rule_id": row.id, "name": row.name });
    work.audit("rule.retire", "rule", Some(row.id), said.clone()).await?;
    work.emit(Event { name: "rule.retired", entity: "rule", entity_id: row.id, payload: said }).await?;
    work.touch(Topic::Rules);
    Ok(true)
}

/// Retires all of them; how many applied until now.
pub async fn rest(work: &mut Work, plugin: i64) -> Outcome<u64> {
    let mut retired = 0;
    for (_, row) in of(work.tx(), plugin).await? {
        if let Some(row) = row
            && retire(work, &row).await?
        {
            retired += 1;
        }
    }
    Ok(retired)
}
