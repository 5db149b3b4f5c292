//! Case files: what a rule has to say about given KPIs, as TOML beside the rule.
//!
//! ```toml
//! [[case]]
//! name = "half the way"
//! kpi = { baseline = 0, target = 200, current = 100 }   # the rest as in `facts`
//! ctx = { event = "preview" }
//! expect = { score = 50, band = "red", progress = 50, steps = ["50 % of the way"] }
//! ```
//!
//! `expect` names what matters: `score` and `progress` (a number within `tolerance`, or `"none"`), `band`, `steps`
//! (each has to be part of a line, in this order), `findings` and `reminders` (exactly these, in any order), or
//! `error` (part of the message of the failure).

mod compare;
mod typed;

use std::time::{Duration, Instant};

pub use kpi_api::rules::cases::{Absent, Amount, Expected, ExpectedFinding, ExpectedReminder};
use serde::{Deserialize, Serialize};

pub use self::typed::{facts, given, read, typed, write};
use crate::{
    Engine, Rule,
    facts::{ContextFacts, KpiFacts},
    outcome::{Returned, Trial, Trouble, TroubleKind},
};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseResult {
    pub name: String,
    pub passed: bool,
    /// What differs, or what came out.
    pub detail: String,
    /// What came out, as a case would expect it.
    pub got: Expected,
    pub expected: Expected,
}

/// A case file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the case file cannot be read: {message}")]
pub struct CaseFileError {
    pub message: String,
    /// From 1, where it is known.
    pub line: Option<usize>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

/// One case, as the file has it.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    #[serde(default)]
    pub kpi: KpiFacts,
    #[serde(default)]
    pub ctx: ContextFacts,
    pub expect: Expected,
}

/// Reads the cases of a file.
pub fn parse(toml: &str) -> Result<Vec<Case>, CaseFileError> {
    toml::from_str::<File>(toml).map(|file| file.case).map_err(|error| fault(toml, &error))
}

fn fault(toml: &str, error: &toml::de::Error) -> CaseFileError {
    CaseFileError {
        message: error.message().to_string(),
        line: error.span().map(|span| toml[..span.start.min(toml.len())].matches('\n').count() + 1),
    }
}

/// Runs every case of a file against a rule.
pub fn run(engine: &Engine, rule: &Rule, toml: &str) -> Result<Vec<CaseResult>, CaseFileError> {
    Ok(run_all(engine, rule, &parse(toml)?))
}

/// How often a rule may run into its limits before the other cases are left out: each time may cost all of them.
const PATIENCE: usize = 3;

/// How long the cases of a rule may take together.
const LONGEST: Duration = Duration::from_secs(10);

/// Runs cases against a rule. Once it has run into its limits too often, or its cases take too long, the rest counts as
/// failed.
pub fn run_all(engine: &Engine, rule: &Rule, cases: &[Case]) -> Vec<CaseResult> {
    let (mut spent, until) = (0, Instant::now() + LONGEST);
    let why_not = |spent: usize| match () {
        () if spent >= PATIENCE => Some("not run: the rule has run into its limits too often"),
        () if Instant::now() >= until => Some("not run: the cases before it took too long"),
        () => None,
    };
    cases
        .iter()
        .map(|case| {
            if let Some(detail) = why_not(spent) {
                let (got, expected) = (Expected::default(), case.expect.clone());
                let detail = detail.to_owned();
                return CaseResult { name: case.name.clone(), passed: false, detail, got, expected };
            }
            let trial = engine.trial(rule, &case.kpi, &case.ctx);
            if let Err(Trouble { kind: TroubleKind::Limit(_), .. }) = &trial.outcome {
                spent += 1;
            }
            compared(case, &trial)
        })
        .collect()
}

/// Runs one case against a rule.
pub fn run_case(engine: &Engine, rule: &Rule, case: &Case) -> CaseResult {
    compared(case, &engine.trial(rule, &case.kpi, &case.ctx))
}

fn compared(case: &Case, trial: &Trial) -> CaseResult {
    let (differences, summary) = compare::compare(&case.expect, &trial.outcome);
    CaseResult {
        name: case.name.clone(),
        passed: differences.is_empty(),
        detail: if differences.is_empty() { summary } else { differences.join("; ") },
        got: expected(trial),
        expected: case.expect.clone(),
    }
}

/// An outcome as a case would expect it.
pub fn expected(trial: &Trial) -> Expected {
    match &trial.outcome {
        Ok(Returned::Score(scored)) => Expected {
            score: Some(scored.score.into()),
            progress: Some(scored.progress_percentage.into()),
            band: Some(scored.band),
            steps: scored.steps.iter().map(|step| step.text.clone()).collect(),
            ..Expected::default()
        },
        Ok(Returned::Findings(findings)) => {
            let expect = findings.iter().map(|found| ExpectedFinding {
                severity: found.severity,
                field: found.field.clone(),
                text: found.message.text.clone(),
            });
            Expected { findings: Some(expect.collect()), ..Expected::default() }
        }
        Ok(Returned::Reminders(reminders)) => {
            let expect = reminders.iter().map(|reminder| ExpectedReminder {
                to: reminder.to,
                text: reminder.title.text.clone(),
                reason: Some(reminder.reason.clone()),
                every: Some(reminder.every),
            });
            Expected { reminders: Some(expect.collect()), ..Expected::default() }
        }
        Err(trouble) => Expected { error: Some(trouble.message.clone()), ..Expected::default() },
    }
}
