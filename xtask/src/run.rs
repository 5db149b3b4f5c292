//! `cargo xtask run`: from a fresh checkout to the demo company in the browser. A second run starts in seconds.

use crate::project::Project;
use crate::server::{self, Place};
use crate::{setup, web};
use anyhow::Result;
use std::process::{Command, ExitCode};

#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    pub place: Place,
}

pub fn run(project: &Project, options: &Options) -> Result<ExitCode> {
    let tools = setup::web_tools(project)?;
    web::build(project, &tools)?;
    server::build_release(project)?;
    become_server(server::serve_demo(project, "release", &options.place))
}

/// Hands this process over to the server, so that signals reach it and its exit code is ours.
#[cfg(unix)]
fn become_server(mut serve: Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(anyhow::Error::new(serve.exec()).context("cannot start the server"))
}

#[cfg(not(unix))]
fn become_server(mut serve: Command) -> Result<ExitCode> {
    let status = serve.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
