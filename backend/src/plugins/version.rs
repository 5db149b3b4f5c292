//! Which of two versions of a plugin is the newer one.

use semver::Version;

/// Whether `a` comes after `b`. A text that is no version comes before all that are.
pub fn newer(a: &str, b: &str) -> bool {
    Version::parse(a).ok().map(without_build) > Version::parse(b).ok().map(without_build)
}

/// What stands behind the plus sign says nothing of the order (semantic versioning, 10).
fn without_build(version: Version) -> Version {
    Version { build: semver::BuildMetadata::EMPTY, ..version }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        for (a, b) in [("1.0.1", "1.0.0"), ("1.10.0", "1.9.9"), ("2.0.0", "1.99.99"), ("1.0.0", "1.0.0-rc.1")]
        {
            assert!(newer(a, b), "{a} after {b}");
            assert!(!newer(b, a), "{b} before {a}");
        }
        assert!(!newer("1.0.0", "1.0.0"));
        assert!(!newer("1.0.0+b", "1.0.0+a"));
    }
}
