//! `kpi plugins check`: whether a plugin is whole, and what it adds and wants.

use std::path::PathBuf;

use serde::Serialize;

use super::source;
use crate::{
    cli::{
        Format,
        end::{Done, Stop, print_json, say},
    },
    plugins::bundle::{Bundle, PermissionWord, Refused},
};

#[derive(clap::Args)]
pub struct Options {
    /// A plugin's folder, or its zip archive
    #[arg(value_name = "DIR|ZIP")]
    path: PathBuf,
    #[command(flatten)]
    format: Format,
}

#[derive(Serialize)]
struct Checked {
    ok: bool,
    id: Option<String>,
    name: Option<String>,
    version: Option<String>,
    checksum: Option<String>,
    permissions: Vec<PermissionWord>,
    templates: usize,
    rules: usize,
    hooks: usize,
    jobs: usize,
    widgets: usize,
    problems: Vec<Refused>,
}

pub fn run(options: &Options) -> Done {
    let read = source::read(&options.path)?;
    let answer = match &read {
        Ok(bundle) => Checked {
            ok: true,
            id: Some(bundle.manifest.id.clone()),
            name: Some(bundle.manifest.name.clone()),
            version: Some(bundle.manifest.version.clone()),
            checksum: Some(bundle.checksum.clone()),
            permissions: bundle.manifest.permissions.in_words(),
            templates: bundle.templates.len(),
            rules: bundle.rules.len(),
            hooks: bundle.manifest.hooks.len(),
            jobs: bundle.manifest.jobs.len(),
            widgets: bundle.manifest.widgets.len(),
            problems: Vec::new(),
        },
        Err(problems) => Checked {
            ok: false,
            id: None,
            name: None,
            version: None,
            checksum: None,
            permissions: Vec::new(),
            templates: 0,
            rules: 0,
            hooks: 0,
            jobs: 0,
            widgets: 0,
            problems: problems.clone(),
        },
    };
    if options.format.json {
        print_json(&answer)?;
    } else {
        match &read {
            Ok(bundle) => describe(bundle)?,
            Err(problems) => source::tell(&options.path, problems)?,
        }
    }
    if answer.ok { Ok(()) } else { Err(Stop::Told) }
}

fn describe(bundle: &Bundle) -> Done {
    let manifest = &bundle.manifest;
    say(format_args!("{} {} ({}): good", manifest.name, manifest.version, manifest.id))?;
    let counts = [
        (bundle.templates.len(), "template"),
        (bundle.rules.len(), "rule"),
        (manifest.hooks.len(), "hook"),
        (manifest.jobs.len(), "job"),
        (manifest.widgets.len(), "card"),
        (manifest.settings.len(), "setting"),
    ];
    let adds: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    if !adds.is_empty() {
        say(format_args!("  adds: {}", adds.join(", ")))?;
    }
    let wants: Vec<String> = manifest.permissions.in_words().iter().map(in_words).collect();
    let wants = if wants.is_empty() { "nothing".to_owned() } else { wants.join("; ") };
    say(format_args!("  wants to: {wants}"))
}

fn in_words(permission: &PermissionWord) -> String {
    let value = permission.value.as_deref().unwrap_or_default();
    match permission.code {
        "http_host" => format!("post to {value}"),
        "http_setting" => format!("post to the address in the setting {value}"),
        "read_kpis" => "read KPIs".into(),
        "read_users" => "read names, roles and departments of people".into(),
        "notify" => "notify people".into(),
        "store" => "keep values of its own".into(),
        other => other.to_owned(),
    }
}
