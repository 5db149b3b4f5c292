//! The settings: one registry says what there is, the table keeps what differs from its default.

use std::collections::HashMap;

use anyhow::anyhow;
use kpi_api::{
    error::{Code, FieldError},
    id::Version,
    scoring::Bands,
    settings::{SettingKind, SettingView, SettingsPatch, SettingsView},
};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value, json};

use super::repo;
use crate::{
    auth::actor::Call,
    platform::{
        db::work::Work,
        failure::{Failure, Outcome},
        signals::Topic,
    },
};

pub const BAND_GREEN: &str = "scoring.band_green";
pub const BAND_AMBER: &str = "scoring.band_amber";
pub const CAP: &str = "scoring.cap";
pub const CHECK_IN_DAYS: &str = "check_in.default_days";
pub const MAIL_WINDOW: &str = "mail.window_minutes";
pub const EVIDENCE_QUOTA: &str = "evidence.quota_mb";
pub const REMINDERS_HOUR: &str = "jobs.reminders_hour";
pub const NIGHT_HOUR: &str = "jobs.night_hour";
pub const KEEP_NOTIFICATIONS: &str = "keep.notifications_days";
pub const KEEP_EVENTS: &str = "keep.events_days";
pub const KEEP_SESSIONS: &str = "keep.sessions_days";
pub const PLUGINS_PRIVATE: &str = "plugins.allow_private_addresses";
pub const KEEP_RUNS: &str = "keep.job_runs_days";

/// Rows that are not settings: the version of all of them together, and whether the demo company is loaded.
const VERSION: &str = "internal.version";
const DEMO: &str = "internal.demo";

/// A number or a switch that administrators may choose.
struct Spec {
    key: &'static str,
    description: &'static str,
    default: f64,
    min: f64,
    max: f64,
    whole: bool,
    /// On or off, kept as 1 or 0.
    is_switch: bool,
}

const REGISTRY: &[Spec] = &[
    Spec {
        key: BAND_GREEN,
        description: "From how many score points on a KPI is green.",
        default: 90.0,
        min: 1.0,
        max: 1000.0,
        whole: false,
        is_switch: false,
    },
    Spec {
        key: BAND_AMBER,
        description: "From how many score points on a KPI is amber; below, it is red.",
        default: 70.0,
        min: 0.0,
        max: 999.0,
        whole: false,
        is_switch: false,
    },
    Spec {
        key: CAP,
        description: "The most score points a KPI can give where it does not say so itself.",
        default: 120.0,
        min: 100.0,
        max: 1000.0,
        whole: false,
        is_switch: false,
    },
    Spec {
        key: CHECK_IN_DAYS,
        description: "Days between two check-ins where the template does not say so.",
        default: 14.0,
        min: 1.0,
        max: 92.0,
        whole: true,
        is_switch: false,
    },
    Spec {
        key: MAIL_WINDOW,
        description: "Minutes that news wait to be mailed, so that what follows comes in the same mail.",
        default: 5.0,
        min: 0.0,
        max: 60.0,
        whole: true,
        is_switch: false,
    },
    Spec {
        key: EVIDENCE_QUOTA,
        description: "Megabytes of evidence that one person may keep.",
        default: 2048.0,
        min: 10.0,
        max: 1_000_000.0,
        whole: true,
        is_switch: false,
    },
    whole(REMINDERS_HOUR, "At which hour reminders go out, in the company's time zone.", 7, 0, 23),
    whole(NIGHT_HOUR, "At which hour the nightly work begins, in the company's time zone.", 3, 0, 23),
    whole(KEEP_NOTIFICATIONS, "Days that a notification is kept once it was read.", 90, 7, 3650),
    whole(KEEP_EVENTS, "Days that an event is kept after everybody was told of it.", 14, 2, 365),
    whole(KEEP_SESSIONS, "Days that a session is kept after its end.", 30, 1, 365),
    whole(KEEP_RUNS, "Days that the run of a job is listed.", 90, 7, 3650),
    switch(
        PLUGINS_PRIVATE,
        "Whether plugins may call servers in this machine's own network. Off, a plugin reaches public addresses alone.",
    ),
];

const fn whole(key: &'static str, description: &'static str, default: u16, min: u16, max: u16) -> Spec {
    Spec {
        key,
        description,
        default: default as f64,
        min: min as f64,
        max: max as f64,
        whole: true,
        is_switch: false,
    }
}

/// Off unless somebody turns it on.
const fn switch(key: &'static str, description: &'static str) -> Spec {
    Spec { is_switch: true, ..whole(key, description, 0, 0, 1) }
}

