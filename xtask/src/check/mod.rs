//! `cargo xtask check`: format, house rules, lints and licences. Each house rule is a file whose findings say how to mend
//! them: [`direction`] (who may know whom), [`shape`] (size, names and opening of files), [`wording`] (what may not be
//! written anywhere), [`links`] (documents that point at something), [`dependencies`] (a reason for
//! each), [`settings`] (each explained).

mod dependencies;
mod direction;
mod links;
mod report;
mod settings;
mod shape;
mod wording;

pub use report::Report;

use crate::project::Project;
use crate::shell;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Options {
    /// Check the house rules alone, which takes no time
    #[arg(long)]
    rules_only: bool,
}

pub fn run(project: &Project, options: &Options) -> Result<ExitCode> {
    let mut report = Report::new();
    if options.rules_only {
        report.step("house rules", || house_rules(project));
    } else {
        steps(project, &mut report);
    }
    Ok(report.close())
}

/// The quick checks, cheapest first.
pub fn steps(project: &Project, report: &mut Report) {
    report.step("format", || {
        let mut cargo = shell::cargo();
        shell::run(cargo.current_dir(&project.root).args(["fmt", "--all", "--check"]))
    });
    report.step("house rules", || house_rules(project));
    report.step("lints", || {
        let mut cargo = shell::cargo();
        cargo.current_dir(&project.root);
        shell::run(cargo.args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]))
    });
    if shell::find("cargo-deny").is_some() {
        report.step("licences", || {
            let mut cargo = shell::cargo();
            cargo.current_dir(&project.root);
            shell::run(cargo.args(["deny", "--offline", "check", "bans", "licenses", "sources"]))
        });
    }
}

/// A text file of the project.
pub struct Source {
    /// From the root, with forward slashes.
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Lines that are code, with their number from 1; Rust comments left out.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// A finding at a line, ready to be clicked in a terminal.
    pub fn at(&self, line: usize, message: &str) -> String {
        format!("{}:{line}: {message}", self.path)
    }
}

const ROOMS: [&str; 11] =
    ["api", "backend", "frontend", "migrations", "rules", "plugins", "xtask", "e2e", "docs", ".ci", ".cargo"];
const TEXT: [&str; 14] =
    ["rs", "toml", "md", "ts", "mjs", "js", "css", "html", "json", "rhai", "yml", "conf", "example", "sh"];

fn house_rules(project: &Project) -> Result<()> {
    let mut files = project.files(&ROOMS)?;
    for entry in std::fs::read_dir(&project.root)? {
        files.push(entry?.path());
    }
    files.retain(|file| file.is_file() && is_text(file));
    let mut sources = Vec::new();
    for file in &files {
        sources.push(Source { path: project.shown(file), text: std::fs::read_to_string(file)? });
    }
    let mut findings = direction::findings(&sources);
    findings.extend(shape::findings(&sources));
    findings.extend(wording::findings(&sources));
    findings.extend(links::findings(project, &sources));
    findings.extend(dependencies::findings(&sources));
    findings.extend(settings::findings(&sources));
    if findings.is_empty() {
        println!("{} files follow them.", sources.len());
        return Ok(());
    }
    for finding in &findings {
        println!("{finding}");
    }
    bail!("{} findings", findings.len())
}

fn is_text(file: &Path) -> bool {
    let extension = file.extension().map(|extension| extension.to_string_lossy());
    match extension {
        Some(extension) => TEXT.contains(&extension.as_ref()) && !file.ends_with("package-lock.json"),
        None => file.file_name().is_some_and(|name| name == "Dockerfile" || name == "run"),
    }
}
