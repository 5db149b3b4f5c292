//! JSON as scripts hold it, and back. Every byte that is made is taken from the run's budget.

use std::sync::Arc;

use rhai::{Array, Dynamic, ImmutableString, Map};
use serde_json::Value;

use super::Given;
use crate::{
    language::{dates::Day, failure, kind},
    record::{Look, Record},
    run::{self, Failure},
};

/// Values nested deeper are refused, in both directions.
const NESTING: usize = 32;

/// What the host gives, as the script gets it.
pub(super) fn given(given: Given) -> Result<Dynamic, Failure> {
    match given {
        Given::Data(value) => made(&value, NESTING),
        Given::Facts { value, maps } => facts(&value, maps, NESTING),
    }
}

/// Maps, arrays and scalars, all of them the script's own.
pub(super) fn made(value: &Value, depth: usize) -> Result<Dynamic, Failure> {
    let deeper = || depth.checked_sub(1).ok_or_else(|| failure("this is nested too deeply"));
    Ok(match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(yes) => (*yes).into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.into(),
            (None, Some(broken)) => broken.into(),
            (None, None) => Dynamic::UNIT,
        },
        Value::String(text) => {
            run::charge(text.len())?;
            text.as_str().into()
        }
        Value::Array(items) => {
            run::array_of(items.len())?;
            run::charge(32 + 16 * items.len())?;
            let depth = deeper()?;
            items.iter().map(|item| made(item, depth)).collect::<Result<Array, Failure>>()?.into()
        }
        Value::Object(entries) => {
            run::map_of(entries.len())?;
            run::charge(64 + entries.keys().map(|key| 64 + key.len()).sum::<usize>())?;
            let depth = deeper()?;
            let map: Result<Map, Failure> =
                entries.iter().map(|(key, value)| Ok((key.as_str().into(), made(value, depth)?))).collect();
            map?.into()
        }
    })
}

/// Records instead of maps, but under some names. Each is a copy, also of what is only looked into on the way to a field.
fn facts(value: &Value, maps: &'static [&'static str], depth: usize) -> Result<Dynamic, Failure> {
    let deeper = depth.checked_sub(1).ok_or_else(|| failure("this is nested too deeply"))?;
    match value {
        Value::Array(items) => {
            run::array_of(items.len())?;
            run::charge(32 + 16 * items.len())?;
            Ok(items.iter().map(|item| facts(item, maps, deeper)).collect::<Result<Array, Failure>>()?.into())
        }
        Value::Object(_) => {
            run::charge(weight(value))?;
            Ok(Dynamic::from(Record::of(Fact { value: value.clone(), maps })))
        }
        scalar => made(scalar, depth),
    }
}

/// An object of the host's, to be looked into.
struct Fact {
    value: Value,
    maps: &'static [&'static str],
}

impl Look for Fact {
    fn name(&self) -> &'static str {
        "record"
    }

    fn look(&self, field: &str) -> Option<Dynamic> {
        let value = self.value.get(field)?;
        let made =
            if self.maps.contains(&field) { made(value, NESTING) } else { facts(value, self.maps, NESTING) };
        // Beyond the budget the run is over at its next step, whatever is returned here.
        Some(made.unwrap_or(Dynamic::UNIT))
    }

    fn nearest(&self, field: &str) -> Option<&str> {
        let names = self.value.as_object()?.keys().map(String::as_str);
        crate::nearest::nearest(field, names)
    }

    fn data(&self) -> Option<&Value> {
        Some(&self.value)
    }
}

/// Bytes that an object takes, about.
fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 32,
        Value::String(text) => 32 + text.len(),
        Value::Array(items) => 32 + items.iter().map(weight).sum::<usize>(),
        Value::Object(entries) => {
            64 + entries.iter().map(|(key, value)| 32 + key.len() + weight(value)).sum::<usize>()
        }
    }
}

/// A value of the script as data.
pub(super) fn read(value: &Dynamic) -> Result<Value, Failure> {
    read_to(value, NESTING)
}

fn read_to(value: &Dynamic, depth: usize) -> Result<Value, Failure> {
    let deeper = || depth.checked_sub(1).ok_or_else(|| failure("this is nested too deeply"));
    if value.is_unit() {
        return Ok(Value::Null);
    }
    if let Ok(yes) = value.as_bool() {
        return Ok(yes.into());
    }
    if let Ok(whole) = value.as_int() {
        return Ok(whole.into());
    }
    if let Ok(number) = value.as_float() {
        let read = serde_json::Number::from_f64(number).map(Value::Number);
        return read.ok_or_else(|| failure("a number that is not finite cannot be handed over"));
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        run::charge(text.len())?;
        return Ok(text.as_str().into());
    }
    if let Ok(letter) = value.as_char() {
        return Ok(letter.to_string().into());
    }
    if let Some(day) = value.read_lock::<Day>() {
        return Ok(day.to_string().into());
    }
    if let Some(items) = value.read_lock::<Array>() {
        run::charge(32 + 32 * items.len())?;
        let depth = deeper()?;
        return items
            .iter()
            .map(|item| read_to(item, depth))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array);
    }
    if let Some(map) = value.read_lock::<Map>() {
        run::charge(64 + map.keys().map(|key| 64 + key.len()).sum::<usize>())?;
        let depth = deeper()?;
        let entries = map.iter().map(|(key, value)| Ok((key.to_string(), read_to(value, depth)?)));
        return entries.collect::<Result<serde_json::Map<_, _>, Failure>>().map(Value::Object);
    }
    if let Some(record) = value.read_lock::<Record>()
        && let Some(data) = record.data()
    {
        run::charge(weight(data))?;
        return Ok(data.clone());
    }
    Err(failure(format!("{} cannot be handed over", kind(value))))
}

/// Data on its way out of a run.
pub(super) fn held(value: Value) -> Dynamic {
    Dynamic::from(Arc::new(value))
}

/// The data again.
pub(super) fn released(value: Dynamic) -> Option<Value> {
    value.try_cast::<Arc<Value>>().map(Arc::unwrap_or_clone)
}