/// The settings as the rest of the application uses them.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub bands: Bands,
    /// Score points.
    pub cap: f64,
    pub check_in_days: u16,
    pub mail_window_minutes: u16,
    /// Bytes of evidence that one person may keep.
    pub evidence_quota: u64,
    /// Hour of the day in the company's zone, 0 to 23.
    pub reminders_hour: u16,
    /// Hour of the day in the company's zone, 0 to 23.
    pub night_hour: u16,
    pub keep: Keep,
    /// Whether plugins may call addresses that are not public.
    pub plugins_private: bool,
    /// Whether the demo company is loaded.
    pub demo: bool,
}

/// For how many days what is over is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    pub notifications: u16,
    /// Of the outbox.
    pub events: u16,
    pub sessions: u16,
    pub job_runs: u16,
}

/// Numbers by key, those that differ from their default.
type Chosen = HashMap<String, f64>;

struct Stored {
    chosen: Chosen,
    version: Version,
    demo: bool,
}

pub async fn load(db: &impl ConnectionTrait) -> Outcome<Settings> {
    let stored = read(db).await?;
    let value = |key| value(&stored.chosen, key);
    let count = |key| value(key) as u16;
    Ok(Settings {
        bands: Bands { green: value(BAND_GREEN), amber: value(BAND_AMBER) },
        cap: value(CAP),
        check_in_days: count(CHECK_IN_DAYS),
        mail_window_minutes: count(MAIL_WINDOW),
        evidence_quota: value(EVIDENCE_QUOTA) as u64 * 1024 * 1024,
        reminders_hour: count(REMINDERS_HOUR),
        night_hour: count(NIGHT_HOUR),
        keep: Keep {
            notifications: count(KEEP_NOTIFICATIONS),
            events: count(KEEP_EVENTS),
            sessions: count(KEEP_SESSIONS),
            job_runs: count(KEEP_RUNS),
        },
        plugins_private: value(PLUGINS_PRIVATE) != 0.0,
        demo: stored.demo,
    })
}

/// Notes that the demo company is loaded.
pub async fn mark_demo(work: &mut Work) -> Outcome<()> {
    repo::put_setting(work.tx(), DEMO, "true", work.at().0, None).await?;
    work.touch(Topic::Settings);
    Ok(())
}

/// Keeps something the application notes for itself beside the settings; `key` begins with `internal.`.
pub async fn note(work: &Work, key: &str, value: &str) -> Outcome<()> {
    Ok(repo::put_setting(work.tx(), key, value, work.at().0, None).await?)
}

/// What was noted last.
pub async fn noted(db: &impl ConnectionTrait, key: &str) -> Outcome<Option<String>> {
    Ok(repo::setting(db, key).await?)
}

pub async fn view(call: &Call) -> Outcome<SettingsView> {
    Ok(shown(&read(call.ctx.db.read()).await?))
}

/// Changes settings. 422 names the key of every value that does not fit.
pub async fn update(call: &Call, patch: SettingsPatch) -> Outcome<SettingsView> {
    let seen = call.who.version()?;
    let mut work = call.begin().await?;
    let mut stored = read(work.tx()).await?;
    if stored.version != seen {
        return Err(Failure::new(Code::StaleVersion, Code::StaleVersion.title()));
    }
    let before = stored.chosen.clone();
    stored.chosen = changed(before.clone(), &patch.values).map_err(Failure::invalid)?;
    if stored.chosen == before {
        return Ok(shown(&stored));
    }
    stored.version = Version(seen.0 + 1);
    let (at, by) = (work.at().0, Some(call.who.id().0));
    let mut detail = Map::new();
    for spec in REGISTRY {
        let (old, new) = (value(&before, spec.key), value(&stored.chosen, spec.key));
        match stored.chosen.get(spec.key) {
            Some(number) => repo::put_setting(work.tx(), spec.key, &number.to_string(), at, by).await?,
            None => repo::drop_setting(work.tx(), spec.key).await?,
        }
        if old != new {
            detail.insert(spec.key.into(), json!({ "old": spec.shown(old), "new": spec.shown(new) }));
        }
    }
    repo::put_setting(work.tx(), VERSION, &stored.version.to_string(), at, by).await?;
    work.audit("settings.update", "settings", None, Value::Object(detail)).await?;
    work.touch(Topic::Settings);
    let answer = shown(&stored);
    work.commit(&answer).await?;
    Ok(answer)
}

async fn read(db: &impl ConnectionTrait) -> Outcome<Stored> {
    let mut stored = Stored { chosen: Chosen::new(), version: Version(1), demo: false };
    for row in repo::settings(db).await? {
        let fault = |what| anyhow!("the setting {} is not {what}", row.key);
        match row.key.as_str() {
            VERSION => stored.version = row.value.parse().map_err(|_| fault("a version"))?,
            DEMO => stored.demo = row.value == "true",
            key if REGISTRY.iter().any(|spec| spec.key == key) => {
                let number = row.value.parse().map_err(|_| fault("a number"))?;
                stored.chosen.insert(row.key, number);
            }
            _ => {}
        }
    }
    Ok(stored)
}

