//! A compiled rule, and how a source becomes one.

use kpi_api::scoring::RuleKind;
use sha2::{Digest, Sha256};

use crate::{
    check,
    limits::Limits,
    outcome::{Diagnostic, fault},
};

/// A rule that is ready to run. Compile once, share by reference.
#[derive(Debug, Clone)]
pub struct Rule {
    kind: RuleKind,
    title: String,
    description: String,
    checksum: String,
    source: String,
    pub(crate) ast: rhai::AST,
}

impl Rule {
    pub fn kind(&self) -> RuleKind {
        self.kind
    }

    /// First of the leading `//!` lines; empty when there is none.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The leading `//!` lines after the first, joined to paragraphs.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Hex SHA-256 of the source.
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    /// What is worth a look although it runs: a missing title, functions that are not used.
    pub fn doubts(&self) -> Vec<Diagnostic> {
        check::doubts(self.kind, &self.source, &self.ast)
    }

    /// Whether it asks for a field of that name, of whatever record.
    pub fn reads(&self, field: &str) -> bool {
        check::reads(&self.ast, field)
    }

    /// The patterns of the sentences it can say, as far as they are written out in it; for catalogues of translations.
    pub fn sentences(&self) -> Vec<String> {
        check::sentences(&self.ast)
    }
}

/// Hex SHA-256 of a source, as receipts name it.
pub fn checksum(source: &str) -> String {
    Sha256::digest(source.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn compile(
    engine: &rhai::Engine,
    limits: &Limits,
    kind: RuleKind,
    source: &str,
) -> Result<Rule, Vec<Diagnostic>> {
    let ast = parsed(engine, limits, source)?;
    check::check(kind, source, &ast)?;
    let (title, description) = heading(source);
    Ok(Rule { kind, title, description, checksum: checksum(source), source: source.into(), ast })
}

pub(crate) fn parsed(
    engine: &rhai::Engine,
    limits: &Limits,
    source: &str,
) -> Result<rhai::AST, Vec<Diagnostic>> {
    if source.len() > limits.source_bytes {
        let message =
            format!("A source may have {} bytes; this one has {}.", limits.source_bytes, source.len());
        return Err(vec![fault(rhai::Position::NONE, message)]);
    }
    let mut ast = engine
        .compile(source)
        .map_err(|error| vec![fault(error.position(), format!("{}.", error.err_type()))])?;
    ast.clear_source();
    Ok(ast)
}

/// Title and description from the leading `//!` lines; an empty one begins a new paragraph.
pub fn heading(source: &str) -> (String, String) {
    let mut lines = source.lines().map_while(|line| line.trim().strip_prefix("//!")).map(str::trim);
    let title = lines.next().unwrap_or_default().to_string();
    let mut description = String::new();
    for line in lines {
        match (line.is_empty(), description.is_empty() || description.ends_with('\n')) {
            (true, true) => {}
            (true, false) => description.push_str("\n\n"),
            (false, true) => description.push_str(line),
            (false, false) => {
                description.push(' ');
                description.push_str(line);
            }
        }
    }
    (title, description.trim_end().to_string())
}
