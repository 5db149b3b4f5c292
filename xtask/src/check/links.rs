//! Documents that point at a file of the project point at one that exists.

use super::Source;
use crate::project::Project;
use std::path::Path;

pub fn findings(project: &Project, sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with(".md")) {
        let folder = project.root.join(Path::new(&source.path).parent().unwrap_or(Path::new("")));
        for (index, line) in source.text.lines().enumerate() {
            for target in targets(line).filter(|target| !folder.join(target).exists()) {
                found.push(
                    source.at(index + 1, &format!("`{target}` does not exist: mend or remove the link")),
                );
            }
        }
    }
    found
}

/// The files that a line's Markdown links name; addresses and anchors left out.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let links = line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let files = links.map(|target| target.split('#').next().unwrap_or_default());
    files.filter(|file| !file.is_empty() && !file.contains(':') && !file.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::targets;

    #[test]
    fn only_links_to_files_count() {
        let line = "[a](docs/a.md#top), [b](https://example.com), [c](#here), ![d](shot.png)";
        assert_eq!(targets(line).collect::<Vec<_>>(), ["docs/a.md", "shot.png"]);
    }
}
