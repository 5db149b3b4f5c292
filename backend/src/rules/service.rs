//! Showing rules: the list, one rule with its sources, and what rules are written with.

use std::collections::HashMap;

use kpi_api::{
    error::Code,
    id::{RuleId, Version},
    rules::{
        RuleDetail, RuleDraft, RuleList, RuleShadow, RuleState, RuleTrouble, RuleView,
        reference::{
            FieldDoc, FunctionDoc, KindDoc, LimitsDoc, RecipeBody, RecipeList, RecipeSource, Snippet,
            Vocabulary,
        },
    },
    time::Timestamp,
};
use kpi_engine::{ENGINE_VERSION, recipes, vocabulary};
use sea_orm::ConnectionTrait;

pub use super::authoring::shipping::seed_shipped;
use super::{
    authoring::{kind, load, scope, versions::person},
    repo::{self, Whole},
    shelf::Scope,
    stats,
};
use crate::{
    app::Ctx,
    periods,
    platform::failure::{Failure, Outcome},
};

pub async fn list(ctx: &Ctx) -> Outcome<RuleList> {
    let rows = repo::all(ctx.db.read()).await?;
    let troubles = stats::troubles(ctx.db.read(), ctx.today()).await?;
    let mut items = Vec::with_capacity(rows.len());
    for whole in &rows {
        items.push(view(ctx, whole, &troubles).await?);
    }
    Ok(RuleList { items })
}

pub async fn get(ctx: &Ctx, id: RuleId) -> Outcome<RuleDetail> {
    detail(ctx, ctx.db.read(), id).await
}

/// A rule as `db` sees it, which may be a transaction that is about to change it.
pub async fn detail(ctx: &Ctx, db: &impl ConnectionTrait, id: RuleId) -> Outcome<RuleDetail> {
    let whole = load(db, id).await?;
    let troubles = stats::troubles(db, ctx.today()).await?;
    let rule = view(ctx, &whole, &troubles).await?;
    let recipe = recipes::recognise(whole.source());
    let directory = ctx.directory().await?;
    let draft = whole.draft.map(|draft| RuleDraft {
        source: draft.source,
        tests: draft.tests,
        updated_at: Timestamp(draft.updated_at),
        updated_by: draft.updated_by.map(|id| person(&directory, id)),
        based_on: Version(draft.based_on),
    });
    let (source, tests, engine, note) = whole.version.map_or_else(Default::default, |version| {
        (version.source, version.tests, version.engine, version.note)
    });
    Ok(RuleDetail { rule, source, tests, engine, note, draft, recipe })
}

async fn view(ctx: &Ctx, whole: &Whole, troubles: &HashMap<RuleId, RuleTrouble>) -> Outcome<RuleView> {
    let Whole { rule, version, draft } = whole;
    let heading_of = version.as_ref().map_or_else(|| whole.source(), |version| version.source.as_str());
    let (title, description) = kpi_engine::heading(heading_of);
    let state = match (version, rule.retired_at) {
        (None, _) => RuleState::Draft,
        (Some(_), Some(_)) => RuleState::Retired,
        (Some(_), None) => RuleState::Published,
    };
    let scope = scope(whole)?;
    Ok(RuleView {
        id: RuleId(rule.id),
        name: rule.name.clone(),
        kind: kind(whole)?,
        scope: scope.to_text(),
        scope_name: scope_name(ctx, scope).await?,
        title,
        description,
        version: Version(rule.published_version),
        state,
        origin: rule.origin.clone(),
        has_draft: draft.is_some(),
        draft_offered: draft.as_ref().is_some_and(|draft| draft.is_offered),
        checksum: version.as_ref().map(|version| version.checksum.clone()).unwrap_or_default(),
        published_at: version.as_ref().map(|version| Timestamp(version.created_at)),
        effective_from: version
            .as_ref()
            .and_then(|version| version.effective_period)
            .map(periods::from_number),
        trouble: troubles.get(&RuleId(rule.id)).cloned(),
        runs: ctx.stats.view(RuleId(rule.id)),
        shadow: shadow(ctx, RuleId(rule.id)).await?,
        revision: Version(rule.revision),
    })
}

/// The quarters in which its draft runs in the shadow.
async fn shadow(ctx: &Ctx, id: RuleId) -> Outcome<Option<RuleShadow>> {
    let shadows = ctx.shadows().await?;
    let shadow = shadows.iter().find(|shadow| shadow.rule == id);
    Ok(shadow.map(|shadow| RuleShadow {
        quarters: shadow.quarters.iter().copied().map(periods::from_number).collect(),
    }))
}

/// What the department or template of a scope is called.
pub async fn scope_name(ctx: &Ctx, scope: Scope) -> Outcome<Option<String>> {
    Ok(match scope {
        Scope::Global => None,
        Scope::Department(id) => ctx.directory().await?.department_name(id),
        Scope::Template(id) => ctx.template_names().await?.get(&id.0).cloned(),
    })
}

/// Everything rules are written with.
pub fn vocabulary(ctx: &Ctx) -> Vocabulary {
    let reference = vocabulary::reference();
    let limits = ctx.engine.limits();
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Vocabulary {
        kinds: vocabulary::kinds()
            .iter()
            .map(|kind| KindDoc {
                kind: kind.kind,
                entry: kind.entry.to_owned(),
                returns: kind.returns.to_owned(),
                applies: kind.applies.to_owned(),
            })
            .collect(),
        fields: reference
            .fields
            .into_iter()
            .map(|field| FieldDoc {
                path: field.path,
                ty: field.ty.to_owned(),
                unit: field.unit.map(str::to_owned),
                description: field.description.to_owned(),
            })
            .collect(),
        functions: reference
            .functions
            .into_iter()
            .map(|function| FunctionDoc {
                group: function.group.to_owned(),
                name: function.name.to_owned(),
                signature: function.signature.to_owned(),
                description: function.description.to_owned(),
                example: function.example.to_owned(),
            })
            .collect(),
        snippets: vocabulary::snippets()
            .iter()
            .map(|snippet| Snippet {
                label: snippet.label.to_owned(),
                kinds: snippet.kinds.to_vec(),
                description: snippet.about.to_owned(),
                body: snippet.body.to_owned(),
            })
            .collect(),
        keywords: vocabulary::KEYWORDS.iter().map(|word| (*word).to_owned()).collect(),
        limits: LimitsDoc {
            operations: limits.operations,
            call_depth: count(limits.call_depth),
            text_bytes: count(limits.string_len),
            array_elements: count(limits.array_len),
            map_entries: count(limits.map_len),
            memory_bytes: count(limits.memory_bytes),
            wall_ms: u64::try_from(limits.wall.as_millis()).unwrap_or(u64::MAX),
            source_bytes: count(limits.source_bytes),
        },
        engine: ENGINE_VERSION.to_owned(),
    }
}

pub fn recipes() -> RecipeList {
    RecipeList { items: recipes::recipes() }
}

/// The rule that a recipe makes with these numbers. 404 where there is no such recipe.
pub fn recipe_source(key: &str, body: &RecipeBody) -> Outcome<RecipeSource> {
    let made = recipes::make(key, &body.numbers)
        .ok_or_else(|| Failure::new(Code::NotFound, "There is no such recipe."))?;
    let made = made.map_err(Failure::invalid)?;
    Ok(RecipeSource { source: made.source, tests: made.cases })
}
