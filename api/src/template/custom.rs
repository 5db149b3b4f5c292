//! Fields that a template adds to its KPIs: what they are, and whether a value fits one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    check::{Check, NAME_MAX, NUMBER_MAX},
    scoring::words,
    time::Date,
};

/// How many a template may add.
pub const CUSTOM_FIELDS_MAX: usize = 20;
/// How long a text in one of them may be.
pub const CUSTOM_TEXT_MAX: usize = 1000;
/// How many choices one may have.
pub const CHOICES_MAX: usize = 50;

words! {
    CustomKind { Text = "text", Number = "number", Choice = "choice", Date = "date" }
}

/// A field that a template adds to its KPIs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomField {
    /// `[a-z0-9_]`, 1 to 40; rules read its value as `kpi.custom.<key>`.
    pub key: String,
    pub label: String,
    pub kind: CustomKind,
    /// Whether it has to be filled in before the KPI is submitted.
    #[serde(default)]
    pub required: bool,
    /// For `choice`.
    #[serde(default)]
    pub choices: Vec<String>,
}

impl CustomField {
    /// What is wrong with a value of this field, as a code and a sentence; a blank one is never wrong.
    fn fault(&self, value: &Value) -> Option<(&'static str, String)> {
        if is_blank(value) {
            return None;
        }
        match self.kind {
            CustomKind::Text => match value.as_str() {
                None => Some(("wrong_type", "A text is needed.".into())),
                Some(text) if text.chars().count() > CUSTOM_TEXT_MAX => {
                    Some(("too_long", format!("At most {CUSTOM_TEXT_MAX} characters.")))
                }
                Some(text) if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => {
                    Some(("control_characters", "Control characters are not allowed.".into()))
                }
                Some(_) => None,
            },
            CustomKind::Number => match value.as_f64() {
                None => Some(("wrong_type", "A number is needed.".into())),
                Some(number) if number.abs() > NUMBER_MAX => {
                    Some(("out_of_range", format!("Between {} and {NUMBER_MAX}.", -NUMBER_MAX)))
                }
                Some(_) => None,
            },
            CustomKind::Choice => {
                let known = value.as_str().is_some_and(|text| self.choices.iter().any(|c| c == text));
                (!known).then(|| ("unknown_value", "This is not one of the choices.".into()))
            }
            CustomKind::Date => {
                let known = serde_json::from_value::<Day>(value.clone()).is_ok();
                (!known).then(|| ("wrong_type", "A date like 2026-03-31 is needed.".into()))
            }
        }
    }
}

/// A date as it travels.
#[derive(Deserialize)]
#[serde(transparent)]
struct Day(#[expect(dead_code, reason = "only whether it can be read is asked")] Date);

/// Whether nothing is filled in.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Whether the values fit the fields; each fault under `custom_fields.<key>`.
pub fn check_values(fields: &[CustomField], values: &Map<String, Value>, check: &mut Check) {
    for (key, value) in values {
        match fields.iter().find(|field| field.key == *key) {
            Some(field) => {
                if let Some((code, message)) = field.fault(value) {
                    check.fail(&place(key), code, message);
                }
            }
            None if is_blank(value) => {}
            None => check.fail(&place(key), "unknown_field", "The template has no such field."),
        }
    }
}

/// The required fields in which nothing stands.
pub fn missing<'a>(
    fields: &'a [CustomField],
    values: &'a Map<String, Value>,
) -> impl Iterator<Item = &'a CustomField> {
    fields.iter().filter(|field| field.required && values.get(&field.key).is_none_or(is_blank))
}

/// The name under which faults of a field are told.
pub fn place(key: &str) -> String {
    format!("custom_fields.{key}")
}

/// The values as they are kept: of these fields only, numbers with a fraction so that rules do not count in whole ones,
/// blanks left out.
pub fn kept(fields: &[CustomField], values: Map<String, Value>) -> Map<String, Value> {
    values
        .into_iter()
        .filter(|(_, value)| !is_blank(value))
        .filter_map(|(key, value)| {
            let field = fields.iter().find(|field| field.key == key)?;
            let value = match (field.kind, value.as_f64()) {
                (CustomKind::Number, Some(number)) => Value::from(number),
                _ => value,
            };
            Some((key, value))
        })
        .collect()
}

/// The values that still make sense for other fields than they were filled in for.
pub fn fitting(fields: &[CustomField], values: Map<String, Value>) -> Map<String, Value> {
    let fits = |key: &str, value: &Value| {
        fields.iter().any(|field| field.key == key && field.fault(value).is_none())
    };
    kept(fields, values.into_iter().filter(|(key, value)| fits(key, value)).collect())
}

