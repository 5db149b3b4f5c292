//! The catalogue is whole: every language has the same keys and places, every key used in the sources exists, and no
//! key is left over.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use kpi_api::{
    approvals::QueueReason,
    auth::TokenScope,
    delegation::DelegationState,
    error::Code,
    job::{JobCause, JobState},
    kpi::{Act, Category, Status},
    mail::{MailOutcome, MailPurpose, MailState},
    my_work::WorkReason,
    notification::{MailRhythm, NotificationKind},
    permission::Role,
    plugin::{PluginLogLevel, PluginOrigin, PluginState},
    rules::{
        RuleState,
        cases::{Property, TroubleKind},
    },
    scoring::{Band, Direction, Kind, Pace, Rollup, RuleKind, Severity},
    template::{
        CustomKind,
        assign::{AssignOutcome, KeptReason, SkipReason},
    },
    user::LOCALES,
};
use regex::Regex;

type Catalogue = BTreeMap<String, String>;

/// Groups whose keys are put together while running, and where they come from.
const ASSEMBLED: [&str; 5] = ["word.", "field.", "error.code.", "error.field.", "format.month."];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|known| known == extension) {
            found.push(path);
        }
    }
}

fn flatten(prefix: &str, value: &toml::Value, into: &mut Catalogue) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&key, value, into);
            }
        }
        toml::Value::String(text) => {
            assert!(into.insert(prefix.to_owned(), text.clone()).is_none(), "{prefix} stands twice");
        }
        other => panic!("{prefix} is no text: {other}"),
    }
}

fn catalogue(locale: &str) -> Catalogue {
    catalogue_in("locales", locale)
}

fn catalogue_in(folder: &str, locale: &str) -> Catalogue {
    let mut found = Vec::new();
    files(&root().join(folder), "toml", &mut found);
    let mut entries = Catalogue::new();
    for file in found.iter().filter(|file| file.to_string_lossy().ends_with(&format!(".{locale}.toml"))) {
        let table: toml::Table =
            fs::read_to_string(file).unwrap().parse().unwrap_or_else(|e| panic!("{file:?}: {e}"));
        flatten("", &toml::Value::Table(table), &mut entries);
    }
    entries
}

