//! What may not be written anywhere: unfinished code, silenced lints and tests, paths of one machine.

use super::Source;

/// A piece of text, the files it is looked for in, and what to do instead. The texts are put together here so that this file does
/// not find itself.
const RUST: [(&str, &str); 6] = [
    (concat!("todo", "!("), "finish it, or leave the feature out"),
    (concat!("unimplemented", "!("), "finish it, or leave the feature out"),
    (concat!("dbg", "!("), "use `tracing`, or remove it"),
    (concat!("#[", "ignore"), "mend the test or delete it: a test that does not run proves nothing"),
    (
        concat!("#[", "allow("),
        "use #[expect(.., reason = \"..\")], which complains once it is no longer needed",
    ),
    (
        concat!("#![", "allow("),
        "use #![expect(.., reason = \"..\")], which complains once it is no longer needed",
    ),
];
const SCRIPT: [(&str, &str); 4] = [
    (concat!("test.", "only("), "it hides every other test"),
    (concat!("test.", "skip("), "mend the test or delete it: a test that does not run proves nothing"),
    (concat!("test.", "fixme("), "mend the test or delete it: a test that does not run proves nothing"),
    (concat!("waitFor", "Timeout("), "await the event itself instead of a time"),
];
const EVERYWHERE: [(&str, &str); 3] = [
    (concat!("/ro", "ot/"), "a path of one machine: take it from the environment or the project's root"),
    (concat!("/wo", "rk/"), "a path of one machine: take it from the environment or the project's root"),
    (concat!("/Use", "rs/"), "a path of one machine: take it from the environment or the project's root"),
];

pub fn findings(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        look(
            source,
            &EVERYWHERE,
            source.text.lines().enumerate().map(|(index, line)| (index + 1, line)),
            &mut found,
        );
        if source.path.ends_with(".rs") {
            look(source, &RUST, source.code(), &mut found);
        }
        if source.path.ends_with(".ts") {
            look(source, &SCRIPT, source.code(), &mut found);
        }
    }
    found
}

fn look<'a>(
    source: &Source,
    rules: &[(&str, &str)],
    lines: impl Iterator<Item = (usize, &'a str)>,
    found: &mut Vec<String>,
) {
    for (number, line) in lines {
        for (text, advice) in rules.iter().filter(|(text, _)| line.contains(text)) {
            found.push(source.at(number, &format!("`{text}`: {advice}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_code_is_found_with_its_line() {
        let text = format!("fn later() {{\n    {}\n}}\n", RUST[0].0.to_owned() + ")");
        let found = findings(&[Source { path: "api/src/later.rs".into(), text }]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("api/src/later.rs:2:"));
    }
}
