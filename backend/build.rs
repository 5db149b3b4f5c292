//! Makes sure the folder of the web app exists, so that the server also builds before the app does, and embeds it and the
//! shipped plugins anew when they change.

use std::path::Path;

fn main() -> std::io::Result<()> {
    std::fs::create_dir_all(Path::new("..").join("dist"))?;
    println!("cargo::rerun-if-changed=build.rs");
    // A development build reads the folders while it runs; only a release carries their contents.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../dist");
        println!("cargo::rerun-if-changed=../plugins");
    }
    Ok(())
}
