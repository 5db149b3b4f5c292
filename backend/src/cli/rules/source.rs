//! Where rules come from: the database, or files whose folder names the kind.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kpi_api::{rules::RuleState, scoring::RuleKind};

use crate::{app::Ctx, cli::end::Stop, rules::service};

/// A rule's text with its cases.
pub struct Source {
    /// e.g. `score/standard`.
    pub name: String,
    pub kind: RuleKind,
    /// `global`, `department:<id>` or `template:<id>`; empty for a file.
    pub scope: String,
    /// Absent for a file; 0 of a rule that was never published.
    pub version: Option<i64>,
    /// Absent for a file.
    pub state: Option<RuleState>,
    pub has_draft: bool,
    pub text: String,
    pub cases: Option<String>,
    pub file: Option<PathBuf>,
}

impl Source {
    /// As messages name it.
    pub fn shown(&self) -> String {
        self.file.as_ref().map_or_else(|| self.name.clone(), |file| file.display().to_string())
    }
}

/// The rules in the database: the published version, of a rule that was never published its draft.
pub async fn stored(ctx: &Ctx) -> Result<Vec<Source>, Stop> {
    let mut sources = Vec::new();
    for view in service::list(ctx).await?.items {
        let detail = service::get(ctx, view.id).await?;
        let (text, tests) = match detail.draft {
            Some(draft) if view.state == RuleState::Draft => (draft.source, draft.tests),
            _ => (detail.source, detail.tests),
        };
        sources.push(Source {
            name: view.name,
            kind: view.kind,
            scope: view.scope,
            version: Some(view.version.0),
            state: Some(view.state),
            has_draft: view.has_draft,
            text,
            cases: Some(tests).filter(|tests| !tests.trim().is_empty()),
            file: None,
        });
    }
    Ok(sources)
}

/// The rules in files and folders, in the order of their names.
pub fn in_files(paths: &[PathBuf]) -> Result<Vec<Source>, Stop> {
    let mut files = Vec::new();
    for path in paths {
        let before = files.len();
        collect(path, &mut files)?;
        if files.len() == before {
            return Err(Stop::Usage(format!(
                "{} is no rule file (.rhai) and no folder with any",
                path.display()
            )));
        }
    }
    files.into_iter().map(|file| read(&file)).collect()
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Stop> {
    let unreadable = |cause| Stop::Failed(format!("{} cannot be read: {cause}", path.display()));
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(unreadable)?;
        let mut entries: Vec<PathBuf> = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()
            .map_err(unreadable)?;
        entries.sort();
        return entries.iter().try_for_each(|entry| collect(entry, files));
    }
    if !path.exists() {
        return Err(Stop::Usage(format!("{} does not exist", path.display())));
    }
    if path.extension().is_some_and(|extension| extension == "rhai") {
        files.push(path.to_owned());
    }
    Ok(())
}

fn read(file: &Path) -> Result<Source, Stop> {
    let unreadable = |cause| Stop::Failed(format!("{} cannot be read: {cause}", file.display()));
    let whole = file.canonicalize().map_err(unreadable)?;
    let folder = whole.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    let kind: RuleKind = folder.parse().map_err(|kinds| {
        Stop::Usage(format!(
            "{}: the folder of a rule is its kind, {kinds}, and not {folder}",
            file.display()
        ))
    })?;
    let stem = whole.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let cases = file.with_extension("test.toml");
    let cases = cases.is_file().then(|| fs::read_to_string(&cases)).transpose().map_err(unreadable)?;
    Ok(Source {
        name: format!("{kind}/{stem}"),
        kind,
        scope: String::new(),
        version: None,
        state: None,
        has_draft: false,
        text: fs::read_to_string(file).map_err(unreadable)?,
        cases,
        file: Some(file.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_file_brings_its_kind_and_its_cases() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("score");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("own.rhai"), "fn score(kpi, ctx) { }").unwrap();
        fs::write(folder.join("own.test.toml"), "case = []").unwrap();
        let Ok(found) = in_files(&[temp.path().to_owned()]) else { panic!("refused") };
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].cases.as_deref()), ("score/own", Some("case = []")));
    }

    #[test]
    fn what_is_no_rule_is_wrong_use() {
        let temp = tempfile::tempdir().unwrap();
        let stray = temp.path().join("stray.rhai");
        fs::write(&stray, "").unwrap();
        for path in [temp.path().join("missing"), stray] {
            assert!(matches!(in_files(&[path]), Err(Stop::Usage(_))));
        }
    }
}
