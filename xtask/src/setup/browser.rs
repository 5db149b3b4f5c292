//! A Chromium for the browser tests: any that the machine has, else Debian's package.

use super::system;
use crate::shell;
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

/// The browser's program. `KPI_CHROMIUM` names one that is not on the search path.
pub fn ensure() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("KPI_CHROMIUM") {
        let named = PathBuf::from(named);
        ensure!(named.is_file(), "KPI_CHROMIUM names {}, which is not a file", named.display());
        return Ok(named);
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    system::install(&["chromium"])
        .context("the browser tests need Chromium or Chrome: install one, or name it in KPI_CHROMIUM")?;
    find().context("chromium was installed but is not on the search path")
}

fn find() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| shell::find(name))
}
