//! A candidate among the published rules: what applies where, if it were published.

use std::sync::Arc;

use anyhow::anyhow;
use kpi_api::{
    id::{RuleId, Version},
    scoring::{RuleKind, RuleRef},
};
use kpi_engine::{Diagnostic, ENGINE_VERSION};

use crate::{
    app::Ctx,
    platform::failure::{Failure, Outcome},
    rules::{
        repo,
        shelf::{Edition, Looks, Published, Scope, Shelf},
    },
};

/// The rules as they are and as they would be.
pub struct Candidate {
    pub rule: RuleId,
    pub name: String,
    pub kind: RuleKind,
    pub scope: Scope,
    pub before: Arc<Shelf>,
    pub after: Shelf,
}

impl Candidate {
    /// A source in place of what is published of a rule. 422 when it does not compile.
    pub async fn of(ctx: &Ctx, id: RuleId, source: String) -> Outcome<Self> {
        let row = repo::rule(ctx.db.read(), id.0).await?.ok_or_else(Failure::not_found)?;
        let kind: RuleKind = row.kind.parse().map_err(|e| anyhow!("kind of rule {id}: {e}"))?;
        let named = Named { id, name: row.name.clone(), version: Version(row.published_version + 1) };
        Self::named(ctx, named, kind, Scope::read(&row.scope, row.scope_id)?, source).await
    }

    /// A rule that is not there yet. 422 when it does not compile.
    pub async fn fresh(
        ctx: &Ctx,
        name: String,
        kind: RuleKind,
        scope: Scope,
        source: String,
    ) -> Outcome<Self> {
        let named = Named { id: RuleId(0), name, version: Version(1) };
        Self::named(ctx, named, kind, scope, source).await
    }

    async fn named(ctx: &Ctx, named: Named, kind: RuleKind, scope: Scope, source: String) -> Outcome<Self> {
        let engine = Arc::clone(&ctx.engine);
        let compiled = tokio::task::spawn_blocking(move || engine.compile(kind, &source))
            .await
            .map_err(|panic| anyhow!("compiling a candidate: {panic}"))?;
        let rule = compiled.map_err(|found| refused(&found))?;
        let before = ctx.rules().await?;
        let (id, name) = (named.id, named.name.clone());
        let after = before.with(candidate(named, kind, scope, rule));
        Ok(Self { rule: id, name, kind, scope, before, after })
    }
}

/// What the candidate is called among the rules.
struct Named {
    id: RuleId,
    name: String,
    version: Version,
}

/// In effect everywhere: what it would do is asked about every quarter.
fn candidate(named: Named, kind: RuleKind, scope: Scope, rule: kpi_engine::Rule) -> Published {
    let Named { id, name, version } = named;
    let reference = RuleRef {
        id,
        name: name.clone(),
        title: rule.title().to_owned(),
        version,
        checksum: rule.checksum().to_owned(),
        engine: ENGINE_VERSION.to_owned(),
    };
    let edition = Edition { reference, looks: Looks::of(&rule), rule, effective_period: None };
    Published {
        id,
        kind,
        scope,
        name,
        version,
        editions: vec![edition],
        broken: None,
        from: None,
        until: None,
        gaps: Vec::new(),
        runs: Arc::default(),
    }
}

fn refused(found: &[Diagnostic]) -> Failure {
    let errors = found.iter().map(|fault| {
        let message = format!("Line {}, column {}: {}", fault.line, fault.column, fault.message);
        kpi_api::error::FieldError::new("source", "does_not_compile", message)
    });
    Failure::invalid(errors.collect())
}
