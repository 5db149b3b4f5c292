//! `cargo xtask test`: every check and test there is. Goes on after a failure, so that one run tells everything; the last line
//! counts.

use crate::check::{self, Report};
use crate::project::Project;
use crate::{crash, setup, shell, web};
use anyhow::{Context, Result, bail};
use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Options {
    /// Leave out the web app and the browser flows
    #[arg(long)]
    no_browser: bool,
    /// Run only the browser flows whose title matches, after building what they need
    #[arg(long, value_name = "TITLE", conflicts_with = "no_browser")]
    browser_only: Option<String>,
}

pub fn run(project: &Project, options: &Options) -> Result<ExitCode> {
    let mut report = Report::new();
    if let Some(title) = &options.browser_only {
        let built = report.step("build", || build(project));
        browser_steps(project, &mut report, built, Some(title));
        return Ok(report.close());
    }
    check::steps(project, &mut report);
    let built = report.step("build", || build(project));
    if built {
        report.counted("tests", |counts| native_tests(project, counts));
        report.step("crash test", || crash::short(project));
    }
    if !options.no_browser {
        browser_steps(project, &mut report, built, None);
    }
    Ok(report.close())
}

/// The flows run only against what was just built: an older server or app would prove nothing.
fn browser_steps(project: &Project, report: &mut Report, server_built: bool, title: Option<&str>) {
    let app_built = report.step("web app", || web::build(project, &setup::web_tools(project)?));
    let typed = report.step("flow types", || {
        let mut node = shell::command("node");
        shell::run(node.current_dir(&project.root).args(["node_modules/typescript/bin/tsc", "-p", "e2e"]))
    });
    if server_built && app_built && typed {
        report.counted("browser flows", |counts| browser_tests(project, title, counts));
    }
}

/// Passed and failed cases of a step that runs many.
#[derive(Default, Clone, Copy)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
}

fn native_tests(project: &Project, counts: &mut Counts) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.current_dir(&project.root).args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    let good = shell::run_reading(&mut cargo, |line| {
        if let Some(rest) = line.strip_prefix("test result: ") {
            counts.passed += number_before(rest, "passed").unwrap_or(0);
            counts.failed += number_before(rest, "failed").unwrap_or(0);
        }
    })?;
    if !good {
        bail!("cargo test failed; repeat one with `cargo test -p <crate> <name>`");
    }
    Ok(())
}

/// Builds what the native tests run, the server among it.
fn build(project: &Project) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.current_dir(&project.root);
    shell::run(cargo.args(["test", "--workspace", "--locked", "--no-run", "--quiet"]))
}

/// Playwright against the server that the native tests were built with.
fn browser_tests(project: &Project, title: Option<&str>, counts: &mut Counts) -> Result<()> {
    let browser = setup::browser()?;
    let server = project.server("debug");
    let mut node = shell::command("node");
    node.current_dir(&project.root)
        .args(["node_modules/@playwright/test/cli.js", "test", "--config", "e2e/playwright.config.ts"])
        .env("KPI_BINARY", server)
        .env("KPI_CHROMIUM", browser)
        .env("CI", "true");
    if let Some(title) = title {
        node.args(["--grep", title]);
    }
    let good = shell::run_reading(&mut node, |line| {
        counts.passed += number_before(line, "passed").unwrap_or(0);
        counts.failed += number_before(line, "failed").unwrap_or(0);
    })
    .context("cannot run the browser tests")?;
    if !good {
        bail!("browser flows failed; traces and screenshots are in e2e/test-results");
    }
    Ok(())
}

/// The number in front of `word` in a summary such as `ok. 12 passed; 0 failed` or `  3 passed (4.1s)`.
fn number_before(line: &str, word: &str) -> Option<u32> {
    let mut last = None;
    for part in line.split([' ', ';', '.']).filter(|part| !part.is_empty()) {
        if part == word {
            return last;
        }
        last = part.parse().ok();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::number_before;

    #[test]
    fn counts_are_read_from_the_summaries_of_both_runners() {
        let cargo = "FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.11s";
        assert_eq!(number_before(cargo, "passed"), Some(12));
        assert_eq!(number_before(cargo, "failed"), Some(3));
        assert_eq!(number_before("  7 passed (14.2s)", "passed"), Some(7));
        assert_eq!(number_before("the upload failed", "failed"), None);
    }
}
