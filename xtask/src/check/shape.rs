//! Size, names and opening of source files.

use super::Source;

const LONGEST: usize = 400;
const VAGUE: [&str; 5] = ["utils", "helpers", "common", "misc", "manager"];

pub fn findings(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let code = [".rs", ".ts", ".mjs"].iter().any(|ending| source.path.ends_with(ending));
        if !code {
            continue;
        }
        let lines = source.text.lines().count();
        if lines > LONGEST {
            found.push(
                source.at(LONGEST, &format!("{lines} lines: split it by responsibility (limit {LONGEST})")),
            );
        }
        let parts = source.path.split(['/', '.']);
        if let Some(vague) = parts.into_iter().find(|part| VAGUE.contains(part)) {
            found.push(
                source.at(
                    1,
                    &format!("`{vague}` says nothing: name the file after what it is responsible for"),
                ),
            );
        }
        let opening = source.text.lines().next().unwrap_or_default();
        // The tests of a module in a file beside it need no introduction.
        let is_aside =
            ["tests.rs", "_tests.rs", "_test.rs"].iter().any(|ending| source.name().ends_with(ending));
        if source.path.ends_with(".rs") && !is_aside && !opening.starts_with("//!") {
            found.push(source.at(1, "open the file with a `//!` sentence that says what it is for"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_vague_and_silent_files_are_found() {
        let long = "//! Long.\n".to_owned() + &"x\n".repeat(400);
        let sources = [
            Source { path: "api/src/long.rs".into(), text: long },
            Source { path: "backend/src/utils.rs".into(), text: "//! Things.\n".into() },
            Source { path: "backend/src/kpi/mod.rs".into(), text: "use std::fmt;\n".into() },
            Source { path: "backend/src/kpi/state.rs".into(), text: "//! The life of a KPI.\n".into() },
        ];
        assert_eq!(findings(&sources).len(), 3);
    }
}
