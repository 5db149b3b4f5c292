//! What a writer has sent and what came back, on disk before the next request goes out: the memory of the test is not
//! what is believed.

use anyhow::{Context, Result};
use serde_json::json;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Where the mark of a request is looked for afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The note of a value of the KPI.
    Value,
    /// The title of a KPI.
    Draft,
    /// The text of a comment on the KPI.
    Comment,
    /// The name of a file on the KPI; its content is known by the mark.
    File,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Answered with success: has to be there once.
    Acknowledged,
    /// Answered with a refusal: must not be there.
    Refused,
    /// Not answered: may be there, once at most.
    Unknown,
}

/// A request that writes. The mark is in what it writes, and nowhere else.
pub struct Entry {
    pub mark: String,
    pub kind: Kind,
    /// The KPI it is about; absent for a draft.
    pub kpi: Option<i64>,
    pub fate: Fate,
    /// As sent, for the same request once more.
    pub request: Vec<u8>,
}

pub struct Journal {
    file: File,
    pub entries: Vec<Entry>,
}

impl Journal {
    pub fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).with_context(|| format!("making the journal {}", path.display()))?;
        Ok(Self { file, entries: Vec::new() })
    }

    /// Notes what is about to be sent.
    pub fn sending(&mut self, mark: String, kind: Kind, kpi: Option<i64>, request: &[u8]) -> Result<usize> {
        self.line(&json!({ "sent": mark, "kind": format!("{kind:?}"), "kpi": kpi }).to_string())?;
        self.entries.push(Entry { mark, kind, kpi, fate: Fate::Unknown, request: request.to_vec() });
        Ok(self.entries.len() - 1)
    }

    /// Notes what became of it.
    pub fn answered(&mut self, entry: usize, fate: Fate) -> Result<()> {
        let known = self.entries.get_mut(entry).context("an answer to nothing")?;
        known.fate = fate;
        let line = json!({ "answered": known.mark, "fate": format!("{fate:?}") }).to_string();
        self.line(&line)
    }

    fn line(&mut self, line: &str) -> Result<()> {
        writeln!(self.file, "{line}")?;
        self.file.sync_data().context("writing the journal")
    }

    pub fn counted(&self) -> Counted {
        let of = |fate| self.entries.iter().filter(|entry| entry.fate == fate).count();
        Counted {
            acknowledged: of(Fate::Acknowledged),
            refused: of(Fate::Refused),
            unknown: of(Fate::Unknown),
        }
    }
}

#[derive(Default, Clone, Copy)]
pub struct Counted {
    pub acknowledged: usize,
    pub refused: usize,
    pub unknown: usize,
}

impl std::iter::Sum for Counted {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            acknowledged: sum.acknowledged + one.acknowledged,
            refused: sum.refused + one.refused,
            unknown: sum.unknown + one.unknown,
        })
    }
}

impl std::fmt::Display for Counted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} acknowledged, {} refused, {} unanswered", self.acknowledged, self.refused, self.unknown)
    }
}
