//! Why a score changed since the last: the difference of two receipts, in words.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    id::Version,
    scoring::{Band, Receipt, RuleRef, Said},
    time::Timestamp,
};

/// A receipt, and what has changed since the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptView {
    #[serde(flatten)]
    pub receipt: Receipt,
    /// Absent where there is no earlier receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_since: Option<ChangedSince>,
}

/// What differs from the receipt before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangedSince {
    /// When the earlier score was made.
    pub at: Timestamp,
    /// The version of the rule that made the earlier one.
    pub version: Version,
    /// In words that a client translates as it does those of rules; empty where nothing differs.
    pub sentences: Vec<Said>,
}

/// What is said of an input, by what has become of it.
struct Wording {
    name: &'static str,
    other: &'static str,
    new: &'static str,
    gone: &'static str,
}

/// In the order in which they are told.
const INPUTS: [Wording; 6] = [
    Wording {
        name: "current",
        other: "The value went from {before} to {after}.",
        new: "There is a value now: {after}.",
        gone: "There is no value any more; it was {before}.",
    },
    Wording {
        name: "target",
        other: "The target went from {before} to {after}.",
        new: "There is a target now: {after}.",
        gone: "There is no target any more; it was {before}.",
    },
    Wording {
        name: "baseline",
        other: "The baseline went from {before} to {after}.",
        new: "There is a baseline now: {after}.",
        gone: "There is no baseline any more; it was {before}.",
    },
    Wording {
        name: "lower",
        other: "The lower bound went from {before} to {after}.",
        new: "There is a lower bound now: {after}.",
        gone: "There is no lower bound any more; it was {before}.",
    },
    Wording {
        name: "upper",
        other: "The upper bound went from {before} to {after}.",
        new: "There is an upper bound now: {after}.",
        gone: "There is no upper bound any more; it was {before}.",
    },
    Wording {
        name: "cap",
        other: "The cap went from {before} to {after} points.",
        new: "There is a cap now: {after} points.",
        gone: "There is no cap any more; it was {before} points.",
    },
];

const SCORE_OTHER: &str = "The score went from {before} to {after} points.";
const SCORE_NEW: &str = "There is a score now: {after} points.";
const SCORE_GONE: &str = "There is no score any more; it was {before} points.";
const SCORE_SAME: &str = "The score stays at {after} points.";
const GREEN: &str = "That is green now.";
const AMBER: &str = "That is amber now.";
const RED: &str = "That is red now.";
const OTHER_RULE: &str = "Another rule scores it now: {after} instead of {before}.";
const OTHER_VERSION: &str = "The rule {rule} is at version {after} now; before, it was {before}.";
const OTHER_ENGINE: &str = "Rules are run by {after} now; before, it was {before}.";
const STANDS_IN: &str = "The published version of the rule failed; version {version} stands in.";
const WORKS_AGAIN: &str = "The rule works again; before, an older version had to stand in.";
const OTHER_MEASURE: &str = "It is measured in another way now.";
const VALUES: &str = "Recorded values: {after}; before, there were {before}.";
const DONE: &str = "Milestones done: {after} of {all}; before, there were {before}.";
const OTHER_MILESTONES: &str = "The milestones are others now.";
const OTHER_BANDS: &str = "The bands begin elsewhere now: green from {green}, amber from {amber}.";
const STEP_NEW: &str = "This step is new:";
const STEP_GONE: &str = "This step is gone:";

/// Every sentence that [`between`] can say besides the steps of rules, for catalogues of translations.
pub fn sentences() -> Vec<&'static str> {
    let inputs = INPUTS.iter().flat_map(|wording| [wording.other, wording.new, wording.gone]);
    inputs
        .chain([
            SCORE_OTHER,
            SCORE_NEW,
            SCORE_GONE,
            SCORE_SAME,
            GREEN,
            AMBER,
            RED,
            OTHER_RULE,
            OTHER_VERSION,
            OTHER_ENGINE,
            STANDS_IN,
            WORKS_AGAIN,
            OTHER_MEASURE,
            VALUES,
            DONE,
            OTHER_MILESTONES,
            OTHER_BANDS,
            STEP_NEW,
            STEP_GONE,
        ])
        .collect()
}

/// What differs between two receipts of the same KPI, the most important first; nothing where nothing does. A step of a
/// rule comes as a sentence of its own behind the one that says what has become of it.
pub fn between(before: &Receipt, after: &Receipt) -> Vec<Said> {
    let mut said = Vec::new();
    score(before.score, after.score, &mut said);
    band(before.band, after.band, &mut said);
    let is_same_rule = rule(before, after, &mut said);
    trouble(before, after, &mut said);
    inputs(before, after, &mut said);
    if before.bands != after.bands {
        let values = [("green", number(after.bands.green)), ("amber", number(after.bands.amber))];
        said.push(sentence(OTHER_BANDS, values));
    }
    // With the same rule the steps follow from what was said already.
    if !is_same_rule {
        steps(STEP_NEW, &after.steps, &before.steps, &mut said);
        steps(STEP_GONE, &before.steps, &after.steps, &mut said);
    }
    if let Some(points) = after.score
        && !said.is_empty()
        && shown(before.score) == shown(after.score)
    {
        said.insert(0, sentence(SCORE_SAME, [("after", number(points))]));
    }
    said
}

