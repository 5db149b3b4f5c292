//! Running the rules that apply, with their last good version standing in for one that fails.

use kpi_api::{
    error::Code,
    id::{DepartmentId, TemplateId, Version},
    scoring::{Finding, Receipt, RuleKind},
};
use kpi_engine::{ContextFacts, Engine, KpiFacts, Scored, Trouble};

use super::{
    shelf::{Edition, Published, Shelf},
    trouble::Failed,
};
use crate::{
    people::directory::Directory,
    platform::failure::{Failure, Outcome},
};

/// Which rules apply: the KPI's place in the company and in time.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub template: Option<TemplateId>,
    pub department: Option<DepartmentId>,
    /// year * 4 + quarter - 1.
    pub period: i64,
}

/// A score with its receipt and the value it rests on.
pub struct Scoring {
    pub current_value: Option<f64>,
    pub receipt: Receipt,
}

/// Scores a KPI. 503 `rule_broken` when neither the rule nor an older version of it gives a result.
pub fn score(
    engine: &Engine,
    shelf: &Shelf,
    directory: &Directory,
    place: Place,
    kpi: &KpiFacts,
    ctx: &ContextFacts,
) -> Outcome<Scoring> {
    let published = shelf
        .scoring(directory, place.template, place.department, place.period)
        .ok_or_else(|| Failure::new(Code::RuleBroken, "There is no rule that scores this KPI."))?;
    let attempt = |edition: &Edition| published.runs.count(engine, || engine.score(&edition.rule, kpi, ctx));
    let (edition, scored, trouble) = first_good(shelf, published, place.period, kpi, attempt)?;
    Ok(Scoring { current_value: scored.current_value, receipt: receipt(edition, scored, ctx, trouble) })
}

/// The receipt of a score that an edition has made.
pub fn receipt(edition: &Edition, scored: Scored, ctx: &ContextFacts, trouble: Option<String>) -> Receipt {
    Receipt {
        rule: edition.reference.clone(),
        inputs: scored.inputs,
        steps: scored.steps,
        score: scored.score,
        progress_percentage: scored.progress_percentage,
        attainment: scored.attainment,
        cap: scored.cap,
        band: scored.band,
        bands: ctx.settings.bands,
        trouble,
    }
}

/// What all validation rules in scope say. 503 `rule_broken` when one of them has no version that gives a result:
/// an act is refused loudly rather than let through unchecked.
pub fn validate(
    engine: &Engine,
    shelf: &Shelf,
    directory: &Directory,
    place: Place,
    kpi: &KpiFacts,
    ctx: &ContextFacts,
) -> Outcome<Vec<Finding>> {
    let mut findings = Vec::new();
    let Place { template, department, period } = place;
    for published in shelf.applying(RuleKind::Validate, directory, template, department, period) {
        let attempt =
            |edition: &Edition| published.runs.count(engine, || engine.validate(&edition.rule, kpi, ctx));
        findings.extend(first_good(shelf, published, place.period, kpi, attempt)?.1);
    }
    Ok(findings)
}

/// The result of the newest edition that gives one, and what was wrong with those before it, which is noted for the
/// administrators.
fn first_good<'p, T>(
    shelf: &Shelf,
    published: &'p Published,
    period: i64,
    kpi: &KpiFacts,
    run: impl Fn(&Edition) -> Result<T, Trouble>,
) -> Outcome<(&'p Edition, T, Option<String>)> {
    let note = |version: Version, line, message: &str| {
        tracing::error!(rule = published.name, version = version.0, line, cause = message, "a rule failed");
        shelf.troubles.note(Failed {
            rule: published.id,
            name: published.name.clone(),
            version,
            line,
            message: message.to_owned(),
            kpi: kpi.id,
        });
    };
    newest_good(published, period, run, note).map_err(|cause| {
        Failure::new(Code::RuleBroken, format!("The rule {} gives no result: {cause}", published.name))
    })
}

/// As it would come out for a KPI, without anybody being told of what fails. Why, where no edition gives a result.
pub fn first_good_quietly<T>(
    published: &Published,
    period: i64,
    run: impl Fn(&Edition) -> Result<T, Trouble>,
) -> Result<(&Edition, T, Option<String>), String> {
    newest_good(published, period, run, |_, _, _| {})
}

fn newest_good<T>(
    published: &Published,
    period: i64,
    run: impl Fn(&Edition) -> Result<T, Trouble>,
    note: impl Fn(Version, Option<u32>, &str),
) -> Result<(&Edition, T, Option<String>), String> {
    let mut trouble = published.broken_in(period);
    if let Some(trouble) = &trouble {
        note(published.version, None, trouble);
    }
    for edition in published.in_effect(period) {
        match run(edition) {
            Ok(result) => return Ok((edition, result, trouble)),
            Err(cause) => {
                let version = edition.reference.version;
                note(version, cause.line, &cause.message);
                trouble.get_or_insert_with(|| format!("Version {version}: {cause}"));
            }
        }
    }
    Err(trouble.unwrap_or_else(|| "no version is in effect".into()))
}
