//! Makes sure the folder of the web app exists, so that the server also builds before the app does, and embeds it anew when
//! it changes.

use std::path::Path;

fn main() -> std::io::Result<()> {
    std::fs::create_dir_all(Path::new("..").join("dist"))?;
    println!("cargo::rerun-if-changed=build.rs");
    // A development build reads the folder while it runs; only a release carries its contents.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../dist");
    }
    Ok(())
}