fn score(before: Option<f64>, after: Option<f64>, said: &mut Vec<Said>) {
    match (before.map(number), after.map(number)) {
        (Some(before), Some(after)) if before != after => {
            said.push(sentence(SCORE_OTHER, [("before", before), ("after", after)]));
        }
        (None, Some(after)) => said.push(sentence(SCORE_NEW, [("after", after)])),
        (Some(before), None) => said.push(sentence(SCORE_GONE, [("before", before)])),
        _ => {}
    }
}

fn band(before: Band, after: Band, said: &mut Vec<Said>) {
    let pattern = match after {
        _ if before == after => return,
        Band::Green => GREEN,
        Band::Amber => AMBER,
        Band::Red => RED,
        // There is no score then, and that was said.
        Band::None => return,
    };
    said.push(Said::plain(pattern));
}

/// Whether the same version of the same rule made both.
fn rule(before: &Receipt, after: &Receipt, said: &mut Vec<Said>) -> bool {
    let (was, is) = (&before.rule, &after.rule);
    if was.id != is.id {
        let name = |rule: &RuleRef| if rule.title.is_empty() { &rule.name } else { &rule.title }.clone();
        said.push(sentence(OTHER_RULE, [("before", name(was)), ("after", name(is))]));
    } else if was.version != is.version {
        let versions = [("before", was.version.to_string()), ("after", is.version.to_string())];
        let [before, after] = versions;
        said.push(sentence(OTHER_VERSION, [("rule", is.name.clone()), before, after]));
    } else if was.engine != is.engine {
        said.push(sentence(OTHER_ENGINE, [("before", was.engine.clone()), ("after", is.engine.clone())]));
    }
    was.id == is.id && was.version == is.version
}

fn trouble(before: &Receipt, after: &Receipt, said: &mut Vec<Said>) {
    match (&before.trouble, &after.trouble) {
        (None, Some(_)) => said.push(sentence(STANDS_IN, [("version", after.rule.version.to_string())])),
        (Some(_), None) => said.push(Said::plain(WORKS_AGAIN)),
        _ => {}
    }
}

fn inputs(before: &Receipt, after: &Receipt, said: &mut Vec<Said>) {
    for Wording { name, other, new, gone } in &INPUTS {
        match (shown(amount(before, name)), shown(amount(after, name))) {
            (Some(was), Some(is)) if was != is => {
                said.push(sentence(other, [("before", was), ("after", is)]));
            }
            (None, Some(is)) => said.push(sentence(new, [("after", is)])),
            (Some(was), None) => said.push(sentence(gone, [("before", was)])),
            _ => {}
        }
    }
    if let (Some(was), Some(is)) = (shown(amount(before, "check_ins")), shown(amount(after, "check_ins")))
        && was != is
    {
        said.push(sentence(VALUES, [("before", was), ("after", is)]));
    }
    milestones(input(before, "milestones"), input(after, "milestones"), said);
    if ["kind", "direction", "rollup"].iter().any(|name| input(before, name) != input(after, name)) {
        said.push(Said::plain(OTHER_MEASURE));
    }
}

fn milestones(before: Option<&Value>, after: Option<&Value>, said: &mut Vec<Said>) {
    let (Some(Value::Array(was)), Some(Value::Array(is))) = (before, after) else { return };
    if was == is {
        return;
    }
    let done = |all: &[Value]| all.iter().filter(|one| one["done"] == true).count();
    let named = |all: &[Value]| -> Vec<(Value, Value)> {
        all.iter().map(|one| (one["title"].clone(), one["weight"].clone())).collect()
    };
    if named(was) != named(is) {
        said.push(Said::plain(OTHER_MILESTONES));
    }
    if done(was) != done(is) {
        let counts = [("before", done(was)), ("after", done(is)), ("all", is.len())];
        said.push(sentence(DONE, counts.map(|(name, count)| (name, count.to_string()))));
    }
}

/// The steps of `these` whose pattern is not among `those`.
fn steps(what: &str, these: &[Said], those: &[Said], said: &mut Vec<Said>) {
    for step in these {
        if those.iter().all(|other| other.pattern != step.pattern) {
            said.push(Said::plain(what));
            said.push(step.clone());
        }
    }
}

fn input<'a>(receipt: &'a Receipt, name: &str) -> Option<&'a Value> {
    receipt.inputs.iter().find(|input| input.name == name).map(|input| &input.value)
}

fn amount(receipt: &Receipt, name: &str) -> Option<f64> {
    input(receipt, name)?.as_f64()
}

fn shown(value: Option<f64>) -> Option<String> {
    value.map(number)
}

/// With at most four decimals, as rules write numbers.
fn number(value: f64) -> String {
    let rounded = (value * 1e4).round() / 1e4;
    // Adding zero turns -0 into 0; what is too large to be rounded is shown as it is.
    if rounded.is_finite() { (rounded + 0.0).to_string() } else { value.to_string() }
}

fn sentence<const N: usize>(pattern: &str, values: [(&str, String); N]) -> Said {
    Said::new(pattern, values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests;
