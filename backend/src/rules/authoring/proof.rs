//! Whether a source may be published: it compiles, its cases pass, and what has to hold of every rule holds.

use std::time::Instant;

use kpi_api::{
    error::{Code, FieldError},
    id::RuleId,
    rules::cases::{CaseReport, Checked, Diagnostic, TestCase, TestReport, TestRunBody},
    scoring::{RuleKind, Severity},
};
use kpi_engine::{
    Engine, Rule, cases,
    properties::{self, Common},
};

use super::{aside, drafts::text_of, kind, load, scope};
use crate::{
    app::Ctx,
    auth::actor::Call,
    platform::failure::{Failure, Outcome},
    rules::{repo::Whole, shelf::Scope},
    templates,
};

/// What is wrong with a source, worth a look or both; nothing is stored.
pub async fn check(call: &Call, id: RuleId, source: String) -> Outcome<Checked> {
    let kind = kind(&load(call.ctx.db.read(), id).await?)?;
    aside(&call.ctx, move |engine| {
        let began = Instant::now();
        let (_, diagnostics) = inspect(engine, kind, &source);
        Checked { diagnostics, took_ms: milliseconds(began) }
    })
    .await
}

/// Runs the cases and tries what has to hold of every rule; nothing is stored.
pub async fn run_tests(call: &Call, id: RuleId, body: TestRunBody) -> Outcome<TestReport> {
    let whole = load(call.ctx.db.read(), id).await?;
    let source = body.source.unwrap_or_else(|| whole.source().to_owned());
    let tests = body.tests.as_ref().map(text_of).transpose()?.unwrap_or_else(|| whole.tests().to_owned());
    prove(&call.ctx, &whole, source, tests).await
}

pub async fn prove(ctx: &Ctx, whole: &Whole, source: String, tests: String) -> Outcome<TestReport> {
    let (kind, common) = (kind(whole)?, common(ctx, scope(whole)?).await?);
    aside(ctx, move |engine| report(engine, kind, common, &source, &tests)).await
}

/// What all KPIs have in common that a rule applies to: what its template sets.
async fn common(ctx: &Ctx, scope: Scope) -> Outcome<Common> {
    let Scope::Template(id) = scope else { return Ok(Common::default()) };
    let template = templates::service::effective(ctx.db.read(), id).await?;
    Ok(template.map_or_else(Common::default, |template| Common {
        kind: template.fields.kind,
        direction: template.fields.direction,
    }))
}

/// 409 with everything that does not hold.
pub fn demand(report: &TestReport) -> Outcome<()> {
    if report.passed {
        return Ok(());
    }
    let errors: Vec<FieldError> = report
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| FieldError::new("source", "check_failed", placed(found)))
        .collect();
    if !errors.is_empty() {
        let detail = "The source has errors, so it cannot be published.";
        return Err(Failure::with_errors(Code::CheckFailed, detail, errors));
    }
    let fault = report.fault.iter().map(|fault| FieldError::new("tests", "unreadable", placed(fault)));
    let cases = report.cases.iter().enumerate().filter(|(_, case)| !case.passed);
    let cases = cases.map(|(index, case)| {
        FieldError::new(format!("cases.{index}"), "case_failed", format!("{}: {}", case.name, case.message))
    });
    let properties = report.properties.iter().filter(|property| !property.passed);
    let properties = properties
        .map(|found| FieldError::new(found.property.as_str(), "property_failed", found.message.as_str()));
    let errors = fault.chain(cases).chain(properties).collect();
    let detail = "Not everything that is tested holds, so it cannot be published.";
    Err(Failure::with_errors(Code::TestsFailed, detail, errors))
}

fn placed(found: &Diagnostic) -> String {
    match (found.line, found.column) {
        (0, _) => found.message.clone(),
        (line, 0) => format!("Line {line}: {}", found.message),
        (line, column) => format!("Line {line}, column {column}: {}", found.message),
    }
}

/// The rule where it compiles, and everything that is to be said of the source.
pub(super) fn inspect(engine: &Engine, kind: RuleKind, source: &str) -> (Option<Rule>, Vec<Diagnostic>) {
    match engine.compile(kind, source) {
        Ok(rule) => {
            let doubts = rule.doubts();
            (Some(rule), doubts)
        }
        Err(errors) => (None, errors),
    }
}

/// The cases of a file; a blank one has none.
pub(super) fn read(text: &str) -> Result<Vec<TestCase>, Diagnostic> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    cases::typed(text).map_err(|fault| Diagnostic {
        line: fault.line.and_then(|line| u32::try_from(line).ok()).unwrap_or(0),
        column: 0,
        severity: Severity::Error,
        message: fault.message,
    })
}

fn report(engine: &Engine, kind: RuleKind, common: Common, source: &str, tests: &str) -> TestReport {
    let began = Instant::now();
    let (rule, diagnostics) = inspect(engine, kind, source);
    let (results, fault) = match (&rule, read(tests)) {
        (_, Err(fault)) => (Vec::new(), Some(fault)),
        (Some(rule), Ok(read)) => {
            (cases::run_all(engine, rule, &cases::read(&read).unwrap_or_default()), None)
        }
        (None, Ok(_)) => (Vec::new(), None),
    };
    let cases: Vec<CaseReport> = results
        .into_iter()
        .map(|case| CaseReport {
            name: case.name,
            passed: case.passed,
            got: case.got,
            expected: case.expected,
            message: case.detail,
        })
        .collect();
    let properties =
        rule.as_ref().map(|rule| properties::check_for(engine, rule, common)).unwrap_or_default();
    let passed = rule.is_some()
        && fault.is_none()
        && cases.iter().all(|case| case.passed)
        && properties.iter().all(|property| property.passed);
    TestReport { passed, diagnostics, fault, cases, properties, took_ms: milliseconds(began) }
}

pub(super) fn milliseconds(began: Instant) -> f64 {
    (began.elapsed().as_secs_f64() * 1e6).round() / 1e3
}
