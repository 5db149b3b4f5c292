//! npm packages: styles, charts, API pages, wasm-opt and the browser-test runner.

use crate::fingerprint::Fingerprint;
use crate::project::Project;
use crate::shell;
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;

const OLDEST_NODE: u32 = 20;

/// Installs exactly what the lock file names; the answer is the folder of the packages' programs.
pub fn ensure(project: &Project) -> Result<PathBuf> {
    let programs = project.path("node_modules/.bin");
    let lock = [project.path("package-lock.json"), project.path("package.json")];
    let state = Fingerprint::of(project.path("node_modules/.installed"), &lock, &[])?;
    if state.unchanged() && programs.is_dir() {
        return Ok(programs);
    }
    let version = shell::output(shell::command("node").arg("--version")).context(
        "Node.js is missing: install Node.js 20 or newer with npm (nodejs.org, or your system's packages)",
    )?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    ensure!(
        major.is_some_and(|major| major >= OLDEST_NODE),
        "Node.js {version} is too old: {OLDEST_NODE} or newer is needed"
    );
    println!("Installing npm packages ...");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    // No package needs a script to install itself, so none may run one.
    shell::run(shell::command(npm).current_dir(&project.root).args([
        "ci",
        "--ignore-scripts",
        "--no-progress",
    ]))?;
    state.keep()?;
    Ok(programs)
}
