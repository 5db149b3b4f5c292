//! The web app: Trunk turns `frontend/` into `dist/`, which the server carries inside its binary.

use crate::fingerprint::Fingerprint;
use crate::project::Project;
use crate::setup::{self, WebTools};
use crate::shell;
use anyhow::Result;
use std::process::{Command, ExitCode};

/// The first pages of its two programs.
const PAGES: [&str; 2] = ["index.html", "admin.html"];

/// What cargo calls its release builds.
const PROFILE: &str = "web";

/// What the web app is made of. The lock files stand for every dependency.
const INPUTS: [&str; 10] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "api",
    "backend/engine",
    "frontend",
    "package-lock.json",
    "rules",
    "trunk.toml",
    "xtask/src/web.rs",
];

pub fn run(project: &Project) -> Result<ExitCode> {
    build(project, &setup::web_tools(project)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Builds `dist/` for release, unless it stems from exactly these sources.
pub fn build(project: &Project, tools: &WebTools) -> Result<()> {
    let state = Fingerprint::of(
        project.target().join("web-app.fingerprint"),
        &project.files(&INPUTS)?,
        &[tools.wasm.describe()],
    )?;
    if state.unchanged() && PAGES.iter().all(|page| project.dist().join(page).is_file()) {
        println!("The web app is up to date.");
        return Ok(());
    }
    fetch(project, tools)?;
    compile(project, tools)?;
    shell::run(trunk(project, tools, "build")?.args(["--release", "--cargo-profile", PROFILE]))?;
    state.keep()
}

/// `trunk watch`: rebuilds `dist/` without optimisation whenever a source changes.
pub fn watch(project: &Project, tools: &WebTools) -> Result<Command> {
    fetch(project, tools)?;
    // What dist/ holds from now on is no release build.
    std::fs::remove_file(project.target().join("web-app.fingerprint")).ok();
    trunk(project, tools, "watch")
}

/// Both programs at once; Trunk would build one after the other, and finds them done.
fn compile(project: &Project, tools: &WebTools) -> Result<()> {
    let mut cargo = tools.cargo(project)?;
    cargo.args(["build", "--target=wasm32-unknown-unknown", "--manifest-path", "frontend/Cargo.toml"]);
    shell::run(cargo.args(["--bins", "--offline", "--profile", PROFILE]))
}

fn trunk(project: &Project, tools: &WebTools, action: &str) -> Result<Command> {
    let mut trunk = tools.trunk(project)?;
    trunk.args([action, "--config", "trunk.toml"]);
    Ok(trunk)
}

/// Trunk tells cargo to stay off the network, so the crates must be there before; quick when they are.
fn fetch(project: &Project, tools: &WebTools) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.current_dir(&project.root).args(["fetch", "--quiet", "--locked"]);
    shell::run(&mut cargo)?;
    if tools.wasm == setup::wasm::WasmToolchain::Debian {
        // This one also fetches what the standard library itself depends on.
        let mut cargo = shell::command("/usr/bin/cargo");
        tools.wasm.apply(&mut cargo, project);
        cargo.current_dir(&project.root).env("RUSTC", "/usr/bin/rustc");
        shell::run(cargo.args(["fetch", "--quiet", "--locked", "--target", "wasm32-unknown-unknown"]))?;
    }
    Ok(())
}
