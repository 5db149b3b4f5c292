//! The rules that the address asks for, in its order. There are few: the browser has them all.

use std::cmp::Ordering;

use kpi_api::rules::{RuleState, RuleView};

use crate::core::{i18n, query::Params};

/// What the list can be narrowed by.
pub const FILTERS: [&str; 3] = ["kind", "state", "q"];

/// Retired rules are shown when asked for.
pub fn arranged<'rules>(rules: &'rules [RuleView], params: &Params) -> Vec<&'rules RuleView> {
    let mut found: Vec<&RuleView> = rules.iter().filter(|rule| fits(rule, params)).collect();
    let sort = params.get("sort").unwrap_or("kind");
    let (key, descending) = sort.strip_prefix('-').map_or((sort, false), |key| (key, true));
    found.sort_by(|one, two| {
        let order = by(key, one, two);
        let order = if descending { order.reverse() } else { order };
        order.then_with(|| one.name.cmp(&two.name))
    });
    found
}

fn fits(rule: &RuleView, params: &Params) -> bool {
    let kind = params.get("kind").is_none_or(|kind| rule.kind.as_str() == kind);
    let state = match params.get("state") {
        None => rule.state != RuleState::Retired,
        Some("trouble") => rule.trouble.is_some(),
        Some("waiting") => rule.has_draft,
        Some(state) => rule.state.as_str() == state,
    };
    let shown = [i18n::of_rule(&rule.title), i18n::of_rule(&rule.description)];
    let text = [rule.title.as_str(), &rule.name, &rule.description, &shown[0], &shown[1]];
    let text = text.map(str::to_lowercase).join(" ");
    let words = params.get("q").unwrap_or_default().to_lowercase();
    kind && state && words.split_whitespace().all(|word| text.contains(word))
}

fn by(key: &str, one: &RuleView, two: &RuleView) -> Ordering {
    let failures = |rule: &RuleView| rule.trouble.as_ref().map_or(0, |trouble| trouble.failures_7d);
    let mean = |rule: &RuleView| rule.runs.as_ref().map_or(0, |runs| runs.mean_us);
    match key {
        "title" => {
            let shown = |rule: &RuleView| i18n::of_rule(&rule.title).to_lowercase();
            shown(one).cmp(&shown(two))
        }
        "scope" => one.scope_name.cmp(&two.scope_name),
        "version" => one.version.cmp(&two.version),
        "trouble" => failures(one).cmp(&failures(two)),
        "time" => mean(one).cmp(&mean(two)),
        _ => one.kind.as_str().cmp(two.kind.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rule(id: i64, name: &str, state: &str, failures: u64) -> RuleView {
        let trouble = (failures > 0).then(|| {
            json!({ "failures_7d": failures, "last_at": "2026-11-20T09:00:00Z", "last_message": "stopped",
                "last_line": 3, "last_kpi_id": 7, "last_version": 2 })
        });
        serde_json::from_value(json!({
            "id": id, "name": name, "kind": name.split('/').next(), "scope": "global", "scope_name": null,
            "title": name, "description": "", "version": id, "state": state, "origin": "own", "has_draft": id == 2,
            "draft_offered": false, "checksum": "", "published_at": null, "effective_from": null, "trouble": trouble,
            "runs": null, "shadow": null, "revision": 1,
        }))
        .unwrap()
    }

    fn names(query: &str) -> Vec<String> {
        let rules = [
            rule(1, "validate/strict", "published", 4),
            rule(2, "score/sales", "draft", 0),
            rule(3, "score/old", "retired", 0),
            rule(4, "score/standard", "published", 9),
        ];
        arranged(&rules, &Params::parse(query)).into_iter().map(|rule| rule.name.clone()).collect()
    }

    #[test]
    fn retired_rules_come_when_asked_for() {
        assert_eq!(names(""), ["score/sales", "score/standard", "validate/strict"]);
        assert_eq!(names("state=retired"), ["score/old"]);
    }

    #[test]
    fn what_needs_somebody_is_found() {
        assert_eq!(names("state=trouble&sort=-trouble"), ["score/standard", "validate/strict"]);
        assert_eq!(names("state=waiting"), ["score/sales"]);
    }

    #[test]
    fn kind_words_and_order_come_from_the_address() {
        assert_eq!(names("kind=score&sort=-version"), ["score/standard", "score/sales"]);
        assert_eq!(names("q=STRICT"), ["validate/strict"]);
    }
}
