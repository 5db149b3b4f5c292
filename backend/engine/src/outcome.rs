//! What comes out of a rule: a score, reminders, or trouble.

use std::fmt;

pub use kpi_api::rules::cases::{Diagnostic, ReminderTo};
use kpi_api::scoring::{Band, Finding, Input, Said, Severity};
use serde::{Deserialize, Serialize};

use crate::limits::Which;

/// A score with everything its receipt needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// Score points, 0 to `cap`; `None` without a value.
    pub score: Option<f64>,
    /// 0 to 100; `None` without a value.
    pub progress_percentage: Option<f64>,
    /// 1 is "target met", not clamped; always from [`crate::attainment`], whatever the rule made of it.
    pub attainment: Option<f64>,
    /// In the KPI's unit, from [`crate::current_value`].
    pub current_value: Option<f64>,
    pub band: Band,
    pub cap: f64,
    pub steps: Vec<Said>,
    pub inputs: Vec<Input>,
    /// Steps of evaluation the rule took.
    pub operations: u64,
}

/// What a run of a rule came to, whatever its kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    pub outcome: Result<Returned, Trouble>,
    /// Steps of evaluation it took, however it ended.
    pub operations: u64,
    /// What it said with `step`.
    pub log: Vec<Said>,
}

/// What a rule returned, by its kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Returned {
    Score(Box<Scored>),
    Findings(Vec<Finding>),
    Reminders(Vec<Reminder>),
}

/// A message that a rule wants sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reminder {
    pub to: ReminderTo,
    pub title: Said,
    pub text: Said,
    /// What it is about, in a word; the pattern of the title where the rule does not say.
    pub reason: String,
    /// Days until the same person hears of the same reason and KPI again, 1 to 366.
    pub every: u16,
}

impl Reminder {
    /// Days between two reminders where the rule does not say.
    pub const EVERY: u16 = 7;
    /// Longest interval, in days.
    pub const EVERY_MAX: u16 = 366;
    /// Longest reason, in bytes.
    pub const REASON_MAX: usize = 80;
}

/// What is wrong at a place of a source.
pub(crate) fn fault(position: rhai::Position, message: impl Into<String>) -> Diagnostic {
    found(Severity::Error, position, message)
}

/// What is worth a look at a place of a source.
pub(crate) fn doubt(position: rhai::Position, message: impl Into<String>) -> Diagnostic {
    found(Severity::Warning, position, message)
}

fn found(severity: Severity, position: rhai::Position, message: impl Into<String>) -> Diagnostic {
    let (line, column) = place(position);
    Diagnostic { line: line.unwrap_or(0), column: column.unwrap_or(0), severity, message: message.into() }
}

/// Why a rule gave no result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub kind: TroubleKind,
    pub message: String,
    pub line: Option<u32>,
    pub column: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// The script wanted more than it may have.
    Limit(Which),
    /// The script threw, or did something that cannot be done.
    Threw,
    /// The script returned something that is not a result.
    WrongShape,
    /// The script asked its host for something that it may not have.
    Refused,
    /// The interpreter itself gave up; its state is thrown away with the run.
    Panicked,
}

impl Trouble {
    pub(crate) fn at(kind: TroubleKind, message: impl Into<String>, position: rhai::Position) -> Self {
        let (line, column) = place(position);
        Self { kind, message: message.into(), line, column }
    }

    pub(crate) fn shape(message: impl Into<String>) -> Self {
        Self::at(TroubleKind::WrongShape, message, rhai::Position::NONE)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, " (line {line}, column {column})"),
            (Some(line), None) => write!(f, " (line {line})"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Trouble {}

fn place(position: rhai::Position) -> (Option<u32>, Option<u32>) {
    let number = |n: Option<usize>| n.and_then(|n| u32::try_from(n).ok());
    (number(position.line()), number(position.position()))
}
