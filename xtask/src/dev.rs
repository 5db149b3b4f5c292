//! `cargo xtask dev`: Trunk rebuilds the web app, this program rebuilds and restarts the server, each when its sources change.

use crate::project::Project;
use crate::run::Options;
use crate::{server, setup, web};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, ExitCode};
use std::time::{Duration, SystemTime};

/// What the server is made of.
const INPUTS: [&str; 7] = ["Cargo.toml", "Cargo.lock", "api", "backend", "migrations", "rules", "plugins"];
const PAUSE: Duration = Duration::from_millis(400);

pub fn run(project: &Project, options: &Options) -> Result<ExitCode> {
    let tools = setup::web_tools(project)?;
    let mut watcher = Running(web::watch(project, &tools)?.spawn()?);
    let mut served: Option<Running> = None;
    let mut seen = State::default();
    loop {
        let now = State::of(project)?;
        // Until Trunk has made the first page there is nothing to show.
        if now.page.is_some() && now != seen {
            if now.sources == seen.sources || build(project) {
                // The old server must let go of the address and the data before the new one starts.
                drop(served.take());
                served = Some(Running(server::serve_demo(project, "debug", &options.place).spawn()?));
            }
            seen = now;
        }
        if let Some(status) = watcher.0.try_wait()? {
            anyhow::bail!("trunk ended ({status})");
        }
        std::thread::sleep(PAUSE);
    }
}

/// A program that must not outlive this one.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Times of change: of the server's sources, and of the page whose script the server's policy names by its hash.
#[derive(Default, PartialEq, Eq)]
struct State {
    sources: BTreeMap<PathBuf, SystemTime>,
    page: Option<SystemTime>,
}

impl State {
    fn of(project: &Project) -> Result<Self> {
        let changed = |file: &PathBuf| file.metadata().and_then(|meta| meta.modified()).ok();
        let files = project.files(&INPUTS)?;
        let sources = files.into_iter().filter_map(|file| changed(&file).map(|time| (file, time))).collect();
        Ok(Self { sources, page: changed(&project.dist().join("index.html")) })
    }
}

/// Builds the server; a failed build leaves the old one serving.
fn build(project: &Project) -> bool {
    match server::build_dev(project) {
        Ok(()) => true,
        Err(error) => {
            eprintln!("{error:#}; waiting for the next change");
            false
        }
    }
}
