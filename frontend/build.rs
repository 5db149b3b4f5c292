//! The catalogues are read while compiling; a changed sentence must rebuild the app. The sentences of the shipped rules
//! stand beside the rules, where the server reads them too: they become a table in the app.

use std::{env, error::Error, fmt::Write, fs, path::Path};

/// Every language but English, in which the rules are written.
const LOCALES: [&str; 1] = ["de"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=build.rs");
    let mut table = String::from("&[\n");
    for locale in LOCALES {
        let file = format!("../rules/sentences.{locale}.toml");
        println!("cargo:rerun-if-changed={file}");
        let sentences: toml::Table = fs::read_to_string(&file)?.parse()?;
        for (pattern, sentence) in sentences {
            let sentence = sentence.as_str().ok_or_else(|| format!("{file}: {pattern} is no text"))?;
            writeln!(table, "    ({locale:?}, {pattern:?}, {sentence:?}),")?;
        }
    }
    table.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("rule_sentences.rs"), table)?;
    Ok(())
}
