//! The catalogues are read while compiling; a changed sentence must rebuild the app.

fn main() {
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=build.rs");
}
