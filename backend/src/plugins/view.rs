//! Rows and bundles to what travels.

use std::collections::{HashMap, HashSet};

use kpi_api::{
    id::{RuleId, TemplateId, UserId, Version},
    plugin::{
        PermissionCode, PluginAdds, PluginCard, PluginHealth, PluginHook, PluginJob, PluginOption,
        PluginOrigin, PluginPermission, PluginRule, PluginSettingKind, PluginSettingView, PluginState,
        PluginTemplate, PluginView,
    },
    time::Timestamp,
    user::PersonRef,
};
use serde_json::Value;

use super::{
    bundle::{Bundle, BundleRule, Permissions, RuleScope, Setting, SettingKind, Translation},
    jobs, repo,
};
use crate::{
    entity::{plugin, plugin_part, plugin_setting},
    kpi::convert::word,
    people::directory::Directory,
    platform::failure::Outcome,
};

/// What is known of an installed plugin beside its bundle.
pub struct Standing<'a> {
    pub row: &'a plugin::Model,
    pub state: PluginState,
    /// Why it cannot run, where it cannot.
    pub fault: Option<&'a str>,
    pub parts: Vec<&'a plugin_part::Model>,
    /// Keys of the settings that somebody has given a value.
    pub set: HashSet<&'a str>,
    pub waiting: i64,
    pub directory: &'a Directory,
}

/// A plugin in somebody's language.
pub fn plugin(
    bundle: &Bundle,
    origin: PluginOrigin,
    standing: Option<&Standing<'_>>,
    update: Option<&str>,
    locale: &str,
) -> Outcome<PluginView> {
    let manifest = &bundle.manifest;
    let words = bundle.translation(locale);
    let asked = permissions(&manifest.permissions);
    let granted = match standing {
        Some(standing) => same(&granted(standing.row)?, &asked),
        None => false,
    };
    let set = standing.map(|standing| standing.set.clone()).unwrap_or_default();
    Ok(PluginView {
        id: manifest.id.clone(),
        name: name(bundle, locale),
        version: manifest.version.clone(),
        description: words
            .and_then(|words| words.description.clone())
            .unwrap_or_else(|| manifest.description.clone()),
        state: standing.map_or(PluginState::Available, |standing| standing.state),
        origin,
        granted,
        permissions: asked,
        adds: adds(bundle, words, standing),
        health: standing.map(health),
        update_available: update.map(str::to_owned),
        trouble: standing.and_then(trouble),
        settings_missing: missing(&manifest.settings, |key| set.contains(key)),
        installed_at: standing.map(|standing| Timestamp(standing.row.installed_at)),
        installed_by: standing.and_then(|standing| {
            let id = UserId(standing.row.installed_by?);
            Some(PersonRef { id, full_name: standing.directory.name(id) })
        }),
        revision: Version(standing.map_or(0, |standing| standing.row.revision)),
    })
}

/// An installed plugin whose files are lost: what its row still tells.
pub fn lost(standing: &Standing<'_>) -> Outcome<PluginView> {
    let row = standing.row;
    Ok(PluginView {
        id: row.key.clone(),
        name: row.key.clone(),
        version: row.version.clone(),
        description: String::new(),
        state: standing.state,
        origin: word(&row.origin)?,
        permissions: granted(row)?,
        granted: false,
        adds: PluginAdds::default(),
        health: Some(health(standing)),
        update_available: None,
        trouble: trouble(standing),
        settings_missing: Vec::new(),
        installed_at: Some(Timestamp(row.installed_at)),
        installed_by: row
            .installed_by
            .map(|id| PersonRef { id: UserId(id), full_name: standing.directory.name(UserId(id)) }),
        revision: Version(row.revision),
    })
}

/// The plugin's name in somebody's language.
pub fn name(bundle: &Bundle, locale: &str) -> String {
    let own = bundle.translation(locale).and_then(|words| words.name.clone());
    own.unwrap_or_else(|| bundle.manifest.name.clone())
}

fn trouble(standing: &Standing<'_>) -> Option<String> {
    standing.fault.map(str::to_owned).or_else(|| standing.row.trouble.clone())
}

fn health(standing: &Standing<'_>) -> PluginHealth {
    let row = standing.row;
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    PluginHealth {
        last_run: row.last_run.map(Timestamp),
        calls: count(row.calls),
        failures: count(row.failures),
        failures_in_a_row: count(row.failures_in_a_row),
        last_error: row.last_error.clone(),
        last_error_at: row.last_error_at.map(Timestamp),
        waiting: count(standing.waiting),
        given_up: count(row.given_up),
    }
}

/// What a manifest asks for, in its fixed order.
pub fn permissions(asked: &Permissions) -> Vec<PluginPermission> {
    let words = asked.in_words().into_iter().filter_map(|permission| {
        let code: PermissionCode = permission.code.parse().ok()?;
        Some(PluginPermission { code, value: permission.value })
    });
    words.collect()
}

/// What was given to an installed plugin.
pub fn granted(row: &plugin::Model) -> Outcome<Vec<PluginPermission>> {
    Ok(serde_json::from_str(&row.granted)?)
}

