//! The shipped rules do what their cases say.

use kpi_engine::{Engine, cases, shipped};

#[test]
fn every_shipped_rule_passes_its_cases() {
    let engine = Engine::default();
    for shipped in shipped() {
        let rule = engine.compile(shipped.kind, shipped.source).unwrap_or_else(|found| panic!("{found:?}"));
        assert!(
            !rule.title().is_empty() && !rule.description().is_empty(),
            "{} has no heading",
            shipped.name
        );
        let results = cases::run(&engine, &rule, shipped.cases).expect("the case file can be read");
        assert!(!results.is_empty());
        for result in results {
            assert!(result.passed, "{}, case `{}`: {}", shipped.name, result.name, result.detail);
        }
    }
}
