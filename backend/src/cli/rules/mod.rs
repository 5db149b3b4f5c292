//! `kpi rules`: which rules there are, and whether they are right, those in the database and those in files.

use std::path::PathBuf;

use kpi_api::{
    rules::{RuleState, cases::PropertyReport},
    scoring::{RuleKind, Severity},
};
use kpi_engine::{Diagnostic, Engine, Rule, cases, properties};
use serde::Serialize;

use super::{
    Format, Place,
    end::{Done, Stop, print_json, say},
    open,
};

mod source;

use source::Source;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Show the rules in the database, and those in RULES_DIR
    List(List),
    /// Compile rules and tell what is wrong with them
    Check(Chosen),
    /// Run the cases of rules
    Test(Chosen),
}

#[derive(clap::Args)]
pub struct List {
    #[command(flatten)]
    format: Format,
}

#[derive(clap::Args)]
pub struct Chosen {
    /// Rule files (.rhai) or folders; without any, the rules in the database and those in RULES_DIR
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    format: Format,
}

pub fn run(place: &Place, command: Command) -> Done {
    match command {
        Command::List(options) => with_sources(place, &[], move |sources| list(&sources, options.format)),
        Command::Check(chosen) => {
            with_sources(place, &chosen.files, move |sources| check(&sources, chosen.format))
        }
        Command::Test(chosen) => {
            with_sources(place, &chosen.files, move |sources| test(&sources, chosen.format))
        }
    }
}

/// Hands over the rules in `files`; without any, everything that is in the database or in `RULES_DIR`.
fn with_sources(place: &Place, files: &[PathBuf], work: impl FnOnce(Vec<Source>) -> Done) -> Done {
    if !files.is_empty() {
        return work(source::in_files(files)?);
    }
    let config = open::quiet_config(place)?;
    open::block_on(&config.clone(), async move {
        let folder = config.rules_dir.clone();
        let opened = open::to_read(config).await?;
        let mut sources = source::stored(&opened.ctx).await?;
        opened.close().await?;
        if let Some(folder) = folder {
            sources.extend(source::in_files(&[folder])?);
        }
        work(sources)
    })
}

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    kind: RuleKind,
    scope: &'a str,
    version: Option<i64>,
    state: Option<RuleState>,
    has_draft: bool,
    title: String,
    checksum: String,
    file: Option<&'a PathBuf>,
}

fn list(sources: &[Source], format: Format) -> Done {
    let rows: Vec<Listed<'_>> = sources
        .iter()
        .map(|source| Listed {
            name: &source.name,
            kind: source.kind,
            scope: &source.scope,
            version: source.version,
            state: source.state,
            has_draft: source.has_draft,
            title: kpi_engine::heading(&source.text).0,
            checksum: kpi_engine::checksum(&source.text),
            file: source.file.as_ref(),
        })
        .collect();
    if format.json {
        return print_json(&rows);
    }
    say(format_args!(
        "{:<9} {:<28} {:<16} {:>7} {:<16}  TITLE",
        "KIND", "NAME", "SCOPE", "VERSION", "STATE"
    ))?;
    for row in rows {
        let version = row.version.map_or("file".to_owned(), |version| version.to_string());
        let state = match row.state {
            Some(state @ RuleState::Published) if row.has_draft => format!("{state}, draft"),
            Some(state) => state.to_string(),
            None => String::new(),
        };
        say(format_args!(
            "{:<9} {:<28} {:<16} {version:>7} {state:<16}  {}",
            row.kind.as_str(),
            row.name,
            row.scope,
            row.title
        ))?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Checked<'a> {
    name: &'a str,
    file: Option<&'a PathBuf>,
    ok: bool,
    diagnostics: Vec<Diagnostic>,
}

fn check(sources: &[Source], format: Format) -> Done {
    let engine = Engine::default();
    let checked: Vec<Checked<'_>> = sources
        .iter()
        .map(|source| {
            let (ok, diagnostics) = match compile(&engine, source) {
                Ok(rule) => (true, rule.doubts()),
                Err(errors) => (false, errors),
            };
            Checked { name: &source.name, file: source.file.as_ref(), ok, diagnostics }
        })
        .collect();
    if format.json {
        print_json(&checked)?;
    } else {
        for (source, checked) in sources.iter().zip(&checked) {
            if checked.ok {
                say(format_args!("{}: good", source.shown()))?;
            }
            for found in &checked.diagnostics {
                say(format_args!("{}", located(source, found)))?;
            }
        }
    }
    if checked.iter().all(|checked| checked.ok) { Ok(()) } else { Err(Stop::Told) }
}

#[derive(Serialize)]
struct Tested<'a> {
    name: &'a str,
    file: Option<&'a PathBuf>,
    ok: bool,
    /// Why the cases could not be run.
    trouble: Option<String>,
    cases: Vec<cases::CaseResult>,
    /// What has to hold of every rule.
    properties: Vec<PropertyReport>,
}

fn test(sources: &[Source], format: Format) -> Done {
    let engine = Engine::default();
    let tested: Vec<Tested<'_>> = sources
        .iter()
        .map(|source| {
            let (trouble, cases) = match run_cases(&engine, source) {
                Ok(cases) => (None, cases),
                Err(trouble) => (Some(trouble), Vec::new()),
            };
            let rule = compile(&engine, source).ok();
            let properties = rule.map(|rule| properties::check(&engine, &rule)).unwrap_or_default();
            let ok = trouble.is_none()
                && cases.iter().all(|case| case.passed)
                && properties.iter().all(|property| property.passed);
            Tested { name: &source.name, file: source.file.as_ref(), ok, trouble, cases, properties }
        })
        .collect();
    let is_good = tested.iter().all(|tested| tested.ok);
    if format.json {
        print_json(&tested)?;
        return if is_good { Ok(()) } else { Err(Stop::Told) };
    }
    let (mut passed, mut failed) = (0, 0);
    for (source, tested) in sources.iter().zip(&tested) {
        say(source.shown())?;
        if let Some(trouble) = &tested.trouble {
            failed += 1;
            say(format_args!("  failed   {trouble}"))?;
        }
        for case in &tested.cases {
            if case.passed {
                passed += 1;
                say(format_args!("  passed   {}", case.name))?;
            } else {
                failed += 1;
                say(format_args!("  failed   {}: {}", case.name, case.detail))?;
            }
        }
        for property in &tested.properties {
            if property.passed {
                passed += 1;
                say(format_args!("  holds    {}", property.property))?;
            } else {
                failed += 1;
                say(format_args!("  failed   {}: {}", property.property, property.message))?;
            }
        }
    }
    say(format_args!("{passed} passed, {failed} failed"))?;
    if is_good { Ok(()) } else { Err(Stop::Told) }
}

fn compile(engine: &Engine, source: &Source) -> Result<Rule, Vec<Diagnostic>> {
    engine.compile(source.kind, &source.text)
}

fn run_cases(engine: &Engine, source: &Source) -> Result<Vec<cases::CaseResult>, String> {
    let rule = compile(engine, source).map_err(|found| {
        found.first().map_or("it does not compile".to_owned(), |first| located(source, first))
    })?;
    let file =
        source.cases.as_deref().ok_or("it has no cases; they belong into a .test.toml file beside it")?;
    cases::run(engine, &rule, file).map_err(|fault| match fault.line {
        Some(line) => format!("{fault} (line {line})"),
        None => fault.to_string(),
    })
}

/// As compilers write it, so that editors find the place.
fn located(source: &Source, found: &Diagnostic) -> String {
    let severity = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    format!("{}:{}:{}: {severity}: {}", source.shown(), found.line, found.column, found.message)
}
