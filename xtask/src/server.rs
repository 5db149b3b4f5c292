//! The server: built by cargo, with the web app of `dist/` inside.

use crate::project::Project;
use crate::shell;
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;
use std::process::Command;

/// Where the server listens and keeps its data.
#[derive(Args)]
pub struct Place {
    /// Address and port to serve on
    #[arg(long, default_value = "127.0.0.1:8000")]
    pub listen: String,
    /// Folder of the database, uploads and backups; made when missing
    #[arg(long, default_value = "./data")]
    pub data_dir: PathBuf,
}

/// The optimised server with the web app embedded. Cargo itself knows whether anything changed.
pub fn build_release(project: &Project) -> Result<()> {
    let mut cargo = shell::cargo();
    shell::run(cargo.current_dir(&project.root).args(["build", "--release", "--locked", "--package", "kpi"]))
}

/// The development server, which reads the web app from `dist/` while it runs.
pub fn build_dev(project: &Project) -> Result<()> {
    let mut cargo = shell::cargo();
    shell::run(cargo.current_dir(&project.root).args(["build", "--locked", "--package", "kpi"]))
}

/// `kpi serve` with the demo company, from the repository's root.
pub fn serve_demo(project: &Project, profile: &str, place: &Place) -> Command {
    let mut serve = shell::command(project.server(profile));
    serve.current_dir(&project.root).args(["serve", "--demo", "--listen", &place.listen, "--data-dir"]);
    serve.arg(&place.data_dir);
    serve
}