/// Whether the fields themselves are sound; `at` is their name in the request.
pub(super) fn check_definitions(at: &str, fields: Option<&[CustomField]>, check: &mut Check) {
    let fields = fields.unwrap_or_default();
    check.ensure(fields.len() <= CUSTOM_FIELDS_MAX, at, "too_many", format!("At most {CUSTOM_FIELDS_MAX}."));
    for (index, field) in fields.iter().enumerate().take(CUSTOM_FIELDS_MAX) {
        let at = |name: &str| format!("{at}.{index}.{name}");
        let key_is_good = (1..=40).contains(&field.key.len())
            && field.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        check.ensure(key_is_good, &at("key"), "invalid_key", "1 to 40 of a-z, 0-9 and _.");
        let doubled = fields[..index].iter().any(|other| other.key == field.key);
        check.ensure(!doubled, &at("key"), "duplicate", "This key stands twice.");
        check.required(&at("label"), &field.label, NAME_MAX);
        let choices_fit = (field.kind == CustomKind::Choice) != field.choices.is_empty();
        check.ensure(choices_fit, &at("choices"), "invalid", "Choices go with the kind `choice`.");
        let few = field.choices.len() <= CHOICES_MAX;
        check.ensure(few, &at("choices"), "too_many", format!("At most {CHOICES_MAX}."));
        for (number, choice) in field.choices.iter().enumerate().take(CHOICES_MAX) {
            check.required(&at("choices"), choice, NAME_MAX);
            let again = field.choices[..number].contains(choice);
            check.ensure(!again, &at("choices"), "duplicate", "This choice stands twice.");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(key: &str, kind: CustomKind) -> CustomField {
        let choices = if kind == CustomKind::Choice { vec!["North".into()] } else { vec![] };
        CustomField { key: key.into(), label: key.into(), kind, required: true, choices }
    }

    fn all() -> Vec<CustomField> {
        vec![
            field("note", CustomKind::Text),
            field("heads", CustomKind::Number),
            field("region", CustomKind::Choice),
            field("start", CustomKind::Date),
        ]
    }

    fn map(value: Value) -> Map<String, Value> {
        let Value::Object(map) = value else { panic!("an object") };
        map
    }

    fn faults(values: Value) -> Vec<String> {
        let mut check = Check::new();
        check_values(&all(), &map(values), &mut check);
        check.errors().into_iter().map(|error| format!("{} {}", error.field, error.code)).collect()
    }

    #[test]
    fn each_kind_takes_its_own_values() {
        let good = json!({ "note": "a\nb", "heads": 4, "region": "North", "start": "2026-03-31" });
        assert!(faults(good).is_empty());
        assert!(
            faults(json!({ "note": null, "heads": "", "gone": null })).is_empty(),
            "a blank is never wrong"
        );
        for (values, fault) in [
            (json!({ "note": 4 }), "custom_fields.note wrong_type"),
            (json!({ "note": "x".repeat(1001) }), "custom_fields.note too_long"),
            (json!({ "heads": "four" }), "custom_fields.heads wrong_type"),
            (json!({ "heads": 1e13 }), "custom_fields.heads out_of_range"),
            (json!({ "region": "East" }), "custom_fields.region unknown_value"),
            (json!({ "region": 1 }), "custom_fields.region unknown_value"),
            (json!({ "start": "31.3.2026" }), "custom_fields.start wrong_type"),
            (json!({ "start": "2026-02-30" }), "custom_fields.start wrong_type"),
            (json!({ "other": "x" }), "custom_fields.other unknown_field"),
        ] {
            assert_eq!(faults(values.clone()), [fault], "{values}");
        }
    }

    #[test]
    fn what_is_required_and_blank_is_missing() {
        let values = map(json!({ "note": " ", "heads": 0, "region": null }));
        let fields = all();
        let keys: Vec<&str> = missing(&fields, &values).map(|field| field.key.as_str()).collect();
        assert_eq!(keys, ["note", "region", "start"]);
    }

    #[test]
    fn numbers_are_kept_with_a_fraction_and_blanks_not_at_all() {
        let values = map(json!({ "heads": 4, "note": "", "gone": "x" }));
        let kept = kept(&all(), values);
        assert_eq!(serde_json::to_string(&kept).unwrap(), r#"{"heads":4.0}"#);
    }

    #[test]
    fn only_what_still_fits_is_taken_along() {
        let values = map(json!({ "region": "South", "note": "ok", "gone": "x" }));
        assert_eq!(Value::Object(fitting(&all(), values)), json!({ "note": "ok" }));
    }
}
