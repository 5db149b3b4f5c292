//! Tries a plugin out: calls its functions with the facts of its cases, and compares what it does with what they expect.
//! Nothing leaves the machine and nothing is stored.
//!
//! The cases stand in `plugin.test.toml`, those of the rules beside the rules.

use std::sync::Arc;

use kpi_api::plugin::WidgetData;
use kpi_engine::{
    Engine, cases,
    properties::{self, Common},
};
use serde::{Deserialize as _, Serialize};

use super::{
    bundle::{Bundle, BundleRule, RefusalCode, Refused, RuleScope},
    host::{Limits, Program},
};

mod case;
mod compare;
mod recorder;

pub use case::{Case, Expected, parse};

/// The file of the cases, at the top of a bundle.
pub const CASES: &str = "plugin.test.toml";

/// How one case went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// The file that the case stands in.
    pub file: String,
    pub name: String,
    pub passed: bool,
    /// What came out, or how it differs from what was expected.
    pub detail: String,
}

/// Runs all cases of a bundle, and proves its rules.
///
/// # Errors
/// When a file of cases cannot be read.
pub fn run(bundle: &Bundle) -> Result<Vec<Tried>, Vec<Refused>> {
    let mut tried = Vec::new();
    if let Some(content) = bundle.files.get(CASES) {
        let cases = parse(CASES, content).map_err(|fault| vec![fault])?;
        let program = Program::compile(bundle).map_err(|found| {
            let file = bundle.manifest.script.clone().unwrap_or_default();
            let refused = found.iter().map(|fault| Refused {
                line: fault.line,
                column: fault.column,
                ..Refused::file(RefusalCode::BadScript, &file, &fault.message)
            });
            refused.collect::<Vec<_>>()
        })?;
        tried.extend(cases.iter().map(|case| try_out(bundle, &program, case)));
    }
    let engine = Engine::default();
    for rule in &bundle.rules {
        tried.extend(prove(&engine, rule, common(bundle, rule))?);
    }
    Ok(tried)
}

/// Runs the cases of a rule and tries what has to hold of every rule, on KPIs such as it applies to.
///
/// # Errors
/// When its cases cannot be read.
pub fn prove(engine: &Engine, rule: &BundleRule, common: Common) -> Result<Vec<Tried>, Vec<Refused>> {
    let file = format!("{}.test.toml", rule.file.trim_end_matches(".rhai"));
    let broken = |message: String| vec![Refused::file(RefusalCode::BadCases, &file, message)];
    let compiled = engine
        .compile(rule.kind, &rule.source)
        .map_err(|found| broken(found.first().map_or_else(String::new, |first| first.message.clone())))?;
    let results = cases::run(engine, &compiled, &rule.cases).map_err(|fault| broken(fault.to_string()))?;
    let results = results.into_iter().map(|result| Tried {
        file: file.clone(),
        name: result.name,
        passed: result.passed,
        detail: result.detail,
    });
    // Of what has to hold of every rule, only what does not is worth a line.
    let broken = properties::check_for(engine, &compiled, common).into_iter().filter(|report| !report.passed);
    let broken = broken.map(|report| Tried {
        file: rule.file.clone(),
        name: report.property.as_str().to_owned(),
        passed: false,
        detail: report.message,
    });
    Ok(results.chain(broken).collect())
}

/// What the template of a rule sets of its KPIs, by itself or by what it extends.
pub fn common(bundle: &Bundle, rule: &BundleRule) -> Common {
    let mut common = Common::default();
    let RuleScope::Template(key) = &rule.scope else { return common };
    let mut next = Some(key);
    // A template extends only one that stands before it, so this comes to an end.
    while let Some(template) = next.and_then(|key| bundle.templates.iter().find(|other| other.key == *key)) {
        common.kind = common.kind.or(template.fields.kind);
        common.direction = common.direction.or(template.fields.direction);
        next = template.extends.as_ref();
    }
    common
}

/// Runs one case.
pub fn try_out(bundle: &Bundle, program: &Program, case: &Case) -> Tried {
    let hands = Arc::new(recorder::Recorder::new(&bundle.manifest, case));
    let ended = program.call(&case.function, case.argument(), hands.clone(), &Limits::default());
    let mut differences = compare::differences(&case.expect, &ended, &hands.recorded());
    let makes_card = bundle.manifest.widgets.iter().any(|widget| widget.function == case.function);
    if let (true, Ok(done)) = (makes_card, &ended)
        && let Err(fault) = WidgetData::deserialize(&done.value)
    {
        differences.push(format!("what it returned is no card: {fault}"));
    }
    let unknown = case.settings.keys().filter(|key| bundle.manifest.setting(key).is_none());
    differences.extend(unknown.map(|key| format!("the manifest has no setting `{key}`")));
    Tried {
        file: CASES.to_owned(),
        name: case.name.clone(),
        passed: differences.is_empty(),
        detail: if differences.is_empty() { compare::summary(&ended) } else { differences.join("; ") },
    }
}
