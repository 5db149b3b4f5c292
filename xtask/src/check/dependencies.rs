//! Every direct dependency has its row in `docs/dependencies.md`.

use super::Source;

const DOCUMENT: &str = "docs/dependencies.md";

pub fn findings(sources: &[Source]) -> Vec<String> {
    let reasons = sources.iter().find(|source| source.path == DOCUMENT).map_or("", |source| &source.text);
    let mut found = Vec::new();
    for source in sources {
        let named = match source.name() {
            "Cargo.toml" => crates(source),
            "package.json" => packages(source),
            _ => continue,
        };
        for (line, name) in named.iter().filter(|(_, name)| !reasons.contains(&format!("`{name}`"))) {
            found.push(source.at(*line, &format!("`{name}` has no row in {DOCUMENT}: say what it is for")));
        }
    }
    found
}

/// Names of the dependencies in a crate's manifest; our own crates left out.
fn crates(source: &Source) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    let mut inside = false;
    for (index, line) in source.text.lines().enumerate() {
        if let Some(section) = line.strip_prefix('[') {
            let parts: Vec<&str> = section.trim_end_matches(']').split('.').collect();
            // `[target.'cfg(unix)'.dependencies]` is a list, `[dependencies.web-sys]` names its crate in the heading.
            let lists = |part: Option<&&str>| part.is_some_and(|part| part.ends_with("dependencies"));
            inside = lists(parts.last()) && parts.first() != Some(&"workspace");
            if let [.., table, name] = parts.as_slice()
                && lists(Some(table))
            {
                named.push((index + 1, (*name).to_owned()));
            }
        } else if inside && !line.starts_with(['#', ' ']) {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            named.push((index + 1, name.to_owned()));
        }
    }
    named.retain(|(_, name)| !name.is_empty() && !name.starts_with("kpi-"));
    named
}

/// Names in the lists of a package.json that is written one name per line.
fn packages(source: &Source) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    let mut inside = false;
    for (index, line) in source.text.lines().enumerate() {
        let name = line.trim().strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(name, _)| name);
        match name {
            Some(name) if line.ends_with('{') => inside = name.ends_with("ependencies"),
            Some(name) if inside => named.push((index + 1, name.to_owned())),
            _ => inside = false,
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_manifest_line_is_understood() {
        let manifest = "[package]\nname = \"x\"\n\n[dependencies]\nkpi-api.workspace = true\nserde = \"1\"\n\n[target.'cfg(unix)'.dependencies]\ntime.workspace = true\n\n\
                        [dependencies.web-sys]\nfeatures = [\n    \"Node\",\n]\n\n[lints]\nworkspace = true\n";
        let package = "{\n  \"name\": \"x\",\n  \"devDependencies\": {\n    \"daisyui\": \"5\"\n  }\n}\n";
        let sources = [
            Source { path: DOCUMENT.into(), text: "`serde`".into() },
            Source { path: "frontend/Cargo.toml".into(), text: manifest.into() },
            Source { path: "package.json".into(), text: package.into() },
        ];
        let found = findings(&sources);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("frontend/Cargo.toml:9: `time`"), "{}", found[0]);
        assert!(found[1].contains("`web-sys`"), "{}", found[1]);
        assert!(found[2].contains("`daisyui`"), "{}", found[2]);
    }
}
