//! Every variable that the server reads stands in `.env.example`, with its meaning and default.

use super::Source;

const READER: &str = "backend/src/platform/config";
const EXAMPLE: &str = ".env.example";
/// For tests only, and therefore nothing to offer.
const HIDDEN: [&str; 1] = ["KPI_CLOCK"];

pub fn findings(sources: &[Source]) -> Vec<String> {
    let documented: Vec<&str> = sources
        .iter()
        .filter(|source| source.path == EXAMPLE)
        .flat_map(|source| source.text.lines())
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('=').map(|(name, _)| name))
        .collect();
    let mut found = Vec::new();
    for source in
        sources.iter().filter(|source| source.path.starts_with(READER) && !source.path.contains("test"))
    {
        for (line, code) in source.code() {
            for name in variables(code).filter(|name| !documented.contains(name) && !HIDDEN.contains(name)) {
                found.push(
                    source.at(
                        line,
                        &format!("{name} is missing in {EXAMPLE}: say what it does and its default"),
                    ),
                );
            }
        }
    }
    found
}

/// String literals that are names of variables.
fn variables(code: &str) -> impl Iterator<Item = &str> {
    let is_name =
        |text: &&str| text.len() > 3 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    code.split('"').skip(1).step_by(2).filter(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_without_explanation_is_found() {
        let reader = "let a = source.text(\"APP_NAME\"); let b = text(\"LOG_FILE\", \"off\");\n";
        let sources = [
            Source { path: "backend/src/platform/config.rs".into(), text: reader.into() },
            Source { path: EXAMPLE.into(), text: "# Shown to people.\n# APP_NAME=\"KPI\"\n".into() },
        ];
        let found = findings(&sources);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("LOG_FILE"));
    }
}
