//! What the rules of a bundle would do to the KPIs there are, before it is installed.

use std::sync::Arc;

use kpi_api::{
    id::{RuleId, TemplateId},
    plugin::PluginRuleEffect,
};
use sea_orm::EntityTrait;

use crate::{
    app::Ctx,
    entity::{plugin_part, rule},
    platform::failure::Outcome,
    plugins::{
        bundle::{Bundle, BundleRule, RuleScope},
        repo::{self, parts},
        view,
    },
    rules::{
        impact::{Candidate, Watch, over},
        shelf::Scope,
    },
};

/// One for each rule, in their order. A rule for a template that is not there yet changes nothing.
pub async fn effects(ctx: &Ctx, bundle: &Bundle) -> Outcome<Vec<PluginRuleEffect>> {
    let parts = match repo::by_key(ctx.db.read(), &bundle.manifest.id).await? {
        Some(plugin) => parts::of(ctx.db.read(), plugin.id).await?,
        None => Vec::new(),
    };
    let mut effects = Vec::with_capacity(bundle.rules.len());
    for rule in &bundle.rules {
        let name = view::rule_name(&bundle.manifest.id, rule);
        effects.push(match scope(rule, &parts) {
            Some(scope) => effect(ctx, name, rule, scope, &parts).await?,
            None => PluginRuleEffect { name, evaluated: 0, changed: 0, band_changed: 0, errors: 0 },
        });
    }
    Ok(effects)
}

async fn effect(
    ctx: &Ctx,
    name: String,
    rule: &BundleRule,
    scope: Scope,
    parts: &[plugin_part::Model],
) -> Outcome<PluginRuleEffect> {
    let candidate = match installed(ctx, &name, scope, parts).await? {
        Some(id) => Candidate::of(ctx, id, rule.source.clone()).await?,
        None => Candidate::fresh(ctx, name.clone(), rule.kind, scope, rule.source.clone()).await?,
    };
    let watch = Arc::new(Watch::default());
    let _turn = ctx.previews.turn(&watch).await?;
    let impact = over(ctx, Arc::new(candidate), None, &watch, || false).await?;
    Ok(PluginRuleEffect {
        name,
        evaluated: impact.evaluated,
        changed: impact.changed,
        band_changed: impact.band_changes.iter().map(|change| change.count).sum(),
        errors: impact.failed,
    })
}

/// The rule that it would be the next version of, which is what it is compared with.
async fn installed(
    ctx: &Ctx,
    name: &str,
    scope: Scope,
    parts: &[plugin_part::Model],
) -> Outcome<Option<RuleId>> {
    let Some(part) = parts.iter().find(|part| part.kind == parts::RULE && part.key == name) else {
        return Ok(None);
    };
    let row = rule::Entity::find_by_id(part.entity_id).one(ctx.db.read()).await?;
    let (wanted, place) = scope.to_columns();
    let row = row.filter(|row| row.scope == wanted && row.scope_id == place);
    Ok(row.map(|row| RuleId(row.id)))
}

/// Where the rule would apply; `None` where its template is not there yet.
fn scope(rule: &BundleRule, parts: &[plugin_part::Model]) -> Option<Scope> {
    let RuleScope::Template(key) = &rule.scope else { return Some(Scope::Global) };
    let part = parts.iter().find(|part| part.kind == parts::TEMPLATE && part.key == *key);
    part.map(|part| Scope::Template(TemplateId(part.entity_id)))
}
