//! The project's own commands: `cargo xtask --help` lists them. One file per command; a new command is a file with a
//! `run` function, a variant of [`Command`] and a line in [`main`].

mod bench;
mod check;
mod client;
mod crash;
mod dev;
mod fingerprint;
mod project;
mod run;
mod server;
mod setup;
mod shell;
mod subject;
mod test;
mod web;

use anyhow::Result;
use clap::{Parser, Subcommand};
use project::Project;
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Builds, runs and proves the KPI Management System",
    version
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing: wasm target, Trunk, wasm-bindgen, npm packages, a browser for the tests
    ///
    /// Does nothing, and needs no network, when everything is there.
    Setup,
    /// Set up, build the web app and the server, make the demo company and serve it
    Run(run::Options),
    /// Serve the demo company from a development build and rebuild on every change
    Dev(run::Options),
    /// Run every check and test there is: format, house rules, lints, tests, browser flows
    Test(test::Options),
    /// Run the quick checks only: format, house rules, lints, licences
    Check(check::Options),
    /// Measure the release server over loopback and compare it with what is promised
    Bench(bench::Options),
    /// Kill a server under load again and again, and look whether all that it acknowledged is there
    CrashTest(crash::Options),
    /// Build the web app into dist/ (release, optimised, compressed)
    Web,
}

fn main() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<ExitCode> {
    let project = Project::find()?;
    match command {
        Command::Setup => setup::run(&project),
        Command::Run(options) => run::run(&project, &options),
        Command::Dev(options) => dev::run(&project, &options),
        Command::Test(options) => test::run(&project, &options),
        Command::Check(options) => check::run(&project, &options),
        Command::Bench(options) => bench::run(&project, &options),
        Command::CrashTest(options) => crash::run(&project, &options),
        Command::Web => web::run(&project),
    }
}
