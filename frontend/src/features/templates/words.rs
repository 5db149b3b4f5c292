//! Values of a template in words, for what is inherited and for the preview.

use kpi_api::{
    scoring::Milestone,
    template::{CustomField, EvidenceContract},
};
use serde_json::{Map, Value};
use yew::AttrValue;

use super::fields::{Editor, Spec};
use crate::{
    core::{format, i18n},
    t, tn,
    widgets::receipt::written,
};

/// A value of a field; `all` are the fields it stands among, for the unit.
pub fn said(spec: &Spec, value: &Value, all: &Map<String, Value>) -> AttrValue {
    match spec.editor {
        Editor::Word => i18n::word(spec.name, value.as_str().unwrap_or_default()),
        Editor::Measure => measure(value, all).into(),
        Editor::Number if spec.name == "weight" => t!("templates.percent", value = written(value)),
        Editor::Number => t!("templates.points", value = written(value)),
        Editor::Whole if spec.name == "check_in_days" => {
            tn!("templates.days", value.as_i64().unwrap_or_default())
        }
        Editor::Milestones => {
            let titles: Vec<String> =
                read::<Vec<Milestone>>(value).into_iter().map(|milestone| milestone.title).collect();
            titles.join(" · ").into()
        }
        Editor::CustomFields => {
            let labels: Vec<String> =
                read::<Vec<CustomField>>(value).into_iter().map(|field| field.label).collect();
            labels.join(" · ").into()
        }
        Editor::Evidence => evidence(&read(value)),
        Editor::Line | Editor::Text | Editor::Whole | Editor::Tags => written(value).into(),
    }
}

/// A measured value with its unit and decimal places.
pub fn measure(value: &Value, all: &Map<String, Value>) -> String {
    let unit = unit(all);
    let decimals =
        all.get("decimals").and_then(Value::as_u64).and_then(|decimals| u8::try_from(decimals).ok());
    match (value.as_f64(), decimals) {
        (Some(number), None) if unit.is_empty() => format::plain(number),
        (Some(number), None) => format!("{}\u{a0}{unit}", format::plain(number)),
        (number, decimals) => format::value(number, decimals.unwrap_or_default(), &unit),
    }
}

/// The unit; a percentage has its sign without being told.
pub fn unit(all: &Map<String, Value>) -> String {
    let own = all.get("unit").and_then(Value::as_str).unwrap_or_default();
    let is_percentage = all.get("kind").and_then(Value::as_str) == Some("percentage");
    if own.is_empty() && is_percentage { "%".to_owned() } else { own.to_owned() }
}

/// What has to be attached before a result may be submitted.
pub fn evidence(contract: &EvidenceContract) -> AttrValue {
    match (contract.count, contract.kinds.as_slice()) {
        (0, []) => t!("templates.no_evidence"),
        (count, []) => tn!("templates.files", count),
        (0, kinds) => t!("templates.files_of", kinds = kinds.join(", ")),
        (count, kinds) => {
            t!("templates.files_and_kinds", files = tn!("templates.files", count), kinds = kinds.join(", "))
        }
    }
}

pub fn read<T: serde::de::DeserializeOwned + Default>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_percentage_has_its_sign_without_being_told() {
        let all = Map::from_iter([("kind".to_owned(), json!("percentage"))]);
        assert_eq!(measure(&json!(12.5), &all), "12.5\u{a0}%");
        assert_eq!(measure(&json!(3), &Map::new()), "3");
    }
}
