//! `cargo xtask setup`: brings a machine to where the project builds, and finds what is already there. Reading order:
//! [`wasm`] (a compiler for the web app), [`tools`] (Trunk, wasm-bindgen), [`node`] (npm packages), [`browser`], [`system`]
//! (the operating system's packages).

mod browser;
mod node;
mod system;
mod tools;
pub mod wasm;

use crate::project::Project;
use crate::shell;
use anyhow::Result;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use wasm::WasmToolchain;

/// What building the web app needs, found or installed.
pub struct WebTools {
    pub wasm: WasmToolchain,
    /// Folders with `trunk`, `wasm-bindgen`, `tailwindcss`, `wasm-opt`, to be put in front of `PATH`.
    folders: Vec<PathBuf>,
}

impl WebTools {
    /// A Trunk command with the project's compiler and tools; the caller adds the subcommand's arguments.
    pub fn trunk(&self, project: &Project) -> Result<Command> {
        self.tool(project, "trunk")
    }

    /// The cargo that Trunk would start, so that what it builds need not be built again.
    pub fn cargo(&self, project: &Project) -> Result<Command> {
        self.tool(project, "cargo")
    }

    fn tool(&self, project: &Project, program: &str) -> Result<Command> {
        let mut command = shell::command(program);
        // The compiler first: a folder with Trunk in it may well hold another cargo.
        let mut folders = Vec::from_iter(self.wasm.folder(project)?);
        folders.extend_from_slice(&self.folders);
        command.current_dir(&project.root).env("PATH", shell::path_with(&folders)?);
        // Trunk reads NO_COLOR as a boolean and refuses the usual "1".
        command.env_remove("NO_COLOR");
        self.wasm.apply(&mut command, project);
        Ok(command)
    }
}

/// Everything that the web app's build needs. Does nothing where it is there already.
pub fn web_tools(project: &Project) -> Result<WebTools> {
    let wasm = wasm::ensure(project)?;
    let mut folders = tools::ensure(project)?;
    folders.push(node::ensure(project)?);
    Ok(WebTools { wasm, folders })
}

/// The browser of the browser tests.
pub fn browser() -> Result<PathBuf> {
    browser::ensure()
}

pub fn run(project: &Project) -> Result<ExitCode> {
    let tools = web_tools(project)?;
    let browser = browser()?;
    println!("Ready: {}; tests use {}.", tools.wasm.describe(), browser.display());
    Ok(ExitCode::SUCCESS)
}
