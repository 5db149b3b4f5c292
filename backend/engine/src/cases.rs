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

use std::fmt;

use kpi_api::scoring::{Band, RuleKind, Severity};
use serde::{Deserialize, Serialize};

use crate::{
    Engine, Rule,
    facts::{ContextFacts, KpiFacts},
    outcome::{Reminder, ReminderTo, Scored, Trouble},
};

/// How far a number may be off where a case does not say.
const TOLERANCE: f64 = 1e-6;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseResult {
    pub name: String,
    pub passed: bool,
    /// What differs, or what came out.
    pub detail: String,
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

#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expected {
    pub score: Option<Amount>,
    pub progress: Option<Amount>,
    pub tolerance: Option<f64>,
    pub band: Option<Band>,
    pub steps: Vec<String>,
    pub findings: Option<Vec<ExpectedFinding>>,
    pub reminders: Option<Vec<ExpectedReminder>>,
    pub error: Option<String>,
}

/// A number, or the word `none`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Amount {
    Is(f64),
    Absent(Absent),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    None,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFinding {
    pub severity: Severity,
    pub field: String,
    /// Part of the message.
    #[serde(default)]
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedReminder {
    pub to: ReminderTo,
    /// Part of the title or the text.
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub reason: Option<String>,
    /// Days.
    #[serde(default)]
    pub every: Option<u16>,
}

/// Reads the cases of a file.
pub fn parse(toml: &str) -> Result<Vec<Case>, CaseFileError> {
    toml::from_str::<File>(toml).map(|file| file.case).map_err(|error| CaseFileError {
        message: error.message().to_string(),
        line: error.span().map(|span| toml[..span.start.min(toml.len())].lines().count().max(1)),
    })
}

/// Runs every case of a file against a rule.
pub fn run(engine: &Engine, rule: &Rule, toml: &str) -> Result<Vec<CaseResult>, CaseFileError> {
    Ok(parse(toml)?.iter().map(|case| run_case(engine, rule, case)).collect())
}

/// Runs one case against a rule.
pub fn run_case(engine: &Engine, rule: &Rule, case: &Case) -> CaseResult {
    let outcome = match rule.kind() {
        RuleKind::Score => engine.score(rule, &case.kpi, &case.ctx).map(|s| compare_score(&case.expect, &s)),
        RuleKind::Validate => engine.validate(rule, &case.kpi, &case.ctx).map(|found| {
            let said = found.iter().map(|f| (f.severity, f.field.as_str(), f.message.text.as_str()));
            compare_findings(&case.expect, &said.collect::<Vec<_>>())
        }),
        RuleKind::Remind => {
            engine.remind(rule, &case.kpi, &case.ctx).map(|made| compare_reminders(&case.expect, &made))
        }
    };
    let (differences, summary) = match (outcome, &case.expect.error) {
        (Ok((_, summary)), Some(wanted)) => (vec![format!("expected the failure `{wanted}`")], summary),
        (Ok(compared), None) => compared,
        (Err(trouble), wanted) => compare_trouble(&trouble, wanted.as_deref()),
    };
    CaseResult {
        name: case.name.clone(),
        passed: differences.is_empty(),
        detail: if differences.is_empty() { summary } else { differences.join("; ") },
    }
}

type Compared = (Vec<String>, String);

fn compare_score(expect: &Expected, scored: &Scored) -> Compared {
    let mut off = Vec::new();
    if expect.findings.is_some() || expect.reminders.is_some() {
        off.push("a score rule has no findings or reminders".into());
    }
    let tolerance = expect.tolerance.unwrap_or(TOLERANCE);
    amount("score", expect.score.as_ref(), scored.score, tolerance, &mut off);
    amount("progress", expect.progress.as_ref(), scored.progress_percentage, tolerance, &mut off);
    if let Some(band) = expect.band.filter(|band| *band != scored.band) {
        off.push(format!("band is {}, expected {band}", scored.band));
    }
    let mut lines = scored.steps.iter();
    for part in &expect.steps {
        if !lines.any(|line| line.text.contains(part.as_str())) {
            let all: Vec<_> = scored.steps.iter().map(|line| line.text.as_str()).collect();
            off.push(format!("no step says `{part}` at its place in: {}", all.join(" | ")));
        }
    }
    (off, format!("score {}, {}", shown(scored.score), scored.band))
}

fn amount(name: &str, expected: Option<&Amount>, actual: Option<f64>, tolerance: f64, off: &mut Vec<String>) {
    let fits = match (expected, actual) {
        (None, _) | (Some(Amount::Absent(_)), None) => true,
        (Some(Amount::Is(wanted)), Some(is)) => (is - wanted).abs() <= tolerance,
        _ => false,
    };
    if !fits {
        let wanted = match expected {
            Some(Amount::Is(wanted)) => Some(*wanted),
            _ => None,
        };
        off.push(format!("{name} is {}, expected {}", shown(actual), shown(wanted)));
    }
}

fn compare_findings(expect: &Expected, said: &[(Severity, &str, &str)]) -> Compared {
    let wanted = expect.findings.as_deref().unwrap_or_default();
    let fits = |w: &ExpectedFinding, s: &(Severity, &str, &str)| {
        w.severity == s.0 && w.field == s.1 && s.2.contains(&w.text)
    };
    let summary = said.iter().map(|(severity, field, text)| format!("{severity} on `{field}`: {text}"));
    compare_lists(wanted, said, fits, summary.collect::<Vec<_>>())
}

fn compare_reminders(expect: &Expected, made: &[Reminder]) -> Compared {
    let wanted = expect.reminders.as_deref().unwrap_or_default();
    let fits = |w: &ExpectedReminder, r: &Reminder| {
        w.to == r.to
            && (r.title.text.contains(&w.text) || r.text.text.contains(&w.text))
            && w.reason.as_ref().is_none_or(|reason| *reason == r.reason)
            && w.every.is_none_or(|every| every == r.every)
    };
    let summary = made.iter().map(|r| {
        let Reminder { to, title, text, reason, every } = r;
        format!("to {to:?}, {reason} every {every} days: {} - {}", title.text, text.text)
    });
    compare_lists(wanted, made, fits, summary.collect::<Vec<_>>())
}

/// Each wanted one has to be there, and nothing else.
fn compare_lists<W: fmt::Debug, S>(
    wanted: &[W],
    said: &[S],
    fits: impl Fn(&W, &S) -> bool,
    lines: Vec<String>,
) -> Compared {
    let mut open: Vec<usize> = (0..said.len()).collect();
    let mut off = Vec::new();
    for one in wanted {
        match open.iter().position(|index| fits(one, &said[*index])) {
            Some(place) => {
                open.remove(place);
            }
            None => off.push(format!("missing: {one:?}")),
        }
    }
    off.extend(open.into_iter().map(|index| format!("not expected: {}", lines[index])));
    let summary = if lines.is_empty() { "nothing to say".into() } else { lines.join(" | ") };
    (off, summary)
}

fn compare_trouble(trouble: &Trouble, wanted: Option<&str>) -> Compared {
    let said = trouble.to_string();
    match wanted {
        Some(part) if said.contains(part) => (Vec::new(), said),
        Some(part) => (vec![format!("failed with `{said}`, expected `{part}`")], said),
        None => (vec![format!("failed: {said}")], said),
    }
}

fn shown(amount: Option<f64>) -> String {
    amount.map_or("none".into(), |x| x.to_string())
}
