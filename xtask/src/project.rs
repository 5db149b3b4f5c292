//! Where things are: the repository's folders, seen from its root.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The repository that this program was built from.
pub struct Project {
    pub root: PathBuf,
}

impl Project {
    /// Finds the repository from the place of xtask's own manifest.
    pub fn find() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().context("xtask must lie in the repository's root")?.to_path_buf();
        Ok(Self { root })
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where cargo puts native builds.
    pub fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), |dir| self.root.join(dir))
    }

    /// The web app builds beside the native target folder, so that neither waits for the other's lock nor throws away
    /// the other's work when the two come from different compilers.
    pub fn wasm_target(&self) -> PathBuf {
        self.target().join("wasm")
    }

    /// The server binary of a profile (`debug`, `release`).
    pub fn server(&self, profile: &str) -> PathBuf {
        self.target().join(profile).join(format!("kpi{}", std::env::consts::EXE_SUFFIX))
    }

    pub fn dist(&self) -> PathBuf {
        self.path("dist")
    }

    /// Every file below `folders` (or at them, where one names a file), in a fixed order, without what tools generate.
    pub fn files(&self, folders: &[&str]) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for folder in folders {
            collect(&self.path(folder), &mut found)?;
        }
        found.sort();
        Ok(found)
    }

    /// A path as people write it: from the root, with forward slashes.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }
}

const GENERATED: [&str; 6] =
    ["target", "dist", "node_modules", "test-results", "playwright-report", "proptest-regressions"];

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        found.push(path.to_path_buf());
    } else if path.is_dir() {
        for entry in std::fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))? {
            let entry = entry?.path();
            let generated = entry.file_name().is_some_and(|name| GENERATED.iter().any(|skip| name == *skip));
            if !generated {
                collect(&entry, found)?;
            }
        }
    }
    Ok(())
}