fn value(chosen: &Chosen, key: &str) -> f64 {
    let default = || REGISTRY.iter().find(|spec| spec.key == key).map_or(0.0, |spec| spec.default);
    chosen.get(key).copied().unwrap_or_else(default)
}

/// The values after a patch; everything that is wrong with it otherwise.
fn changed(mut chosen: Chosen, patch: &Map<String, Value>) -> Result<Chosen, Vec<FieldError>> {
    let mut errors = Vec::new();
    for (key, new) in patch {
        let Some(spec) = REGISTRY.iter().find(|spec| spec.key == key) else {
            errors.push(FieldError::new(key, "unknown_field", "There is no such setting."));
            continue;
        };
        match new {
            Value::Null => {
                chosen.remove(key);
            }
            Value::Bool(on) if spec.is_switch => {
                let number = f64::from(u8::from(*on));
                if number == spec.default {
                    chosen.remove(key);
                } else {
                    chosen.insert(key.clone(), number);
                }
            }
            Value::Number(number) if !spec.is_switch => {
                match number.as_f64().filter(|number| spec.takes(*number)) {
                    Some(number) if number == spec.default => {
                        chosen.remove(key);
                    }
                    Some(number) => {
                        chosen.insert(key.clone(), number);
                    }
                    None => {
                        let sort = if spec.whole { "A whole number between" } else { "Between" };
                        let message = format!("{sort} {} and {}.", spec.min, spec.max);
                        errors.push(FieldError::new(key, "out_of_range", message));
                    }
                }
            }
            _ => errors.push(FieldError::new(key, "wrong_type", spec.expected())),
        }
    }
    if errors.is_empty() && value(&chosen, BAND_AMBER) >= value(&chosen, BAND_GREEN) {
        errors.push(FieldError::new(BAND_AMBER, "out_of_order", "Amber has to begin below green."));
    }
    if errors.is_empty() { Ok(chosen) } else { Err(errors) }
}

impl Spec {
    fn expected(&self) -> &'static str {
        if self.is_switch { "True or false is expected." } else { "A number is expected." }
    }

    fn shown(&self, number: f64) -> Value {
        if self.is_switch { json!(number != 0.0) } else { json!(number) }
    }

    fn takes(&self, number: f64) -> bool {
        (self.min..=self.max).contains(&number) && (!self.whole || number.fract() == 0.0)
    }
}

fn shown(stored: &Stored) -> SettingsView {
    let items = REGISTRY.iter().map(|spec| SettingView {
        key: spec.key.into(),
        kind: if spec.is_switch { SettingKind::Boolean } else { SettingKind::Number },
        description: spec.description.into(),
        value: spec.shown(value(&stored.chosen, spec.key)),
        default: spec.shown(spec.default),
        min: (!spec.is_switch).then_some(spec.min),
        max: (!spec.is_switch).then_some(spec.max),
    });
    SettingsView { items: items.collect(), version: stored.version }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(patch: Value) -> Result<Chosen, Vec<String>> {
        let Value::Object(patch) = patch else { panic!("an object") };
        changed(Chosen::from([(CAP.to_owned(), 150.0)]), &patch)
            .map_err(|errors| errors.into_iter().map(|e| format!("{} {}", e.field, e.code)).collect())
    }

    #[test]
    fn null_and_the_default_itself_put_the_default_back() {
        assert_eq!(patched(json!({ CAP: null })).unwrap(), Chosen::new());
        assert_eq!(patched(json!({ CAP: 120 })).unwrap(), Chosen::new());
        assert_eq!(patched(json!({})).unwrap()[CAP], 150.0);
        let on = patched(json!({ PLUGINS_PRIVATE: true })).unwrap();
        assert_eq!((on[PLUGINS_PRIVATE], on[CAP]), (1.0, 150.0));
        assert_eq!(patched(json!({ PLUGINS_PRIVATE: false })).unwrap(), Chosen::from([(CAP.into(), 150.0)]));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let rows = [
            (json!({ "scoring.capp": 1 }), "scoring.capp unknown_field"),
            (json!({ CAP: "150" }), "scoring.cap wrong_type"),
            (json!({ CAP: 99.9 }), "scoring.cap out_of_range"),
            (json!({ PLUGINS_PRIVATE: 1 }), "plugins.allow_private_addresses wrong_type"),
            (json!({ CAP: true }), "scoring.cap wrong_type"),
            (json!({ CHECK_IN_DAYS: 1.5 }), "check_in.default_days out_of_range"),
            (json!({ BAND_AMBER: 90 }), "scoring.band_amber out_of_order"),
            (json!({ BAND_GREEN: 70 }), "scoring.band_amber out_of_order"),
        ];
        for (patch, expected) in rows {
            assert_eq!(patched(patch).unwrap_err(), [expected]);
        }
    }
}
