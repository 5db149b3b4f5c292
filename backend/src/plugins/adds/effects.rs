//! What the rules of a bundle would do to the KPIs there are, before it is installed.

use std::sync::Arc;

use kpi_api::{id::TemplateId, plugin::PluginRuleEffect};

use crate::{
    app::Ctx,
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
    let mut effects = Vec::with_capacity(bundle.rules.len());
    for rule in &bundle.rules {
        let name = view::rule_name(&bundle.manifest.id, rule);
        effects.push(match scope(ctx, bundle, rule).await? {
            Some(scope) => effect(ctx, name, rule, scope).await?,
            None => PluginRuleEffect { name, evaluated: 0, changed: 0, band_changed: 0, errors: 0 },
        });
    }
    Ok(effects)
}

async fn effect(ctx: &Ctx, name: String, rule: &BundleRule, scope: Scope) -> Outcome<PluginRuleEffect> {
    let candidate = Candidate::fresh(ctx, name.clone(), rule.kind, scope, rule.source.clone()).await?;
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

/// Where the rule would apply; `None` where its template is not there yet.
async fn scope(ctx: &Ctx, bundle: &Bundle, rule: &BundleRule) -> Outcome<Option<Scope>> {
    let RuleScope::Template(key) = &rule.scope else { return Ok(Some(Scope::Global)) };
    let Some(plugin) = repo::by_key(ctx.db.read(), &bundle.manifest.id).await? else { return Ok(None) };
    let parts = parts::of(ctx.db.read(), plugin.id).await?;
    let part = parts.iter().find(|part| part.kind == parts::TEMPLATE && part.key == *key);
    Ok(part.map(|part| Scope::Template(TemplateId(part.entity_id))))
}
