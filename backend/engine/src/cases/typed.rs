//! Cases as they travel, with only the facts that matter, and as they are kept: a case file.

use std::fmt::Write;

use kpi_api::{error::FieldError, rules::cases::TestCase};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{Case, CaseFileError, Expected, fault};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Kept>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    name: String,
    #[serde(default)]
    kpi: Map<String, Value>,
    #[serde(default)]
    ctx: Map<String, Value>,
    expect: Expected,
}

/// The cases of a file as they travel.
pub fn typed(toml: &str) -> Result<Vec<TestCase>, CaseFileError> {
    super::parse(toml)?;
    let file: File = toml::from_str(toml).map_err(|error| fault(toml, &error))?;
    let cases = file.case.into_iter().map(|kept| TestCase {
        name: kept.name,
        kpi: kept.kpi,
        ctx: kept.ctx,
        expected: kept.expect,
    });
    Ok(cases.collect())
}

/// Cases ready to run, or which field of which one cannot be read (`cases.0.kpi`).
pub fn read(cases: &[TestCase]) -> Result<Vec<Case>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut read = Vec::with_capacity(cases.len());
    for (index, case) in cases.iter().enumerate() {
        let mut fail = |part: &str, message: String| {
            errors.push(FieldError::new(format!("cases.{index}.{part}"), "invalid", message));
        };
        if case.name.trim().is_empty() {
            fail("name", "Fill this in.".into());
        }
        match (facts(&case.kpi), facts(&case.ctx)) {
            (Ok(kpi), Ok(ctx)) => {
                read.push(Case { name: case.name.clone(), kpi, ctx, expect: case.expected.clone() });
            }
            (kpi, ctx) => {
                if let Err(message) = kpi {
                    fail("kpi", message);
                }
                if let Err(message) = ctx {
                    fail("ctx", message);
                }
            }
        }
    }
    if errors.is_empty() { Ok(read) } else { Err(errors) }
}

/// Facts of which only some are given; why they are none otherwise.
pub fn facts<T: DeserializeOwned>(given: &Map<String, Value>) -> Result<T, String> {
    serde_json::from_value(Value::Object(given.clone())).map_err(|fault| format!("{fault}."))
}

/// The facts that differ from the usual.
pub fn given<T: Serialize + Default>(facts: &T) -> Map<String, Value> {
    let (Ok(Value::Object(mut facts)), Ok(usual)) =
        (serde_json::to_value(facts), serde_json::to_value(T::default()))
    else {
        return Map::new();
    };
    leave_out(&mut facts, &usual);
    facts
}

fn leave_out(facts: &mut Map<String, Value>, usual: &Value) {
    facts.retain(|name, value| {
        let usual = usual.get(name);
        if let (Value::Object(inner), Some(usual @ Value::Object(_))) = (&mut *value, usual) {
            leave_out(inner, usual);
            return !inner.is_empty();
        }
        usual != Some(value)
    });
}

/// A case file of these cases. What is `null` is left out: a case file has no word for it.
pub fn write(cases: &[TestCase]) -> String {
    let mut file = String::new();
    for (index, case) in cases.iter().enumerate() {
        if index > 0 {
            file.push('\n');
        }
        // Writing to a String cannot fail.
        let _ = writeln!(file, "[[case]]\nname = {}", toml::Value::from(case.name.as_str()));
        for (part, facts) in [("kpi", &case.kpi), ("ctx", &case.ctx)] {
            if let Some(table) = table(&Value::Object(facts.clone())).filter(|_| !facts.is_empty()) {
                let _ = writeln!(file, "{part} = {table}");
            }
        }
        let expected = serde_json::to_value(&case.expected).unwrap_or_default();
        let expected = table(&expected).unwrap_or_else(|| toml::Value::Table(toml::Table::new()));
        let _ = writeln!(file, "expect = {expected}");
    }
    if cases.is_empty() {
        file.push_str("case = []\n");
    }
    file
}

fn table(value: &Value) -> Option<toml::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(yes) => toml::Value::Boolean(*yes),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => toml::Value::Integer(whole),
            None => toml::Value::Float(number.as_f64()?),
        },
        Value::String(text) => toml::Value::String(text.clone()),
        Value::Array(items) => toml::Value::Array(items.iter().filter_map(table).collect()),
        Value::Object(entries) => {
            let entries = entries.iter().filter_map(|(key, value)| Some((key.clone(), table(value)?)));
            toml::Value::Table(entries.collect())
        }
    })
}

#[cfg(test)]
mod tests {
    use kpi_api::scoring::{Band, Direction};
    use serde_json::json;

    use super::*;
    use crate::{ContextFacts, KpiFacts, shipped};

    #[test]
    fn what_is_written_reads_the_same() {
        for shipped in shipped() {
            let cases = typed(shipped.cases).unwrap();
            let written = write(&cases);
            assert_eq!(typed(&written).unwrap(), cases, "{written}");
            assert_eq!(super::super::parse(&written).unwrap(), read(&cases).unwrap());
        }
        assert_eq!(typed(&write(&[])).unwrap(), []);
    }

    #[test]
    fn names_and_texts_of_any_sort_survive() {
        for text in ["", "a \"quoted\" one", "two\nlines", "'''", "back\\slash", "[[case]]", "ж \u{1F600}"] {
            let case = TestCase {
                name: format!("n {text}"),
                kpi: Map::from_iter([("title".into(), text.into()), ("target".into(), 0.1.into())]),
                expected: Expected { steps: vec![text.into()], band: Some(Band::Red), ..Expected::default() },
                ..TestCase::default()
            };
            assert_eq!(typed(&write(std::slice::from_ref(&case))).unwrap(), [case]);
        }
    }

    #[test]
    fn only_what_differs_from_the_usual_is_given() {
        let mut kpi = KpiFacts { direction: Direction::Decrease, target: Some(5.0), ..KpiFacts::default() };
        kpi.owner.name = "Emil".into();
        let given = given(&kpi);
        let expected = json!({ "direction": "decrease", "target": 5.0, "owner": { "name": "Emil" } });
        assert_eq!(Value::Object(given.clone()), expected);
        assert_eq!(facts::<KpiFacts>(&given).unwrap(), kpi);
        assert!(super::given(&ContextFacts::default()).is_empty());
    }

    #[test]
    fn what_is_no_fact_is_named() {
        let case = |kpi: Value| TestCase {
            name: "x".into(),
            kpi: kpi.as_object().unwrap().clone(),
            ..TestCase::default()
        };
        for bad in [json!({ "tagret": 5 }), json!({ "target": "five" }), json!({ "start": "tomorrow" })] {
            let errors = read(&[case(json!({})), case(bad)]).unwrap_err();
            assert_eq!(errors[0].field, "cases.1.kpi");
        }
    }
}
