//! The files that a manifest names: templates, rules with their cases, translations.

use std::collections::BTreeMap;

use kpi_api::{
    permission::Role,
    scoring::RuleKind,
    template::{TemplateFields, TemplateNew},
    user::LOCALES,
};
use kpi_engine::{Engine, cases};
use serde::Deserialize;
use toml::Spanned;

use super::{
    BundleRule, BundleTemplate, Manifest, RefusalCode as Code, Refused, RuleScope, Translation,
    manifest::SettingWords, names::is_key, reading::RawRule, toml_file::Page,
};

/// Most templates of a bundle.
const MOST_TEMPLATES: usize = 100;

/// The folder of the translations.
const TRANSLATIONS: &str = "translations/";

type Files = BTreeMap<String, Vec<u8>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTemplates {
    #[serde(default)]
    template: Vec<RawTemplate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTemplate {
    key: Spanned<String>,
    name: String,
    #[serde(default)]
    description: String,
    role: Option<Role>,
    extends: Option<Spanned<String>>,
    #[serde(default)]
    fields: TemplateFields,
}

/// The templates of one file, after those that other files have brought.
pub fn templates(page: &mut Page<'_>, found: &mut Vec<BundleTemplate>) -> Result<(), Refused> {
    let raw: RawTemplates = page.parse()?;
    for raw in raw.template {
        let key = raw.key.get_ref();
        if !is_key(key) {
            page.wrong(
                Code::BadTemplate,
                &raw.key,
                "A key is 1 to 40 characters from a to z, 0 to 9 and `_`.",
            );
        }
        if found.iter().any(|other| other.key == *key) {
            page.wrong(Code::Doubled, &raw.key, "There is another template with this key.");
        }
        if let Some(base) = &raw.extends
            && !found.iter().any(|other| other.key == *base.get_ref())
        {
            let message = format!("No template before this one has the key `{}`.", base.get_ref());
            page.wrong(Code::BadTemplate, base, message);
        }
        let new = TemplateNew {
            name: raw.name,
            description: raw.description,
            role: raw.role,
            department_id: None,
            extends_id: None,
            fields: raw.fields,
        };
        for fault in new.check().err().unwrap_or_default() {
            page.wrong(Code::BadTemplate, &raw.key, format!("{}: {}", fault.field, fault.message));
        }
        found.push(BundleTemplate {
            key: key.clone(),
            name: new.name.trim().to_owned(),
            description: new.description,
            role: new.role,
            extends: raw.extends.map(Spanned::into_inner),
            fields: new.fields,
        });
    }
    if found.len() > MOST_TEMPLATES {
        page.fault(Code::BadTemplate, 0..0, format!("There are more than {MOST_TEMPLATES} templates."));
    }
    Ok(())
}

/// The rules that the manifest names. Faults of the manifest are noted on its page, those of the rules in `faults`.
pub fn rules(
    page: &mut Page<'_>,
    raw: &[RawRule],
    files: &Files,
    templates: &[BundleTemplate],
    faults: &mut Vec<Refused>,
) -> Vec<BundleRule> {
    let engine = Engine::default();
    let mut found: Vec<BundleRule> = Vec::new();
    for raw in raw {
        let kind: Option<RuleKind> = raw.kind.get_ref().parse().ok();
        if kind.is_none() {
            let message =
                format!("There is no kind `{}`; there are score, validate and remind.", raw.kind.get_ref());
            page.wrong(Code::BadValue, &raw.kind, message);
        }
        let scope = scope(page, &raw.scope, templates);
        let file = raw.file.get_ref();
        let name = file.rsplit('/').next().unwrap_or_default();
        let Some(stem) = name.strip_suffix(".rhai").filter(|stem| !stem.is_empty()) else {
            page.wrong(Code::BadValue, &raw.file, "The file of a rule ends in `.rhai`.");
            continue;
        };
        let Some(source) = named(page, &raw.file, files, faults) else { continue };
        let beside = format!("{}.test.toml", file.trim_end_matches(".rhai"));
        let cases = cases_of(&beside, files, faults);
        if let Some(kind) = kind {
            for fault in engine.compile(kind, source).err().unwrap_or_default() {
                faults.push(of_script(Code::BadRule, file, &fault));
            }
            if found.iter().any(|other| other.kind == kind && other.stem == stem) {
                page.wrong(Code::Doubled, &raw.file, "There is another rule of this kind and name.");
            }
            found.push(BundleRule {
                kind,
                file: file.clone(),
                stem: stem.to_owned(),
                scope: scope.unwrap_or(RuleScope::Global),
                source: source.to_owned(),
                cases,
            });
        }
    }
    found
}

/// A fault that the engine has found.
pub fn of_script(code: Code, file: &str, fault: &kpi_engine::Diagnostic) -> Refused {
    Refused { line: fault.line, column: fault.column, ..Refused::file(code, file, fault.message.clone()) }
}

fn scope(page: &mut Page<'_>, raw: &Spanned<String>, templates: &[BundleTemplate]) -> Option<RuleScope> {
    match raw.get_ref().split_once(':') {
        None if raw.get_ref() == "global" => Some(RuleScope::Global),
        Some(("template", key)) if templates.iter().any(|template| template.key == key) => {
            Some(RuleScope::Template(key.to_owned()))
        }
        Some(("template", key)) => {
            page.wrong(Code::BadValue, raw, format!("No template of the bundle has the key `{key}`."));
            None
        }
        _ => {
            let message =
                "The scope of a rule is `global`, or `template:` and the key of a template of the bundle.";
            page.wrong(Code::BadValue, raw, message);
            None
        }
    }
}

fn cases_of(file: &str, files: &Files, faults: &mut Vec<Refused>) -> String {
    let Some(content) = files.get(file) else {
        let message = "Every rule has its cases in a file beside it; this one is missing.";
        faults.push(Refused::file(Code::BadCases, file, message));
        return String::new();
    };
    match Page::new(file, content) {
        Err(fault) => {
            faults.push(fault);
            String::new()
        }
        Ok(page) => {
            match cases::parse(page.text) {
                Err(fault) => {
                    let line = fault.line.and_then(|line| u32::try_from(line).ok()).unwrap_or(0);
                    let column = u32::from(line > 0);
                    let refused = Refused::file(Code::BadCases, file, format!("{}.", fault.message));
                    faults.push(Refused { line, column, ..refused });
                }
                Ok(cases) if cases.is_empty() => {
                    faults.push(Refused::file(Code::BadCases, file, "There is no `[[case]]` in it."));
                }
                Ok(_) => {}
            }
            page.text.to_owned()
        }
    }
}

/// The text of a file that the manifest names.
pub fn named<'f>(
    page: &mut Page<'_>,
    file: &Spanned<String>,
    files: &'f Files,
    faults: &mut Vec<Refused>,
) -> Option<&'f str> {
    let Some((path, content)) = files.get_key_value(file.get_ref()) else {
        page.wrong(Code::MissingFile, file, format!("There is no file `{}` in the bundle.", file.get_ref()));
        return None;
    };
    match Page::new(path, content) {
        Ok(page) => Some(page.text),
        Err(fault) => {
            faults.push(fault);
            None
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawTranslation {
    name: Option<String>,
    description: Option<String>,
    settings: BTreeMap<Spanned<String>, RawWords>,
    widgets: BTreeMap<Spanned<String>, String>,
    sentences: BTreeMap<Spanned<String>, Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawWords {
    label: Option<String>,
    help: Option<String>,
    options: BTreeMap<Spanned<String>, String>,
}

/// Everything in the folder of translations.
pub fn translations(
    manifest: &Manifest,
    rules: &[BundleRule],
    files: &Files,
    faults: &mut Vec<Refused>,
) -> Vec<Translation> {
    let engine = Engine::default();
    let sentences: Vec<String> = rules
        .iter()
        .filter_map(|rule| engine.compile(rule.kind, &rule.source).ok())
        .flat_map(|rule| rule.sentences())
        .collect();
    let mut found = Vec::new();
    for (path, content) in files.iter().filter(|(path, _)| path.starts_with(TRANSLATIONS)) {
        let language = path[TRANSLATIONS.len()..].strip_suffix(".toml").unwrap_or_default();
        if !LOCALES.contains(&language) {
            let message = format!("A translation is called after its language: {}.", LOCALES.join(", "));
            faults.push(Refused::file(Code::BadTranslation, path, message));
            continue;
        }
        let read = Page::new(path, content).and_then(|mut page| {
            translation(&mut page, language, manifest, &sentences).map(|t| (t, page.faults))
        });
        match read {
            Ok((translation, more)) => {
                faults.extend(more);
                found.push(translation);
            }
            Err(fault) => faults.push(fault),
        }
    }
    found
}

fn translation(
    page: &mut Page<'_>,
    language: &str,
    manifest: &Manifest,
    sentences: &[String],
) -> Result<Translation, Refused> {
    let raw: RawTranslation = page.parse()?;
    let mut found = Translation {
        language: language.to_owned(),
        name: raw.name,
        description: raw.description,
        ..Translation::default()
    };
    for (key, words) in raw.settings {
        let Some(setting) = manifest.setting(key.get_ref()) else {
            page.wrong(Code::BadTranslation, &key, format!("There is no setting `{}`.", key.get_ref()));
            continue;
        };
        for option in words.options.keys().filter(|option| !setting.options.contains(option.get_ref())) {
            page.wrong(Code::BadTranslation, option, format!("There is no option `{}`.", option.get_ref()));
        }
        let options = words.options.into_iter().map(|(option, word)| (option.into_inner(), word)).collect();
        let words = SettingWords { label: words.label, help: words.help, options };
        found.settings.insert(key.into_inner(), words);
    }
    for (function, title) in raw.widgets {
        if !manifest.widgets.iter().any(|widget| widget.function == *function.get_ref()) {
            let message = format!("No card is made by a function `{}`.", function.get_ref());
            page.wrong(Code::BadTranslation, &function, message);
        }
        found.widgets.insert(function.into_inner(), title);
    }
    for (pattern, sentence) in raw.sentences {
        if !sentences.contains(pattern.get_ref()) {
            page.wrong(Code::BadTranslation, &pattern, "No rule of the bundle says this sentence.");
        } else if places(pattern.get_ref()) != places(sentence.get_ref()) {
            page.wrong(Code::BadTranslation, &sentence, "Its places in `{}` are not those of the sentence.");
        }
        found.sentences.insert(pattern.into_inner(), sentence.into_inner());
    }
    Ok(found)
}

/// The names in braces, sorted.
fn places(sentence: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}