/// The sources without this file.
fn sources() -> String {
    let mut found = Vec::new();
    files(&root().join("src"), "rs", &mut found);
    found
        .iter()
        .filter(|file| !file.ends_with("catalogue_test.rs"))
        .map(|file| fs::read_to_string(file).unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

fn used(macro_name: &str, sources: &str) -> BTreeSet<String> {
    let pattern = Regex::new(&format!(r#"\b{macro_name}!\(\s*"([^"]+)""#)).unwrap();
    let without_comments = Regex::new(r"(?m)^\s*//.*$").unwrap().replace_all(sources, "").into_owned();
    pattern.captures_iter(&without_comments).map(|found| found[1].to_owned()).collect()
}

fn places(text: &str) -> BTreeSet<String> {
    let pattern = Regex::new(r"%?\{([a-z_]+)\}").unwrap();
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn every_language_has_the_same_keys_and_places() {
    let english = catalogue(LOCALES[0]);
    for locale in &LOCALES[1..] {
        let other = catalogue(locale);
        let keys = |entries: &Catalogue| entries.keys().cloned().collect::<BTreeSet<_>>();
        let (ours, theirs) = (keys(&english), keys(&other));
        assert_eq!(
            ours.difference(&theirs).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "missing in {locale}"
        );
        assert_eq!(theirs.difference(&ours).collect::<Vec<_>>(), Vec::<&String>::new(), "only in {locale}");
        for (key, text) in &english {
            assert_eq!(places(text), places(&other[key]), "places of {key} in {locale}");
        }
    }
}

#[test]
fn every_key_in_the_sources_exists() {
    let english = catalogue(LOCALES[0]);
    let sources = sources();
    let mut missing: Vec<String> =
        used("t", &sources).into_iter().filter(|key| !english.contains_key(key)).collect();
    for key in used("tn", &sources) {
        for form in ["one", "other"] {
            let key = format!("{key}.{form}");
            if !english.contains_key(&key) {
                missing.push(key);
            }
        }
    }
    assert_eq!(missing, [""; 0]);
}

#[test]
fn no_key_is_left_over() {
    let sources = sources();
    let counted = used("tn", &sources);
    let left_over: Vec<String> = catalogue(LOCALES[0])
        .into_keys()
        .filter(|key| !ASSEMBLED.iter().any(|group| key.starts_with(group)))
        .filter(|key| !sources.contains(&format!("\"{key}\"")))
        .filter(|key| !key.rsplit_once('.').is_some_and(|(stem, _)| counted.contains(stem)))
        .collect();
    assert_eq!(left_over, [""; 0]);
}

#[test]
fn every_failure_has_a_sentence() {
    let english = catalogue(LOCALES[0]);
    let wanted: BTreeSet<String> =
        Code::ALL.iter().map(|code| format!("error.code.{}", code.as_str())).collect();
    let known: BTreeSet<String> = english.into_keys().filter(|key| key.starts_with("error.code.")).collect();
    assert_eq!(known, wanted);
}

#[test]
fn every_word_of_the_api_is_translated() {
    let english = catalogue(LOCALES[0]);
    let mut wanted = Vec::new();
    macro_rules! want {
        ($($group:literal = $name:ident),* $(,)?) => {
            $(wanted.extend($name::ALL.iter().map(|value| format!("word.{}.{}", $group, value.as_str())));)*
        };
    }
    want!(
        "status" = Status,
        "category" = Category,
        "kind" = Kind,
        "direction" = Direction,
        "rollup" = Rollup,
        "band" = Band,
        "pace" = Pace,
        "severity" = Severity,
        "role" = Role,
        "act" = Act,
        "work_reason" = WorkReason,
        "queue_reason" = QueueReason,
        "job_state" = JobState,
        "mail_outcome" = MailOutcome,
        "mail_purpose" = MailPurpose,
        "mail_state" = MailState,
        "delegation_state" = DelegationState,
        "job_cause" = JobCause,
        "custom_kind" = CustomKind,
        "assign_outcome" = AssignOutcome,
        "skip_reason" = SkipReason,
        "kept_reason" = KeptReason,
        "token_scope" = TokenScope,
        "notification_kind" = NotificationKind,
        "mail_rhythm" = MailRhythm,
        "plugin_state" = PluginState,
        "plugin_origin" = PluginOrigin,
        "plugin_log_level" = PluginLogLevel,
        "rule_kind" = RuleKind,
        "rule_state" = RuleState,
        "property" = Property,
        "trouble_kind" = TroubleKind,
    );
    wanted.extend(LOCALES.iter().map(|locale| format!("word.locale.{locale}")));
    wanted.extend((1..=12).map(|month| format!("format.month.m{month}")));
    let missing: Vec<String> = wanted.into_iter().filter(|key| !english.contains_key(key)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_job_has_a_name_and_says_what_it_does() {
    let english = catalogue(LOCALES[0]);
    let source = fs::read_to_string(root().join("../backend/src/jobs/registry.rs")).unwrap();
    let name = Regex::new(r#"name: "(\w+)""#).unwrap();
    let jobs: Vec<String> = name.captures_iter(&source).map(|found| found[1].to_owned()).collect();
    assert!(jobs.len() > 2);
    for job in jobs {
        for group in ["job", "job_text"] {
            let key = format!("word.{group}.{job}");
            assert!(english.contains_key(&key), "{key}");
        }
    }
}

/// The leading `//!` lines of a rule: its title, and its description paragraph by paragraph.
fn heading(source: &str) -> (String, Vec<String>) {
    let mut lines = source.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let title = lines.next().unwrap_or_default().to_owned();
    let lines: Vec<&str> = lines.collect();
    (title, lines.split(|line| line.is_empty()).map(|paragraph| paragraph.join(" ")).collect())
}

#[test]
fn every_event_that_plugins_wait_for_has_words() {
    let english = catalogue(LOCALES[0]);
    let source = fs::read_to_string(root().join("../backend/src/plugins/bundle/mod.rs")).unwrap();
    let (_, list) = source.split_once("pub const EVENTS").unwrap();
    let (list, _) = list.split_once("];").unwrap();
    let event = Regex::new(r#""([a-z_.]+)""#).unwrap();
    let wanted: BTreeSet<String> =
        event.captures_iter(list).map(|found| format!("word.plugin_event.{}", &found[1])).collect();
    assert!(wanted.len() > 5);
    let known: BTreeSet<String> =
        english.into_keys().filter(|key| key.starts_with("word.plugin_event.")).collect();
    assert_eq!(known, wanted);
}

#[test]
fn every_sentence_of_the_shipped_rules_is_translated() {
    let mut found = Vec::new();
    files(&root().join("../rules"), "rhai", &mut found);
    let sentence = Regex::new(r#""((?:[A-Z]|\{)[^"]*\.)""#).unwrap();
    let reminder = Regex::new(r#"remind\("\w+", "([^"]+)", "([^"]+)""#).unwrap();
    let mut wanted = BTreeSet::new();
    let mut sources: Vec<String> = found.into_iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    // What recipes make is rules too; what they are called and do is read in the policy and in their form.
    let mut recipes = Vec::new();
    files(&root().join("../rules/recipes"), "toml", &mut recipes);
    assert!(!recipes.is_empty());
    for file in recipes {
        let recipe: toml::Table = fs::read_to_string(file).unwrap().parse().unwrap();
        let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
        wanted.extend(["title", "description"].map(|key| text(&recipe[key])));
        wanted.extend(recipe["words"].as_array().unwrap().iter().map(text));
        wanted.extend(recipe["number"].as_array().unwrap().iter().map(|number| text(&number["label"])));
        sources.push(text(&recipe["source"]).trim_start().to_owned());
    }
    for source in sources {
        let (title, description) = heading(&source);
        wanted.extend(std::iter::once(title).chain(description));
        wanted.extend(sentence.captures_iter(&source).map(|found| found[1].to_owned()));
        // Titles of reminders are no whole sentences.
        for found in reminder.captures_iter(&source) {
            wanted.extend([found[1].to_owned(), found[2].to_owned()]);
        }
    }
    // The jobs of the server say how they ended in the same way.
    let mut jobs = Vec::new();
    files(&root().join("../backend/src/jobs"), "rs", &mut jobs);
    let result = Regex::new(r#"said\(\s*"([^"]+)""#).unwrap();
    for file in jobs {
        let source = fs::read_to_string(file).unwrap();
        wanted.extend(result.captures_iter(&source).map(|found| found[1].to_owned()));
    }
    // So does the server itself of the fields that templates add.
    let own = fs::read_to_string(root().join("../backend/src/kpi/service/custom.rs")).unwrap();
    let said = Regex::new(r#"Said::new\(\s*"([^"]+)""#).unwrap();
    wanted.extend(said.captures_iter(&own).map(|found| found[1].to_owned()));
    // So does a job of a plugin, and scoring anew; and why a score has changed is told in sentences of the same kind.
    for (file, sentence) in [
        ("../backend/src/plugins/jobs.rs", &result),
        ("../backend/src/rules/rescore/round.rs", &Regex::new(r#"SUMMARY: &str =\s*"([^"]+)""#).unwrap()),
        ("../api/src/receipt_change.rs", &Regex::new(r#""([A-Z][^"]*[.:])""#).unwrap()),
    ] {
        let source = fs::read_to_string(root().join(file)).unwrap();
        let before = wanted.len();
        wanted.extend(sentence.captures_iter(&source).map(|found| found[1].to_owned()));
        assert!(wanted.len() > before, "{file} says nothing");
    }
    assert!(!wanted.is_empty());
    for locale in &LOCALES[1..] {
        let file = root().join(format!("../rules/sentences.{locale}.toml"));
        let entries: BTreeMap<String, String> = toml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let known: BTreeSet<String> = entries.keys().cloned().collect();
        assert_eq!(
            wanted.difference(&known).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "missing in {locale}"
        );
        assert_eq!(
            known.difference(&wanted).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "left over in {locale}"
        );
        for key in &known {
            assert_eq!(places(key), places(&entries[key]), "places of {key} in {locale}");
        }
    }
}

#[test]
fn the_page_that_shows_evidence_has_its_sentences() {
    let mut found = Vec::new();
    files(&root().join("viewer"), "js", &mut found);
    let scripts: String = found.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let used: BTreeSet<String> = Regex::new(r#"\bt\("(viewer\.[a-z_]+)""#)
        .unwrap()
        .captures_iter(&scripts)
        .map(|found| found[1].to_owned())
        .collect();
    assert!(!used.is_empty());
    let english = catalogue_in("viewer", LOCALES[0]);
    for locale in LOCALES {
        let entries = catalogue_in("viewer", locale);
        assert_eq!(entries.keys().cloned().collect::<BTreeSet<_>>(), used, "sentences in {locale}");
        for (key, text) in &entries {
            assert_eq!(places(text), places(&english[key]), "places of {key} in {locale}");
        }
    }
}
