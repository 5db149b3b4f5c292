//! What the list and the pages about one rule say of it.

use kpi_api::{
    rules::{RuleState, RuleView},
    time::Period,
};
use yew::prelude::*;

use crate::{
    core::{format, i18n},
    t,
    ui::{Badge, IconName, Tone},
};

/// For whom a rule is: everybody, a department, a template.
pub fn scope(scope: &str, name: Option<&str>) -> AttrValue {
    let named = |id: &str| name.map_or_else(|| format!("#{id}"), ToOwned::to_owned);
    match scope.split_once(':') {
        Some(("department", id)) => t!("rules.scope_department", name = named(id)),
        Some(("template", id)) => t!("rules.scope_template", name = named(id)),
        _ => t!("rules.scope_global"),
    }
}

/// Where it comes from, unless it was written here.
pub fn origin(origin: &str) -> Option<AttrValue> {
    match origin.split_once(':') {
        Some(("plugin", id)) => Some(t!("rules.from_plugin", id = id)),
        _ if origin == "shipped" => Some(t!("rules.shipped")),
        _ => None,
    }
}

pub fn state(rule: &RuleView) -> Html {
    let (tone, icon) = match rule.state {
        RuleState::Draft => (Tone::Neutral, IconName::Pencil),
        RuleState::Published => (Tone::Good, IconName::CheckCircle),
        RuleState::Retired => (Tone::Neutral, IconName::Ban),
    };
    html! { <Badge label={i18n::word("rule_state", rule.state.as_str())} {tone} {icon} /> }
}

/// Microseconds as people read them.
pub fn time(us: u64) -> AttrValue {
    let ms = us as f64 / 1_000.0;
    t!("rules.ms", ms = if ms < 10.0 { format::number(ms, 2) } else { format::number(ms, 0) })
}

/// The quarters, one after the other.
pub fn quarters(quarters: &[Period]) -> String {
    quarters.iter().map(|period| format::period(*period).to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_named_and_else_numbered() {
        assert!(scope("department:7", Some("Sales")).contains("Sales"));
        assert!(scope("template:7", None).contains("#7"));
        assert_ne!(scope("global", None), scope("department:1", None));
    }

    #[test]
    fn what_was_written_here_needs_no_origin() {
        assert_eq!(origin("own"), None);
        assert!(origin("plugin:okr").is_some_and(|words| words.contains("okr")));
        assert!(origin("shipped").is_some());
    }

    #[test]
    fn short_times_keep_their_decimals() {
        assert!(time(180).contains("0.18"), "{}", time(180));
        assert!(time(21_400).contains("21") && !time(21_400).contains("21.4"));
    }
}
