//! What a script may cost at most.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

/// Bounds of one compilation or one run of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Steps of evaluation, closures included.
    pub operations: u64,
    /// Functions called from within functions.
    pub call_depth: usize,
    /// Expressions and blocks nested in each other.
    pub expr_depth: usize,
    /// Bytes of all text in one value.
    pub string_len: usize,
    /// Elements in one value, those of nested arrays included.
    pub array_len: usize,
    /// Entries in one value, those of nested maps included.
    pub map_len: usize,
    /// Bytes a run may hold. Half of it is the budget for arrays, maps and texts that are made or copied (never
    /// given back within a run, so that it bounds what is alive), half is what variables of the longest text
    /// could take in the deepest call.
    pub memory_bytes: usize,
    pub wall: Duration,
    pub source_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            operations: 200_000,
            call_depth: 12,
            expr_depth: 64,
            string_len: 16 * 1024,
            array_len: 2_000,
            map_len: 500,
            memory_bytes: 32 * 1024 * 1024,
            wall: Duration::from_millis(200),
            source_bytes: 64 * 1024,
        }
    }
}

impl Limits {
    /// Variables alive in one function.
    pub(crate) const VARIABLES: usize = 64;
    /// Functions in one rule, closures included.
    pub(crate) const FUNCTIONS: usize = 200;

    /// Bytes that may be made or copied in one run.
    pub(crate) const fn budget(&self) -> usize {
        self.memory_bytes / 2
    }
}

/// The limit a script ran into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    Operations,
    Wall,
    Memory,
    CallDepth,
    StringLen,
    ArrayLen,
    MapLen,
    Variables,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operations => "too many operations",
            Self::Wall => "too much time",
            Self::Memory => "too much memory",
            Self::CallDepth => "too many calls within calls",
            Self::StringLen => "a text too long",
            Self::ArrayLen => "an array too long",
            Self::MapLen => "a map too large",
            Self::Variables => "too many variables",
        })
    }
}
