//! Whether an outcome is the expected one, and what differs.

use std::fmt;

use kpi_api::{
    rules::cases::{Amount, Expected, ExpectedFinding, ExpectedReminder},
    scoring::{Finding, Severity},
};

use crate::outcome::{Reminder, Returned, Scored, Trouble};

/// How far a number may be off where a case does not say.
const TOLERANCE: f64 = 1e-6;

/// What differs, and what came out, in words.
type Compared = (Vec<String>, String);

pub(super) fn compare(expect: &Expected, outcome: &Result<Returned, Trouble>) -> Compared {
    let compared = match outcome {
        Ok(Returned::Score(scored)) => compare_score(expect, scored),
        Ok(Returned::Findings(findings)) => compare_findings(expect, findings),
        Ok(Returned::Reminders(reminders)) => compare_reminders(expect, reminders),
        Err(trouble) => return compare_trouble(trouble, expect.error.as_deref()),
    };
    match &expect.error {
        Some(wanted) => (vec![format!("expected the failure `{wanted}`")], compared.1),
        None => compared,
    }
}

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

fn compare_findings(expect: &Expected, findings: &[Finding]) -> Compared {
    let said: Vec<(Severity, &str, &str)> =
        findings.iter().map(|f| (f.severity, f.field.as_str(), f.message.text.as_str())).collect();
    let wanted = expect.findings.as_deref().unwrap_or_default();
    let fits = |w: &ExpectedFinding, s: &(Severity, &str, &str)| {
        w.severity == s.0 && w.field == s.1 && s.2.contains(&w.text)
    };
    let summary = said.iter().map(|(severity, field, text)| format!("{severity} on `{field}`: {text}"));
    compare_lists(wanted, &said, fits, summary.collect::<Vec<_>>())
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