/// Whether these are the same permissions, in whatever order.
pub fn same(a: &[PluginPermission], b: &[PluginPermission]) -> bool {
    a.len() == b.len() && a.iter().all(|permission| b.contains(permission))
}

/// Those asked for that were not given.
pub fn beyond(asked: &[PluginPermission], given: &[PluginPermission]) -> Vec<PluginPermission> {
    asked.iter().filter(|permission| !given.contains(permission)).cloned().collect()
}

/// Keys of the required settings that have neither a value nor a default.
pub fn missing(settings: &[Setting], is_set: impl Fn(&str) -> bool) -> Vec<String> {
    let missing = settings
        .iter()
        .filter(|setting| setting.required && setting.default.is_null() && !is_set(&setting.key));
    missing.map(|setting| setting.key.clone()).collect()
}

/// As the rules list names a rule of a plugin.
pub fn rule_name(plugin: &str, rule: &BundleRule) -> String {
    format!("{}/{plugin}-{}", rule.kind, rule.stem)
}

fn adds(bundle: &Bundle, words: Option<&Translation>, standing: Option<&Standing<'_>>) -> PluginAdds {
    let manifest = &bundle.manifest;
    let part = |kind: &str, key: &str| {
        let parts = standing.map(|standing| standing.parts.as_slice()).unwrap_or_default();
        parts.iter().find(|part| part.kind == kind && part.key == key).map(|part| part.entity_id)
    };
    PluginAdds {
        templates: bundle
            .templates
            .iter()
            .map(|template| PluginTemplate {
                key: template.key.clone(),
                name: template.name.clone(),
                template_id: part(repo::parts::TEMPLATE, &template.key).map(TemplateId),
            })
            .collect(),
        rules: bundle
            .rules
            .iter()
            .map(|rule| {
                let (title, description) = kpi_engine::heading(&rule.source);
                let name = rule_name(&manifest.id, rule);
                PluginRule {
                    kind: rule.kind.to_string(),
                    scope: match &rule.scope {
                        RuleScope::Global => "global".into(),
                        RuleScope::Template(key) => format!("template:{key}"),
                    },
                    title,
                    description,
                    rule_id: part(repo::parts::RULE, &name).map(RuleId),
                    name,
                }
            })
            .collect(),
        hooks: manifest
            .hooks
            .iter()
            .map(|hook| PluginHook { event: hook.event.clone(), function: hook.function.clone() })
            .collect(),
        jobs: manifest
            .jobs
            .iter()
            .map(|job| PluginJob {
                name: jobs::name(&manifest.id, &job.function),
                cron: job.cron.clone(),
                function: job.function.clone(),
            })
            .collect(),
        widgets: manifest
            .widgets
            .iter()
            .map(|widget| PluginCard {
                title: words
                    .and_then(|words| words.widgets.get(&widget.function).cloned())
                    .unwrap_or_else(|| widget.title.clone()),
                function: widget.function.clone(),
            })
            .collect(),
    }
}

/// The form of a plugin with what was filled in. Secrets are not told.
pub fn settings(
    bundle: &Bundle,
    rows: &[plugin_setting::Model],
    locale: &str,
) -> Outcome<Vec<PluginSettingView>> {
    let given: HashMap<&str, &plugin_setting::Model> =
        rows.iter().map(|row| (row.key.as_str(), row)).collect();
    let words = bundle.translation(locale);
    let views = bundle.manifest.settings.iter().map(|setting| {
        let row = given.get(setting.key.as_str());
        let own = words.and_then(|words| words.settings.get(&setting.key));
        let is_secret = is_secret(setting);
        let value = match row {
            _ if is_secret => Value::Null,
            Some(row) => serde_json::from_str(&row.value)?,
            None => setting.default.clone(),
        };
        let options = setting.options.iter().map(|option| PluginOption {
            value: option.clone(),
            label: own.and_then(|own| own.options.get(option).cloned()).unwrap_or_else(|| option.clone()),
        });
        Ok(PluginSettingView {
            key: setting.key.clone(),
            kind: kind(setting.kind),
            label: own.and_then(|own| own.label.clone()).unwrap_or_else(|| setting.label.clone()),
            help: own.and_then(|own| own.help.clone()).unwrap_or_else(|| setting.help.clone()),
            required: setting.required,
            secret: is_secret,
            options: options.collect(),
            default: if is_secret { Value::Null } else { setting.default.clone() },
            value,
            is_set: row.is_some(),
        })
    });
    views.collect()
}

/// Whether the value is kept encrypted.
pub fn is_secret(setting: &Setting) -> bool {
    setting.secret || setting.kind == SettingKind::Secret
}

const fn kind(kind: SettingKind) -> PluginSettingKind {
    match kind {
        SettingKind::Text => PluginSettingKind::Text,
        SettingKind::Url => PluginSettingKind::Url,
        SettingKind::Number => PluginSettingKind::Number,
        SettingKind::Boolean => PluginSettingKind::Boolean,
        SettingKind::Select => PluginSettingKind::Select,
        SettingKind::Secret => PluginSettingKind::Secret,
    }
}
