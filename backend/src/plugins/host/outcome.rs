//! How a call of a plugin is held, and how it ends.

use std::{fmt, time::Duration};

use serde::Serialize;
use serde_json::Value;

/// Bounds of one call, besides the steps and the memory that every call may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// From the first to the last, whatever it waits for.
    pub total: Duration,
    pub log_lines: usize,
    /// Bytes of all lines of the log.
    pub log_bytes: usize,
    /// Messages to other servers.
    pub posts: usize,
    /// Notifications to people.
    pub notes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total: Duration::from_millis(900),
            log_lines: 200,
            log_bytes: 16 * 1024,
            posts: 20,
            notes: 500,
        }
    }
}

/// A call that came to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// What the function returned.
    pub value: Value,
    /// Steps of evaluation it took.
    pub operations: u64,
    pub log: Vec<String>,
    pub took: Duration,
}

/// A call that did not.
#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    pub kind: FailedKind,
    pub message: String,
    /// From 1, in the plugin's script.
    pub line: Option<u32>,
    pub function: String,
    /// What it had logged by then.
    pub log: Vec<String>,
    pub took: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FailedKind {
    /// The script threw, or did something that cannot be done.
    Threw,
    /// It wanted more than it may have: steps, memory, messages.
    Limit,
    /// It took too long, or waited too long for another server.
    Timeout,
    /// It asked for something without the permission.
    Refused,
    /// The interpreter gave up; its state is thrown away with the call.
    Panicked,
}

impl FailedKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Threw => "threw",
            Self::Limit => "limit",
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::Panicked => "panicked",
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.function, self.message)?;
        match self.line {
            Some(line) => write!(f, " (line {line})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failed {}
