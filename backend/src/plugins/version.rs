//! Which of two versions of a plugin is the newer one.

/// Whether `a` comes after `b` (semantic versioning, 11; of two pre-releases the text decides).
pub fn newer(a: &str, b: &str) -> bool {
    key(a) > key(b)
}

/// The numbers; whether it is a release; what stands behind the hyphen.
fn key(version: &str) -> (Vec<u64>, bool, &str) {
    let version = version.split('+').next().unwrap_or_default();
    let (core, pre) = version.split_once('-').unwrap_or((version, ""));
    (core.split('.').map(|part| part.parse().unwrap_or(0)).collect(), pre.is_empty(), pre)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        for (a, b) in [("1.0.1", "1.0.0"), ("1.10.0", "1.9.9"), ("2.0.0", "1.99.99"), ("1.0.0", "1.0.0-rc.1")] {
            assert!(newer(a, b), "{a} after {b}");
            assert!(!newer(b, a), "{b} before {a}");
        }
        assert!(!newer("1.0.0", "1.0.0"));
        assert!(!newer("1.0.0+a", "1.0.0+b"));
    }
}
