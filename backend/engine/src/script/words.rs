//! Words of scripts that rules do not have: JSON, and putting texts together for others.

use rhai::{Dynamic, ImmutableString};
use serde_json::Value;

use super::data;
use crate::{
    language::{dates::Day, failure},
    run::{self, Failure},
    vocabulary::Function,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "today",
        signature: "today() -> date",
        about: "The day it is, in the company's zone.",
        example: "days_until(today() + 3) == 3",
        register: |engine| {
            engine.register_fn("today", || {
                let today = run::today().ok_or_else(|| failure("there is no day outside of a run"))?;
                Ok::<Day, Failure>(Day(today))
            });
        },
    },
    Function {
        name: "to_json",
        signature: "to_json(x) -> text",
        about: "Texts, numbers, arrays, maps and what the host has told, as JSON. Dates become texts.",
        example: "to_json(#{a: [1, (), \"x\"]}) == `{\"a\":[1,null,\"x\"]}`",
        register: |engine| {
            engine.register_fn("to_json", |value: Dynamic| {
                let text = data::read(&value)?.to_string();
                run::charge(text.len())?;
                Ok::<String, Failure>(text)
            });
        },
    },
    Function {
        name: "parse_json",
        signature: "parse_json(text) -> any",
        about: "What a JSON text says; `null` becomes `()`. Throws where it is none.",
        example: "parse_json(`{\"a\": [1]}`).a[0] == 1",
        register: |engine| {
            engine.register_fn("parse_json", |text: &str| {
                // Parsed it takes a multiple of its length, until it is the script's own.
                run::charge(8 * text.len())?;
                let value: Value = serde_json::from_str(text)
                    .map_err(|cause| failure(format!("this is no JSON: {cause}")))?;
                data::given(super::Given::Data(value))
            });
        },
    },
    Function {
        name: "replace",
        signature: "replace(text, part, other) -> text",
        about: "The text with another text wherever the part stands.",
        example: "replace(\"a-b-c\", \"-\", \"+\") == \"a+b+c\"",
        register: |engine| {
            engine.register_fn("replace", |text: ImmutableString, part: &str, other: &str| {
                if part.is_empty() {
                    return Err(failure("replace wants a part that is not empty"));
                }
                run::charge(text.len() + text.matches(part).count() * other.len())?;
                Ok::<String, Failure>(text.replace(part, other))
            });
        },
    },
    Function {
        name: "cut",
        signature: "cut(text, n) -> text",
        about: "At most `n` characters of the text; what is longer ends in an ellipsis.",
        example: "cut(\"abcdef\", 4) == \"abc…\" && cut(\"abc\", 4) == \"abc\"",
        register: |engine| {
            engine.register_fn("cut", |text: ImmutableString, most: i64| {
                let most = usize::try_from(most).unwrap_or(0);
                if text.chars().count() <= most {
                    return Ok::<ImmutableString, Failure>(text);
                }
                run::charge(text.len())?;
                let mut kept: String = text.chars().take(most.saturating_sub(1)).collect();
                if most > 0 {
                    kept.push('…');
                }
                Ok(kept.into())
            });
        },
    },
];
