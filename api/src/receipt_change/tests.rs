//! Golden pairs of receipts.

use serde_json::json;

use super::*;
use crate::{
    id::RuleId,
    scoring::{Bands, Input},
};

fn receipt(score: Option<f64>, inputs: Value) -> Receipt {
    let rule = RuleRef {
        id: RuleId(1),
        name: "score/standard".into(),
        title: "Standard scoring".into(),
        version: Version(1),
        checksum: "c1".into(),
        engine: "rhai-1.27.0/1".into(),
    };
    let inputs = inputs.as_object().cloned().unwrap_or_default();
    Receipt {
        rule,
        inputs: inputs.into_iter().map(|(name, value)| Input { name, value }).collect(),
        steps: vec![Said::plain("One."), Said::plain("Two.")],
        score,
        progress_percentage: score,
        attainment: score.map(|points| points / 100.0),
        cap: 120.0,
        band: Bands::default().of(score),
        bands: Bands::default(),
        trouble: None,
    }
}

fn texts(before: &Receipt, after: &Receipt) -> Vec<String> {
    between(before, after).into_iter().map(|said| said.text).collect()
}

#[test]
fn what_is_the_same_needs_no_words() {
    let one = receipt(Some(50.0), json!({ "current": 100, "target": 200 }));
    assert_eq!(texts(&one, &one), [""; 0]);
}

#[test]
fn a_new_value_explains_the_score() {
    let before = receipt(Some(20.0), json!({ "current": 40, "target": 200, "check_ins": 1 }));
    let mut after = receipt(Some(27.5), json!({ "current": 55, "target": 200, "check_ins": 2 }));
    // The same rule says other steps, which is no news.
    after.steps = vec![Said::plain("Three.")];
    assert_eq!(
        texts(&before, &after),
        [
            "The score went from 20 to 27.5 points.",
            "The value went from 40 to 55.",
            "Recorded values: 2; before, there were 1."
        ]
    );
}

#[test]
fn a_new_version_is_named_with_its_steps() {
    let before = receipt(Some(75.0), json!({ "current": 150, "cap": 120 }));
    let mut after = receipt(Some(90.0), json!({ "current": 150, "cap": 100 }));
    after.rule.version = Version(2);
    after.steps = vec![Said::plain("Two."), Said::plain("Three.")];
    assert_eq!(
        texts(&before, &after),
        [
            "The score went from 75 to 90 points.",
            "That is green now.",
            "The rule score/standard is at version 2 now; before, it was 1.",
            "The cap went from 120 to 100 points.",
            "This step is new:",
            "Three.",
            "This step is gone:",
            "One.",
        ]
    );
    let other = Receipt { score: before.score, band: before.band, ..after.clone() };
    assert_eq!(texts(&before, &other)[0], "The score stays at 75 points.");
}

#[test]
fn what_comes_and_goes_is_told() {
    let none = receipt(None, json!({ "current": null, "target": 10 }));
    let some = receipt(Some(71.0), json!({ "current": 7.1, "target": null }));
    assert_eq!(
        texts(&none, &some),
        [
            "There is a score now: 71 points.",
            "That is amber now.",
            "There is a value now: 7.1.",
            "There is no target any more; it was 10.",
        ]
    );
    assert_eq!(
        texts(&some, &none),
        [
            "There is no score any more; it was 71 points.",
            "There is no value any more; it was 7.1.",
            "There is a target now: 10.",
        ]
    );
}

#[test]
fn another_rule_trouble_bands_and_measures_are_told() {
    let before = receipt(Some(50.0), json!({ "kind": "number", "direction": "increase" }));
    let mut after = receipt(Some(50.0), json!({ "kind": "number", "direction": "decrease" }));
    after.rule = RuleRef { id: RuleId(2), title: "Sales".into(), ..after.rule };
    after.bands = Bands { green: 95.0, amber: 40.0 };
    after.band = Band::Amber;
    after.trouble = Some("it failed".into());
    assert_eq!(
        texts(&before, &after),
        [
            "The score stays at 50 points.",
            "That is amber now.",
            "Another rule scores it now: Sales instead of Standard scoring.",
            "The published version of the rule failed; version 1 stands in.",
            "It is measured in another way now.",
            "The bands begin elsewhere now: green from 95, amber from 40.",
        ]
    );
    assert!(texts(&after, &before).contains(&WORKS_AGAIN.to_owned()));
    let mut newer = before.clone();
    newer.rule.engine = "rhai-2/1".into();
    assert_eq!(texts(&before, &newer)[1], "Rules are run by rhai-2/1 now; before, it was rhai-1.27.0/1.");
}

#[test]
fn milestones_are_counted() {
    let of = |done: [bool; 2], title: &str| {
        let all = json!([{ "title": title, "weight": 1, "done": done[0] }, { "title": "B", "weight": 1, "done": done[1] }]);
        receipt(Some(50.0), json!({ "milestones": all }))
    };
    let [one, two] = [of([true, false], "A"), of([true, true], "A")];
    assert_eq!(texts(&one, &two)[1], "Milestones done: 2 of 2; before, there were 1.");
    assert_eq!(texts(&one, &of([true, false], "C"))[1], OTHER_MILESTONES);
}

#[test]
fn numbers_read_as_in_rules() {
    for (value, text) in [(100.0 / 3.0, "33.3333"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (1_250_000.0, "1250000")]
    {
        assert_eq!(number(value), text);
    }
}

#[test]
fn no_sentence_stands_twice() {
    let mut all = sentences();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}
