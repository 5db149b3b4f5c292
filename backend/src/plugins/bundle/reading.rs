//! `plugin.toml`: its fields as they are written, and what each of them has to be.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use semver::{Version, VersionReq};
use serde::Deserialize;
use toml::Spanned;

use super::{
    EVENTS, Hook, Job, MANIFEST, Manifest, Permissions, RefusalCode as Code, Refused, Setting, SettingKind,
    Widget,
    names::{is_host, is_id, is_key},
    toml_file::Page,
};
use crate::jobs::schedule::Schedule;

const LONGEST_NAME: usize = 80;
const LONGEST_TEXT: usize = 2_000;
const LONGEST_LABEL: usize = 120;
/// Most hooks, jobs, widgets, settings, files of templates and rules; of each.
const MOST: usize = 50;
/// Most options of a setting.
const MOST_OPTIONS: usize = 30;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Spanned<String>,
    name: Spanned<String>,
    version: Spanned<String>,
    description: Spanned<String>,
    requires: Spanned<String>,
    script: Option<Spanned<String>>,
    #[serde(default)]
    permissions: RawPermissions,
    #[serde(default)]
    hooks: Vec<RawHook>,
    #[serde(default)]
    jobs: Vec<RawJob>,
    #[serde(default)]
    widgets: Vec<RawWidget>,
    #[serde(default)]
    settings: Vec<RawSetting>,
    #[serde(default)]
    templates: Vec<RawTemplates>,
    #[serde(default)]
    rules: Vec<RawRule>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawPermissions {
    http: Vec<Spanned<String>>,
    read: Vec<Spanned<String>>,
    notify: bool,
    store: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHook {
    event: Spanned<String>,
    function: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawJob {
    cron: Spanned<String>,
    function: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWidget {
    slot: Spanned<String>,
    function: Spanned<String>,
    title: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSetting {
    key: Spanned<String>,
    #[serde(rename = "type")]
    kind: Spanned<String>,
    label: Spanned<String>,
    help: Option<Spanned<String>>,
    #[serde(default)]
    secret: bool,
    #[serde(default)]
    required: bool,
    default: Option<Spanned<toml::Value>>,
    #[serde(default)]
    options: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTemplates {
    file: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRule {
    pub kind: Spanned<String>,
    pub file: Spanned<String>,
    pub scope: Spanned<String>,
}

/// What the manifest says, with the places of what is still to be compared with other files.
pub struct Read {
    pub manifest: Manifest,
    /// Functions that the script has to have, with the fewest and the most parameters they may take.
    pub wanted: Vec<(Spanned<String>, usize, usize)>,
    pub script: Option<Spanned<String>>,
    pub templates: Vec<Spanned<String>>,
    pub rules: Vec<RawRule>,
}

/// Reads a manifest; faults of single values are noted on the page.
///
/// # Errors
/// When there is no sense in looking further.
pub fn manifest(page: &mut Page<'_>, app: &Version) -> Result<Read, Refused> {
    let raw: Raw = page.parse()?;
    if !is_id(raw.id.get_ref()) {
        let message = "An id is 2 to 40 characters from a to z, 0 to 9 and `-`, with a letter at the beginning and none of \
                       `-` at the end.";
        page.wrong(Code::BadId, &raw.id, message);
    }
    line(page, &raw.name, LONGEST_NAME);
    text(page, &raw.description);
    if let Err(fault) = Version::parse(raw.version.get_ref()) {
        let message = format!("A version is written like `1.0.0`: {fault}.");
        page.wrong(Code::BadVersion, &raw.version, message);
    }
    match VersionReq::parse(raw.requires.get_ref()) {
        Err(fault) => {
            let message = format!("What is required is written like `>=0.1`: {fault}.");
            page.wrong(Code::BadVersion, &raw.requires, message);
        }
        Ok(wanted) if !wanted.matches(app) => {
            let message = format!("The plugin wants {wanted} of this application, which is {app}.");
            page.wrong(Code::RequirementNotMet, &raw.requires, message);
        }
        Ok(_) => {}
    }
    let settings = settings(page, &raw.settings);
    let permissions = permissions(page, &raw.permissions, &settings);
    let lists: [(usize, &str); 6] = [
        (raw.hooks.len(), "hooks"),
        (raw.jobs.len(), "jobs"),
        (raw.widgets.len(), "widgets"),
        (raw.settings.len(), "settings"),
        (raw.templates.len(), "templates"),
        (raw.rules.len(), "rules"),
    ];
    for (_, list) in lists.into_iter().filter(|(len, _)| *len > MOST) {
        page.fault(Code::BadValue, 0..0, format!("There are more than {MOST} {list}."));
    }
    let mut wanted = Vec::new();
    let hooks = hooks(page, &raw.hooks, &mut wanted);
    let jobs = jobs(page, &raw.jobs, &mut wanted);
    let widgets = widgets(page, &raw.widgets, raw.name.get_ref(), &mut wanted);
    if raw.script.is_none()
        && let Some((function, ..)) = wanted.first()
    {
        let message = format!("`script` is missing in {MANIFEST}: this function stands nowhere.");
        page.wrong(Code::UnknownFunction, function, message);
    }
    let manifest = Manifest {
        id: raw.id.into_inner(),
        name: raw.name.into_inner().trim().to_owned(),
        version: raw.version.into_inner(),
        description: raw.description.into_inner().trim().to_owned(),
        requires: raw.requires.into_inner(),
        script: raw.script.as_ref().map(|script| script.get_ref().clone()),
        permissions,
        hooks,
        jobs,
        widgets,
        settings: settings.into_values().collect(),
    };
    // In the order in which they are written, which the map has lost.
    let order: Vec<&str> = raw.settings.iter().map(|setting| setting.key.get_ref().as_str()).collect();
    let mut manifest = manifest;
    manifest.settings.sort_by_key(|setting| order.iter().position(|key| *key == setting.key));
    Ok(Read {
        manifest,
        wanted,
        script: raw.script,
        templates: raw.templates.into_iter().map(|templates| templates.file).collect(),
        rules: raw.rules,
    })
}

fn line(page: &mut Page<'_>, value: &Spanned<String>, most: usize) {
    let text = value.get_ref().trim();
    if text.is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
        page.wrong(Code::BadValue, value, format!("This is one line of 1 to {most} characters."));
    }
}

fn text(page: &mut Page<'_>, value: &Spanned<String>) {
    let text = value.get_ref().trim();
    if text.is_empty() || text.chars().count() > LONGEST_TEXT {
        page.wrong(Code::BadValue, value, format!("This is a text of 1 to {LONGEST_TEXT} characters."));
    }
}

fn permissions(
    page: &mut Page<'_>,
    raw: &RawPermissions,
    settings: &BTreeMap<String, Setting>,
) -> Permissions {
    let mut found = Permissions { notify: raw.notify, store: raw.store, ..Permissions::default() };
    for host in &raw.http {
        match host.get_ref().strip_prefix("setting:") {
            Some(key) => match settings.get(key).map(|setting| setting.kind) {
                Some(SettingKind::Url) => {}
                Some(_) => {
                    let message =
                        format!("The setting `{key}` has to be of the type `url`, so that it names a host.");
                    page.wrong(Code::UnknownSetting, host, message);
                }
                None => page.wrong(Code::UnknownSetting, host, format!("There is no setting `{key}`.")),
            },
            None if is_host(host.get_ref()) => {}
            None => {
                let message = "This is no host: write `hooks.example.com`, without http://, port, path or `*`, or \
                               `setting:` and the key of a setting.";
                page.wrong(Code::BadHost, host, message);
            }
        }
        if found.http.contains(host.get_ref()) {
            page.wrong(Code::Doubled, host, "This host stands twice.");
        }
        found.http.push(host.get_ref().clone());
    }
    for word in &raw.read {
        match word.get_ref().as_str() {
            "kpis" => found.read_kpis = true,
            "users" => found.read_users = true,
            other => {
                let message =
                    format!("There is no permission to read `{other}`; there are `kpis` and `users`.");
                page.wrong(Code::BadValue, word, message);
            }
        }
    }
    found
}

fn settings(page: &mut Page<'_>, raw: &[RawSetting]) -> BTreeMap<String, Setting> {
    let mut found = BTreeMap::new();
    for raw in raw {
        let key = raw.key.get_ref();
        if !is_key(key) {
            page.wrong(Code::BadValue, &raw.key, "A key is 1 to 40 characters from a to z, 0 to 9 and `_`.");
        }
        line(page, &raw.label, LONGEST_LABEL);
        if let Some(help) = &raw.help {
            text(page, help);
        }
        let kind = match raw.kind.get_ref().as_str() {
            "text" => SettingKind::Text,
            "url" => SettingKind::Url,
            "number" => SettingKind::Number,
            "boolean" => SettingKind::Boolean,
            "select" => SettingKind::Select,
            "secret" => SettingKind::Secret,
            other => {
                let message = format!(
                    "There is no type `{other}`; there are text, url, number, boolean, select and secret."
                );
                page.wrong(Code::BadValue, &raw.kind, message);
                SettingKind::Text
            }
        };
        let secret = raw.secret || kind == SettingKind::Secret;
        if secret && !matches!(kind, SettingKind::Text | SettingKind::Url | SettingKind::Secret) {
            page.wrong(Code::BadValue, &raw.kind, "Only a text or an address can be secret.");
        }
        if (kind == SettingKind::Select) == raw.options.is_empty() || raw.options.len() > MOST_OPTIONS {
            let message = format!("`options`, 1 to {MOST_OPTIONS} of them, go with the type `select`.");
            page.wrong(Code::BadValue, &raw.kind, message);
        }
        for (index, option) in raw.options.iter().enumerate() {
            line(page, option, LONGEST_LABEL);
            if raw.options[..index].iter().any(|other| other.get_ref() == option.get_ref()) {
                page.wrong(Code::Doubled, option, "This option stands twice.");
            }
        }
        let mut setting = Setting {
            key: key.clone(),
            kind,
            label: raw.label.get_ref().trim().to_owned(),
            help: raw.help.as_ref().map(|help| help.get_ref().trim().to_owned()).unwrap_or_default(),
            secret,
            required: raw.required,
            default: serde_json::Value::Null,
            options: raw.options.iter().map(|option| option.get_ref().clone()).collect(),
        };
        if let Some(default) = &raw.default {
            let value = serde_json::to_value(default.get_ref()).unwrap_or_default();
            match setting.accepts(&value) {
                _ if secret => page.wrong(Code::BadValue, default, "What is secret has no default."),
                Err(wanted) => page.wrong(Code::BadValue, default, format!("Here {wanted}.")),
                Ok(()) => setting.default = value,
            }
        }
        if found.insert(key.clone(), setting).is_some() {
            page.wrong(Code::Doubled, &raw.key, "This key stands twice.");
        }
    }
    found
}

type Wanted = Vec<(Spanned<String>, usize, usize)>;

fn hooks(page: &mut Page<'_>, raw: &[RawHook], wanted: &mut Wanted) -> Vec<Hook> {
    let mut found: Vec<Hook> = Vec::new();
    for raw in raw {
        let event = raw.event.get_ref();
        if !EVENTS.contains(&event.as_str()) {
            let message = format!("There is no event `{event}`; there are {}.", EVENTS.join(", "));
            page.wrong(Code::UnknownEvent, &raw.event, message);
        }
        let hook = Hook { event: event.clone(), function: raw.function.get_ref().clone() };
        if found.contains(&hook) {
            page.wrong(Code::Doubled, &raw.event, "This hook stands twice.");
        }
        found.push(hook);
        wanted.push((raw.function.clone(), 1, 1));
    }
    found
}

fn jobs(page: &mut Page<'_>, raw: &[RawJob], wanted: &mut Wanted) -> Vec<Job> {
    let mut found: Vec<Job> = Vec::new();
    for raw in raw {
        if found.iter().any(|job| job.function == *raw.function.get_ref()) {
            page.wrong(Code::Doubled, &raw.function, "Another job calls this function; each has its own.");
        }
        if let Err(fault) = Schedule::new(raw.cron.get_ref(), TimeZone::UTC) {
            // The parser ends some of its messages with a full stop.
            let wanted =
                "Times are written as five fields, minute, hour, day of the month, month and weekday";
            let message = format!("{wanted}; {fault:#}");
            page.wrong(Code::BadCron, &raw.cron, format!("{}.", message.trim_end_matches('.')));
        }
        found.push(Job { cron: raw.cron.get_ref().clone(), function: raw.function.get_ref().clone() });
        wanted.push((raw.function.clone(), 0, 1));
    }
    found
}

fn widgets(page: &mut Page<'_>, raw: &[RawWidget], name: &str, wanted: &mut Wanted) -> Vec<Widget> {
    let mut found: Vec<Widget> = Vec::new();
    for raw in raw {
        if found.iter().any(|widget| widget.function == *raw.function.get_ref()) {
            page.wrong(
                Code::Doubled,
                &raw.function,
                "Another card is made by this function; each has its own.",
            );
        }
        if raw.slot.get_ref() != "dashboard" {
            page.wrong(Code::BadValue, &raw.slot, "The one place for cards is `dashboard`.");
        }
        if let Some(title) = &raw.title {
            line(page, title, LONGEST_LABEL);
        }
        found.push(Widget {
            slot: raw.slot.get_ref().clone(),
            function: raw.function.get_ref().clone(),
            title: raw.title.as_ref().map_or(name, |title| title.get_ref()).trim().to_owned(),
        });
        wanted.push((raw.function.clone(), 0, 1));
    }
    found
}
