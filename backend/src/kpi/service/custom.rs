//! The values of the fields that the template has added: whether they fit, and what is still missing.

use kpi_api::{
    check::Check,
    error::FieldError,
    kpi::KpiNew,
    scoring::{Finding, Said, Severity},
    template::custom::{self, CustomField},
};
use serde_json::{Map, Value};

use crate::platform::failure::{Failure, Outcome};

/// Checks the values of a definition and keeps them as rules read them. What already stood in `before` stays as it is:
/// nobody has to put right what they did not touch.
pub fn settle(
    fields: &[CustomField],
    before: &Map<String, Value>,
    definition: &mut KpiNew,
) -> Result<(), Vec<FieldError>> {
    let (same, changed): (Map<_, _>, Map<_, _>) = std::mem::take(&mut definition.custom_fields)
        .into_iter()
        .partition(|(key, value)| before.get(key) == Some(value));
    let mut check = Check::new();
    custom::check_values(fields, &changed, &mut check);
    check.done()?;
    definition.custom_fields = custom::kept(fields, changed);
    definition.custom_fields.extend(same.into_iter().filter(|(_, value)| !value.is_null()));
    Ok(())
}

/// 422 with every required field in which nothing stands.
pub fn ensure_filled(fields: &[CustomField], values: &Map<String, Value>) -> Outcome<()> {
    let missing = custom::missing(fields, values)
        .map(|field| FieldError::new(custom::place(&field.key), "required", "Fill this in."));
    let missing: Vec<FieldError> = missing.collect();
    if missing.is_empty() { Ok(()) } else { Err(Failure::invalid(missing)) }
}

/// What [`ensure_filled`] would refuse, as the validation rules would say it.
pub fn findings(fields: &[CustomField], values: &Map<String, Value>) -> Vec<Finding> {
    let missing = custom::missing(fields, values).map(|field| Finding {
        severity: Severity::Error,
        field: custom::place(&field.key),
        message: Said::new("Fill in “{field}”.", [("field".to_owned(), field.label.clone())].into()),
    });
    missing.collect()
}

#[cfg(test)]
mod tests {
    use kpi_api::{template::CustomKind, time::Quarter};
    use serde_json::json;

    use super::*;

    fn heads() -> Vec<CustomField> {
        let (key, label) = ("heads".to_owned(), "Heads".to_owned());
        vec![CustomField { key, label, kind: CustomKind::Number, required: true, choices: vec![] }]
    }

    fn map(value: Value) -> Map<String, Value> {
        let Value::Object(map) = value else { panic!("an object") };
        map
    }

    fn settled(before: Value, after: Value) -> Result<Value, Vec<FieldError>> {
        let mut kpi = KpiNew::blank(2026, Quarter::Q1);
        kpi.custom_fields = map(after);
        settle(&heads(), &map(before), &mut kpi)?;
        Ok(Value::Object(kpi.custom_fields))
    }

    #[test]
    fn what_nobody_touched_is_not_looked_at() {
        let kept = settled(json!({ "gone": "x" }), json!({ "gone": "x", "heads": 3 })).unwrap();
        assert_eq!(kept.to_string(), r#"{"gone":"x","heads":3.0}"#);
        let refused = settled(json!({ "gone": "x" }), json!({ "gone": "y" })).unwrap_err();
        assert_eq!(
            (refused[0].field.as_str(), refused[0].code.as_str()),
            ("custom_fields.gone", "unknown_field")
        );
        assert_eq!(settled(json!({ "heads": 3.0 }), json!({ "heads": null })).unwrap(), json!({}));
    }

    #[test]
    fn what_is_missing_is_named_by_its_label() {
        let found = findings(&heads(), &Map::new());
        assert_eq!(found[0].message.text, "Fill in “Heads”.");
        assert!(ensure_filled(&heads(), &Map::new()).is_err());
        assert!(findings(&heads(), &map(json!({ "heads": 0 }))).is_empty());
    }
}
