//! The words a script can use on numbers, texts, arrays, maps and dates.
//!
//! The interpreter's own packages are left out where a word of theirs can grow a value or wait: what is here takes
//! every byte it makes from the run's budget.

pub(crate) mod arrays;
pub(crate) mod dates;
pub(crate) mod maps;
pub(crate) mod numbers;
pub(crate) mod texts;

use rhai::{Dynamic, EvalAltResult, Position};

use crate::{
    number,
    record::Record,
    run::{self, Failure},
};

pub(crate) fn failure(message: impl Into<String>) -> Failure {
    let message: String = message.into();
    EvalAltResult::ErrorRuntime(message.into(), Position::NONE).into()
}

/// A whole or broken number as a number.
pub(crate) fn number(value: &Dynamic) -> Result<f64, Failure> {
    maybe_number(value).ok_or_else(|| failure(format!("a number is wanted here, not {}", kind(value))))
}

pub(crate) fn maybe_number(value: &Dynamic) -> Option<f64> {
    match value.as_int() {
        Ok(whole) => Some(whole as f64),
        Err(_) => value.as_float().ok(),
    }
}

/// What a value is, in words.
pub(crate) fn kind(value: &Dynamic) -> &'static str {
    match () {
        () if value.is_unit() => "an absent value",
        () if value.is_string() => "a text",
        () if value.is_array() => "an array",
        () if value.is_map() => "a map",
        () if value.is_bool() => "yes or no",
        () if value.is_int() || value.is_float() => "a number",
        () if value.read_lock::<dates::Day>().is_some() => "a date",
        () if value.read_lock::<Record>().is_some() => "a record",
        () => "something else",
    }
}

/// A value as it reads in a sentence: numbers without trailing zeros, dates as ISO, the rest in brackets.
pub(crate) fn reading(value: &Dynamic) -> String {
    if let Some(x) = maybe_number(value) {
        return number::text(x);
    }
    if let Ok(yes) = value.as_bool() {
        return if yes { "yes" } else { "no" }.into();
    }
    if let Ok(text) = value.clone().into_immutable_string() {
        return text.to_string();
    }
    if let Some(day) = value.read_lock::<dates::Day>() {
        return day.to_string();
    }
    if value.is_unit() { "-".into() } else { format!("[{}]", kind(value)) }
}

/// Words that several types share, and what `${...}` in a text shows.
pub(crate) fn register(engine: &mut rhai::Engine) {
    engine
        .register_fn("to_string", |x: f64| number::text(x))
        .register_fn("to_string", |x: i64| x.to_string())
        .register_fn("to_string", |x: bool| x.to_string())
        .register_fn("to_string", |_: ()| String::new())
        .register_fn("to_string", |items: &mut rhai::Array| format!("[{} items]", items.len()))
        .register_fn("to_string", |map: &mut rhai::Map| format!("[{} entries]", map.len()))
        .register_fn("+", |text: rhai::ImmutableString, x: Dynamic| joined(&text, &reading(&x)))
        .register_fn("+", |x: Dynamic, text: rhai::ImmutableString| joined(&reading(&x), &text));
}

fn joined(a: &str, b: &str) -> Result<String, Failure> {
    run::charge(a.len() + b.len())?;
    Ok([a, b].concat())
}
