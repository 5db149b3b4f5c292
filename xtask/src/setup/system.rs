//! The operating system's packages, where they may be installed; elsewhere the sentence that says what to install.

use crate::shell;
use anyhow::{Result, bail};
use std::process::Command;

/// Installs Debian packages as root, or through a `sudo` that asks nothing.
pub fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get install {}", packages.join(" "));
    if shell::find("apt-get").is_none() {
        bail!("missing on this machine (Debian calls them: {})", packages.join(" "));
    }
    let is_root = shell::output(shell::command("id").arg("-u")).is_some_and(|id| id == "0");
    let may_sudo = || shell::output(shell::command("sudo").args(["-n", "true"])).is_some();
    if !is_root && !may_sudo() {
        bail!("run as root, once: {by_hand}");
    }
    println!("Installing Debian packages: {} ...", packages.join(" "));
    // A stale package list is worth a try; the installation below says what is really missing.
    shell::run(apt(is_root).args(["update", "-q"])).ok();
    shell::run(apt(is_root).args(["install", "-q", "-y", "--no-install-recommends"]).args(packages))
}

fn apt(is_root: bool) -> Command {
    let mut command = if is_root {
        shell::command("apt-get")
    } else {
        let mut sudo = shell::command("sudo");
        sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
