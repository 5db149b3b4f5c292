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
    entity::rule,
    platform::failure::{Failure, Outcome},
    rules::{
        repo,
        shelf::{Edition, Published, Scope, Shelf},
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
        let engine = Arc::clone(&ctx.engine);
        let compiled = tokio::task::spawn_blocking(move || engine.compile(kind, &source))
            .await
            .map_err(|panic| anyhow!("compiling a candidate: {panic}"))?;
        let rule = compiled.map_err(|found| refused(&found))?;
        let scope = Scope::read(&row.scope, row.scope_id)?;
        let before = ctx.rules().await?;
        let after = before.with(candidate(&row, kind, scope, rule));
        Ok(Self { rule: id, name: row.name, kind, scope, before, after })
    }
}

/// In effect everywhere: what it would do is asked about every quarter.
fn candidate(row: &rule::Model, kind: RuleKind, scope: Scope, rule: kpi_engine::Rule) -> Published {
    let version = Version(row.published_version + 1);
    let reference = RuleRef {
        id: RuleId(row.id),
        name: row.name.clone(),
        title: rule.title().to_owned(),
        version,
        checksum: rule.checksum().to_owned(),
        engine: ENGINE_VERSION.to_owned(),
    };
    let edition = Edition { reference, rule, effective_period: None };
    Published {
        id: RuleId(row.id),
        kind,
        scope,
        name: row.name.clone(),
        version,
        editions: vec![edition],
        broken: None,
        from: None,
        until: None,
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
