//! A plugin as its author hands it over: a folder, or the same as a zip archive.
//!
//! Reading order: [`manifest`] (what `plugin.toml` says), [`Bundle`] (everything together), `files`, `folder` and `archive`
//! (how it comes in), `reading` and `contents` (how its files become what they say).

use std::{collections::BTreeMap, path::Path};

use semver::Version;
use sha2::{Digest, Sha256};

use self::toml_file::Page;
use crate::plugins::host::Program;

mod archive;
mod contents;
mod files;
mod folder;
pub mod manifest;
mod names;
mod reading;
mod refused;
mod shipped;
mod toml_file;

pub use archive::LARGEST_ARCHIVE;
pub use names::is_id;
pub use shipped::shipped;

pub use manifest::{
    BundleRule, BundleTemplate, Hook, Job, Manifest, PermissionWord, Permissions, RuleScope, Setting,
    SettingKind, Translation, Widget,
};
pub use refused::{RefusalCode, Refused};

/// File of the manifest, at the top of every bundle.
pub const MANIFEST: &str = "plugin.toml";

/// What hooks can wait for.
pub const EVENTS: &[&str] = &[
    "kpi.created",
    "kpi.submitted",
    "kpi.approved",
    "kpi.rejected",
    "kpi.checked_in",
    "kpi.in_review",
    "kpi.closed",
    "kpi.returned",
    "comment.created",
    "evidence.added",
    "reminder.due",
    "period.closed",
    "user.created",
];

/// A plugin that has been read and found to be whole: every file its manifest names is there and can be used.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    pub manifest: Manifest,
    /// What `templates.toml` and its like define, in the order of the manifest.
    pub templates: Vec<BundleTemplate>,
    /// The rules with their cases, in the order of the manifest.
    pub rules: Vec<BundleRule>,
    /// One for each file in `translations/`.
    pub translations: Vec<Translation>,
    /// Contents by their path, with `/` between folders.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Hex SHA-256 over paths and contents.
    pub checksum: String,
}

/// The bundle in a folder, whose name its id has to equal.
///
/// # Errors
/// Everything that is wrong with it, as far as it can be told.
pub fn read_folder(folder: &Path) -> Result<Bundle, Vec<Refused>> {
    let name = folder.canonicalize().ok().and_then(|whole| Some(whole.file_name()?.to_str()?.to_owned()));
    let files = folder::read(folder).map_err(|fault| vec![fault])?;
    Bundle::of(files, name.as_deref())
}

/// The bundle in a zip archive: either its files, or one folder with them, whose name its id has to equal.
///
/// # Errors
/// Everything that is wrong with it, as far as it can be told.
pub fn read_zip(bytes: &[u8]) -> Result<Bundle, Vec<Refused>> {
    let (files, name) = archive::read(bytes).map_err(|fault| vec![fault])?;
    Bundle::of(files, name.as_deref())
}

impl Bundle {
    /// Files that have been found to be harmless as a bundle.
    fn of(files: BTreeMap<String, Vec<u8>>, folder: Option<&str>) -> Result<Self, Vec<Refused>> {
        let content = files.get(MANIFEST).ok_or_else(|| {
            vec![Refused::whole(
                RefusalCode::NoManifest,
                format!("There is no {MANIFEST} at the top of the bundle."),
            )]
        })?;
        let mut page = Page::new(MANIFEST, content).map_err(|fault| vec![fault])?;
        let app = Version::parse(env!("CARGO_PKG_VERSION")).map_err(|fault| {
            vec![Refused::whole(RefusalCode::BadVersion, format!("The version of this application: {fault}"))]
        })?;
        let read = reading::manifest(&mut page, &app).map_err(|fault| vec![fault])?;
        let manifest = read.manifest;
        if let Some(folder) = folder.filter(|folder| *folder != manifest.id) {
            let message = format!("The id is `{}`, but the folder is called `{folder}`.", manifest.id);
            page.faults.push(Refused {
                line: 1,
                column: 1,
                ..Refused::file(RefusalCode::WrongId, MANIFEST, message)
            });
        }
        let mut faults = Vec::new();
        let mut templates = Vec::new();
        for file in &read.templates {
            let Some(text) = contents::named(&mut page, file, &files, &mut faults) else { continue };
            let mut inner = Page { file: file.get_ref(), text, faults: Vec::new() };
            if let Err(fault) = contents::templates(&mut inner, &mut templates) {
                inner.faults.push(fault);
            }
            faults.append(&mut inner.faults);
        }
        let rules = contents::rules(&mut page, &read.rules, &files, &templates, &mut faults);
        let translations = contents::translations(&manifest, &rules, &files, &mut faults);
        if let Some(script) = &read.script
            && let Some(source) = contents::named(&mut page, script, &files, &mut faults)
        {
            match Program::of_source(source, &manifest) {
                Ok(program) => functions(&mut page, &program, &read.wanted),
                Err(found) => {
                    let file = script.get_ref();
                    faults.extend(
                        found.iter().map(|fault| contents::of_script(RefusalCode::BadScript, file, fault)),
                    );
                }
            }
        }
        let mut all = page.faults;
        all.append(&mut faults);
        if !all.is_empty() {
            // The manifest first, each file from its top.
            all.sort_by(|a, b| {
                let key = |r: &Refused| (r.file != MANIFEST, r.file.clone(), r.line, r.column);
                key(a).cmp(&key(b))
            });
            return Err(all);
        }
        let checksum = checksum(&files);
        Ok(Self { manifest, templates, rules, translations, files, checksum })
    }

    /// The script's source; absent where the plugin has none.
    pub fn script(&self) -> Option<&str> {
        self.text(self.manifest.script.as_deref()?)
    }

    /// A file as text; `None` where there is none, or it is not UTF-8.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// The words of a language, where the bundle brings them.
    pub fn translation(&self, language: &str) -> Option<&Translation> {
        self.translations.iter().find(|translation| translation.language == language)
    }
}

/// Notes functions that the script lacks, or that take another number of parameters.
fn functions(page: &mut Page<'_>, program: &Program, wanted: &[(toml::Spanned<String>, usize, usize)]) {
    for (function, least, most) in wanted {
        let name = function.get_ref();
        match program.parameters(name) {
            Some(count) if (*least..=*most).contains(&count) => {}
            Some(count) => {
                let wanted = if least == most { least.to_string() } else { format!("{least} or {most}") };
                let message =
                    format!("`{name}` takes {count} parameters in the script; here it has to take {wanted}.");
                page.wrong(RefusalCode::WrongParameters, function, message);
            }
            None => {
                page.wrong(
                    RefusalCode::UnknownFunction,
                    function,
                    format!("The script has no function `{name}`."),
                );
            }
        }
    }
}

/// Hex SHA-256 over names, lengths and contents.
fn checksum(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut hash = Sha256::new();
    for (path, content) in files {
        hash.update((path.len() as u64).to_be_bytes());
        hash.update(path.as_bytes());
        hash.update((content.len() as u64).to_be_bytes());
        hash.update(content);
    }
    hex::encode(hash.finalize())
}
