//! What is read of a bundle, and the place of every fault.

use std::fs;

use kpi::plugins::{
    bundle::{self, RefusalCode as Code, Refused, RuleScope},
    trial,
};

use super::{MANIFEST, folder, zipped};

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
    let faults = refused_with(&[("plugin.toml", MANIFEST.replace("0 8 * * Mon", "99 8 * * Mon").as_bytes())]);
    assert!(faults[0].message.ends_with('.') && !faults[0].message.ends_with(".."), "{faults:?}");
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
fn a_function_has_one_job_and_one_card() {
    for (list, message) in [
        ("[[jobs]]\ncron = \"0 9 * * *\"\nfunction = \"weekly\"\n", "Another job calls this function"),
        (
            "[[widgets]]\nslot = \"dashboard\"\nfunction = \"weekly\"\n",
            "Another card is made by this function",
        ),
    ] {
        let doubled = format!("{MANIFEST}\n{list}{list}");
        let faults = refused_with(&[("plugin.toml", doubled.as_bytes())]);
        let is_told = |fault: &Refused| {
            fault.code == Code::Doubled && fault.message.contains(message) && fault.line > 0
        };
        assert!(faults.iter().any(is_told), "{list}: {faults:?}");
    }
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
