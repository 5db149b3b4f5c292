//! The fields of a template in the order and groups of the editor.

use kpi_api::{
    kpi::{Category, defaults},
    scoring::{Direction, Kind, Rollup},
};
use serde_json::{Map, Value, json};
use yew::AttrValue;

use crate::{core::i18n, t};

/// How a field is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editor {
    Line,
    Text,
    /// In the KPI's unit.
    Measure,
    Number,
    /// Without decimal places.
    Whole,
    /// One word of a group of [`i18n::word`].
    Word,
    Tags,
    Milestones,
    CustomFields,
    Evidence,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Spec {
    pub name: &'static str,
    pub editor: Editor,
}

const fn spec(name: &'static str, editor: Editor) -> Spec {
    Spec { name, editor }
}

pub const ABOUT: [Spec; 5] = [
    spec("title", Editor::Line),
    spec("description", Editor::Text),
    spec("measurement_method", Editor::Text),
    spec("category", Editor::Word),
    spec("tags", Editor::Tags),
];
pub const MEASURE: [Spec; 10] = [
    spec("kind", Editor::Word),
    spec("unit", Editor::Line),
    spec("decimals", Editor::Whole),
    spec("direction", Editor::Word),
    spec("baseline", Editor::Measure),
    spec("target", Editor::Measure),
    spec("stretch", Editor::Measure),
    spec("lower", Editor::Measure),
    spec("upper", Editor::Measure),
    spec("rollup", Editor::Word),
];
pub const PARTS: [Spec; 2] =
    [spec("milestones", Editor::Milestones), spec("custom_fields", Editor::CustomFields)];
pub const COURSE: [Spec; 4] = [
    spec("weight", Editor::Number),
    spec("cap", Editor::Number),
    spec("check_in_days", Editor::Whole),
    spec("evidence", Editor::Evidence),
];

/// The groups with their titles.
pub fn groups() -> [(AttrValue, &'static [Spec]); 4] {
    [
        (t!("templates.group_about"), &ABOUT),
        (t!("templates.group_measure"), &MEASURE),
        (t!("templates.group_parts"), &PARTS),
        (t!("templates.group_course"), &COURSE),
    ]
}

/// Whether a field means anything for a KPI with these values; one that is set is always shown.
pub fn applies(name: &str, all: &Map<String, Value>) -> bool {
    let kind = all
        .get("kind")
        .and_then(Value::as_str)
        .and_then(|kind| kind.parse().ok())
        .unwrap_or(defaults::kind());
    let is_range = all.get("direction").and_then(Value::as_str) == Some(Direction::InRange.as_str());
    let is_counted = matches!(kind, Kind::Number | Kind::Percentage);
    match name {
        "unit" | "decimals" | "direction" | "rollup" => is_counted,
        "baseline" | "target" | "stretch" => is_counted && !is_range,
        "lower" | "upper" => is_counted && is_range,
        "milestones" => kind == Kind::Milestones,
        _ => true,
    }
}

/// What a field starts with when it is set here and nothing is inherited.
pub fn first_value(spec: &Spec) -> Value {
    match (spec.editor, spec.name) {
        (Editor::Line | Editor::Text, _) => json!(""),
        (Editor::Measure, _) => Value::Null,
        (Editor::Number, "cap") => json!(120.0),
        (Editor::Number, _) => json!(defaults::weight()),
        (Editor::Whole, "decimals") => json!(0),
        (Editor::Whole, _) => json!(14),
        (Editor::Word, "category") => json!(defaults::category()),
        (Editor::Word, "kind") => json!(defaults::kind()),
        (Editor::Word, "direction") => json!(defaults::direction()),
        (Editor::Word, _) => json!(defaults::rollup()),
        (Editor::Tags, _) => json!([]),
        (Editor::Milestones, _) => json!([{ "title": "", "weight": 1.0, "done": false }]),
        (Editor::CustomFields, _) => {
            json!([{ "key": "", "label": "", "kind": "text", "required": false, "choices": [] }])
        }
        (Editor::Evidence, _) => json!({ "count": 1, "kinds": [] }),
    }
}

/// The choices of a field that takes one word.
pub fn words(name: &str) -> Vec<(AttrValue, AttrValue)> {
    let values: Vec<&'static str> = match name {
        "category" => Category::ALL.iter().map(|value| value.as_str()).collect(),
        "kind" => Kind::ALL.iter().map(|value| value.as_str()).collect(),
        "direction" => Direction::ALL.iter().map(|value| value.as_str()).collect(),
        _ => Rollup::ALL.iter().map(|value| value.as_str()).collect(),
    };
    values.into_iter().map(|value| (value.into(), i18n::word(name, value))).collect()
}

#[cfg(test)]
mod tests {
    use kpi_api::template::TemplateFields;

    use super::*;

    #[test]
    fn every_field_has_its_place_and_starts_readable() {
        let all: Vec<&Spec> = ABOUT.iter().chain(&MEASURE).chain(&PARTS).chain(&COURSE).collect();
        let started: Map<String, Value> = all
            .iter()
            .map(|spec| (spec.name.to_owned(), first_value(spec)))
            .map(|(name, value)| (name, if value.is_null() { json!(1.0) } else { value }))
            .collect();
        let fields: TemplateFields = serde_json::from_value(Value::Object(started)).unwrap();
        assert_eq!(fields.set_fields().len(), all.len());
    }

    #[test]
    fn a_range_takes_the_place_of_a_target() {
        let range = Map::from_iter([("direction".to_owned(), json!("in_range"))]);
        assert!(applies("lower", &range) && !applies("target", &range));
        assert!(applies("target", &Map::new()) && !applies("milestones", &Map::new()));
    }
}
