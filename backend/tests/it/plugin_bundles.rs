//! Plugin bundles as they come from anywhere: what is right is read, and what is not is refused with its reason and place.

use std::{fs, io::Write as _, path::Path};

use kpi::plugins::{
    bundle::{self, RefusalCode as Code, Refused, RuleScope},
    trial,
};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::support::raw_zip::{Entry, archive};

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

fn refused_with(other: &[(&str, &[u8])]) -> Vec<Refused> {
    let temp = folder(other);
    bundle::read_folder(&temp.path().join("sample")).expect_err("it came through")
}

/// The manifest with a part replaced, and what is said of it; in any column where 0 is given.
#[track_caller]
fn manifest_refused(part: &str, other: &str, code: Code, line: u32, column: u32, message: &str) {
    assert!(MANIFEST.contains(part), "{part}");
    let text = MANIFEST.replacen(part, other, 1);
    let faults = refused_with(&[("plugin.toml", text.as_bytes())]);
    let fits = |fault: &Refused| {
        (fault.code, fault.line) == (code, line)
            && [0, fault.column].contains(&column)
            && fault.message.contains(message)
    };
    assert!(faults.iter().any(fits), "{other}: {faults:#?}");
}

fn zipped(names: impl Fn(&str) -> String) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, text) in FILES {
        zip.start_file(names(path), SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_bundle_is_the_same_as_folder_and_as_archive() {
    let temp = folder(&[]);
    let from_folder = bundle::read_folder(&temp.path().join("sample")).unwrap();
    let top = bundle::read_zip(&zipped(str::to_owned)).unwrap();
    let inside = bundle::read_zip(&zipped(|path| format!("sample/{path}"))).unwrap();
    assert_eq!((&from_folder, &from_folder), (&top, &inside));

    let manifest = &from_folder.manifest;
    assert_eq!((manifest.id.as_str(), manifest.widgets[0].title.as_str()), ("sample", "Sample"));
    let words: Vec<_> =
        manifest.permissions.in_words().into_iter().map(|word| (word.code, word.value)).collect();
    assert_eq!(
        words,
        [
            ("http_host", Some("hooks.example.com".to_owned())),
            ("http_setting", Some("address".to_owned())),
            ("read_kpis", None)
        ]
    );
    assert_eq!(from_folder.templates[1].extends.as_deref(), Some("base"));
    assert_eq!(from_folder.rules[0].scope, RuleScope::Template("base".into()));
    let german = from_folder.translation("de").unwrap();
    assert_eq!(german.sentences["No {a}."], "Kein {a}.");
    assert_eq!(german.settings["address"].label.as_deref(), Some("Adresse"));
}

#[test]
fn files_of_a_desktop_or_of_version_control_are_left_out() {
    let plain = bundle::read_folder(&folder(&[]).path().join("sample")).unwrap();
    let temp = folder(&[(".DS_Store", b"x"), (".git/HEAD", b"ref")]);
    assert_eq!(bundle::read_folder(&temp.path().join("sample")).unwrap(), plain);
}

#[test]
fn faults_of_a_manifest_have_their_place() {
    let refused = manifest_refused;
    refused("\"sample\"", "\"Sample\"", Code::BadId, 1, 6, "a to z");
    refused("\"sample\"", "\"sample-\"", Code::BadId, 1, 6, "a to z");
    refused("\"sample\"", "\"other\"", Code::WrongId, 1, 1, "the folder is called `sample`");
    refused("id = \"sample\"", "id = 5", Code::BadToml, 1, 6, "nvalid type");
    refused("name = \"Sample\"", "name = \"\"", Code::BadValue, 2, 8, "one line");
    refused("name = \"Sample\"", "name = \"A\"\nname = \"B\"", Code::BadToml, 3, 1, "uplicate key");
    refused("name = \"Sample\"", "nmae = \"Sample\"", Code::BadToml, 2, 1, "nknown field `nmae`");
    refused("name = \"Sample\"", "name = \"Sample", Code::BadToml, 2, 0, "");
    refused("\"1.0.0\"", "\"1.0\"", Code::BadVersion, 3, 11, "`1.0.0`");
    refused("\">=0.1\"", "\"new\"", Code::BadVersion, 5, 12, "`>=0.1`");
    refused("\">=0.1\"", "\">=9\"", Code::RequirementNotMet, 5, 12, ">=9");
    refused("\"plugin.rhai\"", "\"other.rhai\"", Code::MissingFile, 6, 10, "other.rhai");
    refused("\"plugin.rhai\"", "\"../plugin.rhai\"", Code::MissingFile, 6, 10, "../plugin.rhai");
    refused("script = \"plugin.rhai\"\n", "", Code::UnknownFunction, 13, 12, "`script` is missing");
    refused("[permissions]", "[permissions]\nmail = true", Code::BadToml, 9, 1, "nknown field `mail`");
    refused("[\"kpis\"]", "[\"salaries\"]", Code::BadValue, 10, 9, "read `salaries`");
    refused("\"setting:address\"", "\"setting:nothing\"", Code::UnknownSetting, 9, 30, "`nothing`");
    for host in [
        "https://hooks.example.com",
        "hooks.example.com:80",
        "*.example.com",
        "a b",
        "",
        "-a",
        "hooks.example.com/x",
    ] {
        refused("hooks.example.com", host, Code::BadHost, 9, 9, "This is no host");
    }
    refused("\"setting:address\"", "\"hooks.example.com\"", Code::Doubled, 9, 30, "stands twice");
    refused("\"kpi.approved\"", "\"kpi.aproved\"", Code::UnknownEvent, 13, 9, "`kpi.aproved`");
    refused("\"on_approved\"", "\"on_aproved\"", Code::UnknownFunction, 14, 12, "`on_aproved`");
    refused("\"on_approved\"", "\"weekly\"", Code::WrongParameters, 14, 12, "takes 0 parameters");
    refused("\"0 8 * * Mon\"", "\"0 8 * *\"", Code::BadCron, 17, 8, "five fields");
    refused("\"0 8 * * Mon\"", "\"99 8 * * Mon\"", Code::BadCron, 17, 8, "five fields");
    refused("\"dashboard\"", "\"sidebar\"", Code::BadValue, 21, 8, "`dashboard`");
    refused("\"url\"", "\"text\"", Code::UnknownSetting, 9, 30, "of the type `url`");
    refused("type = \"url\"", "type = \"colour\"", Code::BadValue, 26, 8, "no type `colour`");
    refused("key = \"address\"", "key = \"Address\"", Code::BadValue, 25, 7, "A key is");
    refused(
        "secret = true",
        "secret = true\ndefault = \"https://a.b/\"",
        Code::BadValue,
        29,
        11,
        "no default",
    );
    refused("secret = true", "default = 5", Code::BadValue, 28, 11, "an address");
    refused("secret = true", "options = [\"a\"]", Code::BadValue, 26, 8, "go with the type `select`");
    refused("\"templates.toml\"", "\"missing.toml\"", Code::MissingFile, 31, 8, "missing.toml");
    refused("\"validate\"", "\"check\"", Code::BadValue, 34, 8, "no kind `check`");
    refused("\"rules/own.rhai\"", "\"rules/own.txt\"", Code::BadValue, 35, 8, "`.rhai`");
    refused("\"template:base\"", "\"template:none\"", Code::BadValue, 36, 9, "the key `none`");
    refused("\"template:base\"", "\"department:1\"", Code::BadValue, 36, 9, "`global`");
}

#[test]
fn every_fault_is_told_at_once() {
    let text = MANIFEST.replace("\"1.0.0\"", "\"x\"").replace("\"kpi.approved\"", "\"kpi.gone\"");
    let faults = refused_with(&[("plugin.toml", text.as_bytes()), ("plugin.rhai", b"fn weekly() {")]);
    let places: Vec<_> = faults.iter().map(|fault| (fault.file.as_str(), fault.line, fault.code)).collect();
    assert_eq!(
        places,
        [
            ("plugin.toml", 3, Code::BadVersion),
            ("plugin.toml", 13, Code::UnknownEvent),
            ("plugin.rhai", 1, Code::BadScript)
        ]
    );
}

#[test]
fn faults_of_other_files_have_their_place() {
    for (path, content, code, line, message) in [
        (
            "plugin.rhai",
            "fn on_approved(event) {\n  htp_post(1)\n}",
            Code::BadScript,
            2,
            "Is it `http_post`?",
        ),
        ("plugin.rhai", "fn f() { }\nlet x = 1;", Code::BadScript, 2, "Only functions"),
        ("templates.toml", "[[template]]\nkey = \"Base\"\nname = \"B\"", Code::BadTemplate, 2, "A key is"),
        ("templates.toml", "[[template]]\nkey = \"base\"\nname = \" \"", Code::BadTemplate, 2, "name"),
        (
            "templates.toml",
            "[[template]]\nkey = \"base\"\nname = \"B\"\n[template.fields]\ntarget = \"5\"",
            Code::BadToml,
            5,
            "nvalid type",
        ),
        (
            "templates.toml",
            "[[template]]\nkey = \"base\"\nname = \"B\"\n[template.fields]\ngoal = 5",
            Code::BadToml,
            5,
            "nknown field `goal`",
        ),
        (
            "templates.toml",
            "[[template]]\nkey = \"base\"\nname = \"B\"\n[template.fields]\nweight = 500",
            Code::BadTemplate,
            2,
            "fields.weight",
        ),
        (
            "templates.toml",
            "[[template]]\nkey = \"base\"\nname = \"B\"\nextends = \"later\"",
            Code::BadTemplate,
            4,
            "No template before this one",
        ),
        (
            "templates.toml",
            "[[template]]\nkey = \"base\"\nname = \"B\"\n[[template]]\nkey = \"base\"\nname = \"B\"",
            Code::Doubled,
            5,
            "this key",
        ),
        ("rules/own.rhai", "fn validate(kpi, ctx) {\n  kpi.tittle\n}", Code::BadRule, 2, "no field `tittle`"),
        ("rules/own.rhai", "fn score(kpi, ctx) { }", Code::BadRule, 0, "needs a function `fn validate"),
        ("rules/own.test.toml", "[[case]]\nnam = \"x\"", Code::BadCases, 2, "nknown field"),
        ("rules/own.test.toml", "", Code::BadCases, 1, "issing field `case`"),
        ("rules/own.test.toml", "case = []", Code::BadCases, 0, "no `[[case]]`"),
        ("translations/xx.toml", "name = \"?\"", Code::BadTranslation, 0, "en, de"),
        (
            "translations/de.toml",
            "[settings.adress]\nlabel = \"A\"",
            Code::BadTranslation,
            1,
            "no setting `adress`",
        ),
        (
            "translations/de.toml",
            "[sentences]\n\"No.\" = \"Nein.\"",
            Code::BadTranslation,
            2,
            "says this sentence",
        ),
        (
            "translations/de.toml",
            "[sentences]\n\"No {a}.\" = \"Kein {b}.\"",
            Code::BadTranslation,
            2,
            "places",
        ),
        ("translations/de.toml", "title = \"x\"", Code::BadToml, 1, "nknown field `title`"),
    ] {
        let faults = refused_with(&[(path, content.as_bytes())]);
        let fits = |fault: &Refused| {
            fault.file == path && fault.code == code && fault.line == line && fault.message.contains(message)
        };
        assert!(faults.iter().any(fits), "{path}: {content}\n{faults:#?}");
    }
    let faults = refused_with(&[("plugin.toml", b"id = \"sample\"\nname = \"\xff\"")]);
    assert_eq!((faults[0].code, faults[0].line, faults[0].column), (Code::NotUtf8, 2, 9));
    let temp = folder(&[]);
    fs::remove_file(temp.path().join("sample/rules/own.test.toml")).unwrap();
    let faults = bundle::read_folder(&temp.path().join("sample")).unwrap_err();
    assert_eq!((faults[0].code, faults[0].file.as_str()), (Code::BadCases, "rules/own.test.toml"));
}

fn only(faults: Vec<Refused>) -> (Code, String) {
    assert_eq!(faults.len(), 1, "{faults:?}");
    (faults[0].code, faults[0].message.clone())
}

#[test]
fn folders_that_are_not_what_they_seem_are_refused() {
    let read = |path: &Path| only(bundle::read_folder(path).expect_err("it came through")).0;
    let temp = folder(&[]);
    let sample = temp.path().join("sample");
    assert_eq!(read(&temp.path().join("nothing")), Code::Unreadable);
    assert_eq!(read(&sample.join("plugin.toml")), Code::Unreadable);
    assert_eq!(read(&sample.join("rules")), Code::NoManifest);
    #[cfg(unix)]
    {
        let outside = temp.path().join("outside.rhai");
        fs::write(&outside, "secret").unwrap();
        std::os::unix::fs::symlink(&outside, sample.join("link.rhai")).unwrap();
        assert_eq!(read(&sample), Code::Symlink);
        fs::remove_file(sample.join("link.rhai")).unwrap();
        std::os::unix::fs::symlink(temp.path(), sample.join("up")).unwrap();
        assert_eq!(read(&sample), Code::Symlink);
        fs::remove_file(sample.join("up")).unwrap();
        fs::write(sample.join("rules/a\\b"), "").unwrap();
        assert_eq!(read(&sample), Code::BadPath);
        fs::remove_file(sample.join("rules/a\\b")).unwrap();
        fs::write(sample.join("README.md"), "").unwrap();
        fs::write(sample.join("readme.md"), "").unwrap();
        assert_eq!(read(&sample), Code::DoubledPath);
        fs::remove_file(sample.join("readme.md")).unwrap();
    }
    fs::write(sample.join("large.txt"), vec![b'x'; 1024 * 1024 + 1]).unwrap();
    assert_eq!(read(&sample), Code::FileTooLarge);
    fs::remove_file(sample.join("large.txt")).unwrap();
    (0..9).for_each(|n| fs::write(sample.join(format!("{n}.txt")), vec![b'x'; 1000 * 1000]).unwrap());
    assert_eq!(read(&sample), Code::BundleTooLarge);
    (0..9).for_each(|n| fs::remove_file(sample.join(format!("{n}.txt"))).unwrap());
    (0..200).for_each(|n| fs::write(sample.join(format!("{n}.txt")), "x").unwrap());
    assert_eq!(read(&sample), Code::TooManyFiles);
}

#[test]
fn archives_with_evil_names_are_refused() {
    let manifest = || Entry::new("plugin.toml", MANIFEST);
    for (name, code, part) in [
        ("../evil.rhai", Code::BadPath, "`..`"),
        ("rules/../../evil.rhai", Code::BadPath, "`..`"),
        ("./plugin.rhai", Code::BadPath, "`.`"),
        ("/etc/evil", Code::BadPath, "absolute"),
        ("//server/evil", Code::BadPath, "absolute"),
        ("C:/evil", Code::BadPath, "colon"),
        ("c:evil", Code::BadPath, "colon"),
        ("rules\\evil.rhai", Code::BadPath, "backslash"),
        ("..\\evil.rhai", Code::BadPath, "backslash"),
        ("evil\0.rhai", Code::BadPath, "NUL"),
        ("evil\n.rhai", Code::BadPath, "letters"),
        ("rules//evil.rhai", Code::BadPath, "empty part"),
        ("", Code::BadPath, "empty part"),
        ("con.rhai", Code::BadPath, "device"),
        ("rules/LPT1.txt", Code::BadPath, "device"),
        (".hidden", Code::BadPath, "dot"),
        ("name.", Code::BadPath, "dot"),
        ("a b.rhai", Code::BadPath, "letters"),
        ("\u{202e}ihar.rhai", Code::BadPath, "letters"),
        ("a/b/c/d/e/f/g.txt", Code::BadPath, "too many folders"),
        ("Plugin.TOML", Code::DoubledPath, "letter case"),
        ("plugin.toml", Code::DoubledPath, "the same name"),
        ("plugin.toml/x", Code::DoubledPath, "a file and of a folder"),
    ] {
        let bytes = archive(&[manifest(), Entry::new(name, "x")]);
        let (is, message) = only(bundle::read_zip(&bytes).expect_err(name));
        assert_eq!(is, code, "{name:?}: {message}");
        assert!(message.contains(part), "{name:?}: {message}");
        assert!(!message.contains(['\0', '\n']), "{message:?}");
    }
    let long = "x".repeat(201);
    let bytes = archive(&[manifest(), Entry::new(&long, "x")]);
    assert_eq!(only(bundle::read_zip(&bytes).unwrap_err()).0, Code::BadPath);
    let bytes = archive(&[manifest(), Entry { name: b"\xff.rhai".to_vec(), ..Entry::new("", "x") }]);
    assert_eq!(only(bundle::read_zip(&bytes).unwrap_err()).0, Code::BadPath);
}

#[test]
fn archives_that_lie_or_explode_are_refused() {
    let code = |bytes: &[u8]| only(bundle::read_zip(bytes).expect_err("it came through")).0;
    let entries = || FILES.iter().map(|(path, text)| Entry::new(path, text)).collect::<Vec<_>>();
    let good = archive(&entries());
    assert!(bundle::read_zip(&good).is_ok());

    assert_eq!(code(b""), Code::NotAnArchive);
    assert_eq!(code(b"PK\x03\x04 and no more"), Code::NotAnArchive);
    for cut in [1, 10, 22, good.len() / 2, good.len() - 1] {
        assert_eq!(code(&good[..good.len() - cut]), Code::NotAnArchive, "{cut} bytes cut off");
    }
    let mut link = entries();
    link.push(Entry { mode: 0o120_777, ..Entry::new("link.rhai", "/etc/passwd") });
    assert_eq!(code(&archive(&link)), Code::Symlink);
    let mut device = entries();
    device.push(Entry { mode: 0o060_666, ..Entry::new("disk", "") });
    assert_eq!(code(&archive(&device)), Code::BadPath);
    let mut sealed = entries();
    sealed.push(Entry { flags: 1, ..Entry::new("sealed.rhai", "xxxxxxxxxxxxxxxx") });
    assert_eq!(code(&archive(&sealed)), Code::Encrypted);
    let mut wrong = entries();
    wrong.push(Entry { crc: Some(1), ..Entry::new("wrong.rhai", "x") });
    assert_eq!(code(&archive(&wrong)), Code::Damaged);
    let mut two_faced = entries();
    two_faced.push(Entry { local_name: Some(b"other.rhai".to_vec()), ..Entry::new("seems.rhai", "x") });
    assert_eq!(code(&archive(&two_faced)), Code::Damaged);
    let many: Vec<Entry> = (0..201).map(|n| Entry::new(&format!("{n}.txt"), "")).collect();
    assert_eq!(code(&archive(&many)), Code::TooManyFiles);
    let many: Vec<Entry> = (0..500).map(|n| Entry::new(&format!("{n}.txt"), "")).collect();
    assert_eq!(code(&archive(&many)), Code::TooManyFiles);

    let mut bomb = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for n in 0..8 {
        bomb.start_file(format!("{n}.txt"), SimpleFileOptions::default()).unwrap();
        bomb.write_all(&vec![0; 1000 * 1000]).unwrap();
    }
    assert_eq!(code(&bomb.finish().unwrap().into_inner()), Code::TooDense);
    let mut huge = entries();
    huge[0].content = vec![b'#'; 1024 * 1024 + 1];
    assert_eq!(code(&archive(&huge)), Code::FileTooLarge);
    assert_eq!(code(&vec![0; 4 * 1024 * 1024 + 1]), Code::BundleTooLarge);
}

#[test]
fn an_archive_of_one_folder_has_to_be_called_as_its_id() {
    let faults = bundle::read_zip(&zipped(|path| format!("other/{path}"))).unwrap_err();
    assert_eq!(only(faults).0, Code::WrongId);
    let two = archive(&[Entry::new("a/plugin.toml", MANIFEST), Entry::new("b/x", "")]);
    assert_eq!(only(bundle::read_zip(&two).unwrap_err()).0, Code::NoManifest);
}

#[test]
fn what_is_shipped_is_right_and_passes_its_cases() {
    let shipped = bundle::shipped();
    let folders = fs::read_dir("../plugins").unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
    assert_eq!(shipped.len(), folders.count(), "one of the folders cannot be read as a plugin");
    for bundle in shipped {
        let id = &bundle.manifest.id;
        assert!(bundle.files.contains_key("README.md"), "{id} has no README.md");
        assert!(bundle.translation("de").is_some(), "{id} does not speak German");
        let tried = trial::run(&bundle).unwrap();
        for case in &tried {
            assert!(case.passed, "{id}, {}: {}: {}", case.file, case.name, case.detail);
        }
    }
}
