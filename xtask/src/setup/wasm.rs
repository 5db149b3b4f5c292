//! A compiler for `wasm32-unknown-unknown`: rustup's target where its server can be reached, else Debian's `rustc-web`,
//! which brings the standard library as source and is told to build it.

use super::system;
use crate::project::Project;
use crate::shell;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";
/// Yew, SeaORM and the 2024 edition want at least this compiler.
const OLDEST: (u32, u32) = (1, 95);

/// A way to compile the web app.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The project's usual compiler, with the target's standard library beside it.
    Usual,
    /// Debian's compiler in `/usr/bin`, building the standard library from source.
    Debian,
}

impl WasmToolchain {
    /// The folder that must come first on `PATH` so that `cargo` and `rustc` mean this toolchain.
    pub fn folder(self, project: &Project) -> Result<Option<PathBuf>> {
        if self == Self::Usual {
            return Ok(None);
        }
        // Links rather than all of /usr/bin, which would put Debian's other tools before the project's.
        let folder = project.wasm_target().join("debian-toolchain");
        std::fs::create_dir_all(&folder)?;
        for program in ["cargo", "rustc", "rustdoc"] {
            link(&Path::new("/usr/bin").join(program), &folder.join(program))?;
        }
        Ok(Some(folder))
    }

    /// Sets what cargo needs to know for this toolchain.
    pub fn apply(self, command: &mut Command, project: &Project) {
        command.env("CARGO_TARGET_DIR", project.wasm_target());
        // Set by the cargo that started this program; it would lead other programs to the wrong toolchain.
        command.env_remove("CARGO").env_remove("RUSTC");
        if self == Self::Debian {
            command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
            if let Some(linker) = linker() {
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            }
        }
    }

    pub fn describe(self) -> &'static str {
        match self {
            Self::Usual => "the web app is compiled by the usual toolchain",
            Self::Debian => "the web app is compiled by Debian's rustc-web with its own standard library",
        }
    }
}

/// Finds a toolchain for the web app, or installs one.
pub fn ensure(project: &Project) -> Result<WasmToolchain> {
    // Lets a machine that has both show that either builds the same app.
    let only_debian = std::env::var("KPI_WASM_TOOLCHAIN").is_ok_and(|wish| wish == "debian");
    if !only_debian && usual_has_target(project) {
        return Ok(WasmToolchain::Usual);
    }
    if debian_is_complete() {
        return Ok(WasmToolchain::Debian);
    }
    if !only_debian && shell::find("rustup").is_some() {
        println!("Adding the {TARGET} target with rustup ...");
        let mut rustup = shell::command("rustup");
        rustup.current_dir(&project.root).args(["target", "add", TARGET]);
        match shell::run_within(&mut rustup, Duration::from_secs(300)) {
            Ok(()) if usual_has_target(project) => return Ok(WasmToolchain::Usual),
            Ok(()) => println!("rustup reported success, but the compiler does not know the target."),
            Err(error) => println!("rustup cannot fetch it here ({error:#}); trying Debian's packages."),
        }
    }
    system::install(&DEBIAN_PACKAGES).with_context(|| {
        format!(
            "no compiler for {TARGET}: run `rustup target add {TARGET}` where rustup's server can be reached"
        )
    })?;
    if debian_is_complete() {
        return Ok(WasmToolchain::Debian);
    }
    let (major, minor) = OLDEST;
    bail!(
        "Debian's rustc-web is installed but cannot build the web app: needed are rustc {major}.{minor} or newer in /usr/bin, \
         {DEBIAN_SOURCE} and wasm-ld. The security archive carries a current rustc-web; or use `rustup target add {TARGET}`."
    )
}

fn usual_has_target(project: &Project) -> bool {
    let mut rustc = shell::command("rustc");
    rustc.current_dir(&project.root).args(["--print", "target-libdir", "--target", TARGET]);
    shell::output(&mut rustc).is_some_and(|folder| {
        std::fs::read_dir(folder).is_ok_and(|entries| {
            entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
        })
    })
}

fn debian_is_complete() -> bool {
    let compiler = shell::output(shell::command("/usr/bin/rustc").arg("--version"));
    let recent = compiler.and_then(|text| version(&text)).is_some_and(|version| version >= OLDEST);
    recent
        && Path::new("/usr/bin/cargo").is_file()
        && Path::new(DEBIAN_SOURCE).is_file()
        && linker().is_some()
}

/// `wasm-ld`, under the name that Debian's version of LLVM gives it.
fn linker() -> Option<PathBuf> {
    let versions = (16..=30).rev().map(|version| format!("wasm-ld-{version}"));
    versions.chain([String::from("wasm-ld")]).find_map(|name| shell::find(&name))
}

/// Major and minor of `rustc 1.96.0 (...)`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split_whitespace().nth(1)?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(unix)]
fn link(program: &Path, link: &Path) -> Result<()> {
    if std::fs::read_link(link).is_ok_and(|old| old == program) {
        return Ok(());
    }
    std::fs::remove_file(link).ok();
    std::os::unix::fs::symlink(program, link).with_context(|| format!("cannot link {}", link.display()))
}

#[cfg(not(unix))]
fn link(_program: &Path, _link: &Path) -> Result<()> {
    bail!("Debian's toolchain exists on Debian only; use rustup")
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn the_version_is_read_from_what_rustc_prints() {
        assert_eq!(
            version("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"),
            Some((1, 96))
        );
        assert_eq!(version("rustc"), None);
    }
}
