//! The scoring policy: what the published rules do, for everybody to read, department by department.

use kpi_api::{
    id::{DepartmentId, TemplateId, Version},
    rules::policy::{DepartmentPolicy, PolicyRule, ScopedRule, ScoringPolicy, TemplatePolicy},
    scoring::{RuleKind, Said},
};
use kpi_engine::recipes;

use super::{
    service::scope_name,
    shelf::{Published, Scope, Shelf},
};
use crate::{
    app::Ctx,
    people::directory::{Department, Directory},
    periods,
    platform::failure::Outcome,
};

/// What applies in the present quarter.
pub async fn scoring_policy(ctx: &Ctx) -> Outcome<ScoringPolicy> {
    let (shelf, directory, settings) = (ctx.rules().await?, ctx.directory().await?, ctx.settings().await?);
    let period = ctx.period_now();
    let number = periods::number(period);
    Ok(ScoringPolicy {
        period,
        bands: settings.bands,
        cap: settings.cap,
        company: shelf.scoring(&directory, None, None, number).map(|rule| words(rule, number)),
        departments: departments(&shelf, &directory, number),
        templates: templates(ctx, &shelf, &directory, number).await?,
        validation: scoped(ctx, &shelf, RuleKind::Validate, number).await?,
        reminders: scoped(ctx, &shelf, RuleKind::Remind, number).await?,
    })
}

/// Upper departments before those below them, and beside each other by name.
fn departments(shelf: &Shelf, directory: &Directory, period: i64) -> Vec<DepartmentPolicy> {
    let mut all: Vec<(&Department, Vec<String>)> =
        directory.departments().map(|department| (department, directory.path(department.id))).collect();
    all.sort_by(|(_, one), (_, other)| one.cmp(other));
    all.into_iter()
        .map(|(department, _)| {
            let rule = shelf.scoring(directory, None, Some(department.id), period);
            DepartmentPolicy {
                id: department.id,
                name: department.name.clone(),
                parent_id: department.parent_id,
                is_own: rule.is_some_and(|rule| rule.scope == Scope::Department(department.id)),
                score: rule.map(|rule| words(rule, period)),
            }
        })
        .collect()
}

async fn templates(
    ctx: &Ctx,
    shelf: &Shelf,
    directory: &Directory,
    period: i64,
) -> Outcome<Vec<TemplatePolicy>> {
    let names = ctx.template_names().await?;
    let mut own: Vec<TemplatePolicy> = names
        .iter()
        .filter_map(|(id, name)| {
            let id = TemplateId(*id);
            let rule = shelf.scoring(directory, Some(id), None::<DepartmentId>, period)?;
            (rule.scope == Scope::Template(id)).then(|| TemplatePolicy {
                id,
                name: name.clone(),
                score: words(rule, period),
            })
        })
        .collect();
    own.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(own)
}

async fn scoped(ctx: &Ctx, shelf: &Shelf, kind: RuleKind, period: i64) -> Outcome<Vec<ScopedRule>> {
    let mut all = Vec::new();
    for rule in shelf.of_kind(kind).filter(|rule| rule.applies_in(period)) {
        all.push(ScopedRule {
            scope: rule.scope.to_text(),
            scope_name: scope_name(ctx, rule.scope).await?,
            rule: words(rule, period),
        });
    }
    Ok(all)
}

/// A rule as its version in effect describes itself.
fn words(rule: &Published, period: i64) -> PolicyRule {
    let edition = rule.in_effect(period).next();
    let source = edition.map_or("", |edition| edition.rule.source());
    let recipe = recipes::recognise(source);
    let (title, description) = kpi_engine::heading(source);
    let words = match &recipe {
        Some(made) => recipes::words(made),
        None => description.split("\n\n").filter(|text| !text.is_empty()).map(Said::plain).collect(),
    };
    PolicyRule {
        id: rule.id,
        name: rule.name.clone(),
        title: Said::plain(if title.is_empty() { rule.name.clone() } else { title }),
        words,
        version: edition.map_or(Version(0), |edition| edition.reference.version),
        effective_from: edition.and_then(|edition| edition.effective_period).map(periods::from_number),
        recipe,
    }
}
