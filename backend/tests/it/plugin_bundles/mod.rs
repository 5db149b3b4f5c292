//! Plugin bundles as they come from anywhere: what is right is read, and what is not is refused with its reason and place.

use std::{fs, io::Write as _};

use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

mod archives;
mod manifests;

const MANIFEST: &str = r#"id = "sample"
name = "Sample"
version = "1.0.0"
description = "For the tests."
requires = ">=0.1"
script = "plugin.rhai"

[permissions]
http = ["hooks.example.com", "setting:address"]
read = ["kpis"]

[[hooks]]
event = "kpi.approved"
function = "on_approved"

[[jobs]]
cron = "0 8 * * Mon"
function = "weekly"

[[widgets]]
slot = "dashboard"
function = "card"

[[settings]]
key = "address"
type = "url"
label = "Address"
secret = true

[[templates]]
file = "templates.toml"

[[rules]]
kind = "validate"
file = "rules/own.rhai"
scope = "template:base"
"#;

const FILES: &[(&str, &str)] = &[
    ("plugin.toml", MANIFEST),
    ("plugin.rhai", "fn on_approved(event) { }\nfn weekly() { }\nfn card(viewer) { }\n"),
    (
        "templates.toml",
        "[[template]]\nkey = \"base\"\nname = \"Base\"\n[template.fields]\nunit = \"h\"\n\n\
         [[template]]\nkey = \"more\"\nname = \"More\"\nextends = \"base\"\n",
    ),
    ("rules/own.rhai", "fn validate(kpi, ctx) { [warn(\"title\", \"No {a}.\", #{ a: 1 })] }"),
    (
        "rules/own.test.toml",
        "[[case]]\nname = \"x\"\nexpect = { findings = [{ severity = \"warning\", field = \"title\", text = \"No 1\" }] }\n",
    ),
    (
        "translations/de.toml",
        "name = \"Muster\"\n[settings.address]\nlabel = \"Adresse\"\n[sentences]\n\"No {a}.\" = \"Kein {a}.\"\n",
    ),
];

/// A folder `sample` with these files, some of them replaced or added.
fn folder(other: &[(&str, &[u8])]) -> TempDir {
    let temp = tempfile::tempdir().unwrap();
    let plain = FILES.iter().map(|(path, text)| (*path, text.as_bytes()));
    for (path, content) in plain.chain(other.iter().copied()) {
        let file = temp.path().join("sample").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
    temp
}

fn zipped(names: impl Fn(&str) -> String) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, text) in FILES {
        zip.start_file(names(path), SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
