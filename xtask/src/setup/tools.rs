//! Trunk and wasm-bindgen, each in exactly the version that the project wants.

use crate::project::Project;
use crate::shell;
use anyhow::{Context, Result};
use std::path::PathBuf;

/// Newer releases want a newer compiler than the project does.
const TRUNK: &str = "0.21.14";

struct Tool {
    program: &'static str,
    package: &'static str,
    version: String,
    /// Arguments for `cargo install`.
    features: &'static [&'static str],
}

/// The folders that hold both tools.
pub fn ensure(project: &Project) -> Result<Vec<PathBuf>> {
    let lock = std::fs::read_to_string(project.path("Cargo.lock")).context("cannot read Cargo.lock")?;
    let bindgen = locked_version(&lock, "wasm-bindgen")
        .context("Cargo.lock does not name a version of wasm-bindgen")?;
    let tools = [
        // Without its default features Trunk neither looks for updates nor carries TLS: it never downloads here.
        Tool {
            program: "trunk",
            package: "trunk",
            version: TRUNK.into(),
            features: &["--no-default-features"],
        },
        Tool { program: "wasm-bindgen", package: "wasm-bindgen-cli", version: bindgen, features: &[] },
    ];
    tools.iter().map(Tool::ensure).collect()
}

impl Tool {
    fn ensure(&self) -> Result<PathBuf> {
        let root = cache()?.join(format!("{}-{}", self.program, self.version));
        let own = root.join("bin");
        if self.is_at(&own.join(self.program)) {
            return Ok(own);
        }
        if let Some(found) = shell::find(self.program).filter(|program| self.is_at(program)) {
            return found.parent().map(PathBuf::from).context("a program lies in a folder");
        }
        println!("Installing {} {} (once per machine, some minutes) ...", self.package, self.version);
        // The tool's own lock file first; a mirror that lags behind may lack one of its versions.
        self.install(&root, &["--locked"]).or_else(|_| self.install(&root, &[]))?;
        Ok(own)
    }

    fn is_at(&self, program: &PathBuf) -> bool {
        shell::output(shell::command(program).arg("--version"))
            .is_some_and(|text| text.split_whitespace().any(|word| word == self.version))
    }

    fn install(&self, root: &PathBuf, extra: &[&str]) -> Result<()> {
        let mut cargo = shell::cargo();
        cargo.args(["install", self.package, "--version", &self.version, "--root"]).arg(root);
        cargo.args(self.features).args(extra);
        // These tools run for seconds and compile for minutes: ask for the quicker compilation.
        cargo
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env_remove("CARGO_TARGET_DIR");
        shell::run(&mut cargo)
    }
}

/// One folder per tool and version, shared by all checkouts, so that nobody's own installation is touched.
fn cache() -> Result<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| {
        std::env::var_os("HOME")
            .or_else(|| std::env::var_os("LOCALAPPDATA"))
            .map(|home| PathBuf::from(home).join(".cache"))
    });
    Ok(base.context("neither XDG_CACHE_HOME nor HOME is set")?.join("kpi-tools"))
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let after = lock.lines().skip_while(|line| *line != name).nth(1)?;
    Some(after.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn a_locked_version_is_the_one_of_exactly_that_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "trunk"), None);
    }
}
