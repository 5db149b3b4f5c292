//! Words on texts.

use rhai::{Array, ImmutableString};

use crate::{
    run::{self, Failure},
    vocabulary::Function,
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        name: "starts_with",
        signature: "text.starts_with(part) -> yes/no",
        about: "Whether the text begins with that part.",
        example: "\"Revenue\".starts_with(\"Rev\")",
        register: |engine| {
            engine.register_fn("starts_with", |text: &str, part: &str| text.starts_with(part));
        },
    },
    Function {
        name: "ends_with",
        signature: "text.ends_with(part) -> yes/no",
        about: "Whether the text ends with that part.",
        example: "\"Revenue\".ends_with(\"nue\")",
        register: |engine| {
            engine.register_fn("ends_with", |text: &str, part: &str| text.ends_with(part));
        },
    },
    Function {
        name: "trim",
        signature: "trim(text) -> text",
        about: "The text without blanks around it.",
        example: "trim(\" a \") == \"a\"",
        register: |engine| {
            engine.register_fn("trim", |text: ImmutableString| shaped(&text, |t| t.trim().into()));
        },
    },
    Function {
        name: "to_lower",
        signature: "to_lower(text) -> text",
        about: "The text in lower case.",
        example: "to_lower(\"ABC\") == \"abc\"",
        register: |engine| {
            engine.register_fn("to_lower", |text: ImmutableString| shaped(&text, str::to_lowercase));
        },
    },
    Function {
        name: "to_upper",
        signature: "to_upper(text) -> text",
        about: "The text in upper case.",
        example: "to_upper(\"abc\") == \"ABC\"",
        register: |engine| {
            engine.register_fn("to_upper", |text: ImmutableString| shaped(&text, str::to_uppercase));
        },
    },
    Function {
        name: "split",
        signature: "text.split(separator) -> [text]",
        about: "The parts of a text between separators.",
        example: "\"a,b\".split(\",\").len() == 2",
        register: |engine| {
            engine.register_fn("split", |text: ImmutableString, separator: &str| {
                let count = text.split(separator).count();
                run::array_of(count)?;
                run::charge(text.len() + 64 * count)?;
                Ok::<Array, Failure>(text.split(separator).map(Into::into).collect())
            });
        },
    },
    Function {
        name: "to_string",
        signature: "to_string(x) -> text",
        about: "Anything as text; also what `${x}` shows within back-quotes.",
        example: "to_string(75.0) == \"75\" && `${kpi.end}` == \"2026-03-31\"",
        register: crate::language::register,
    },
];

fn shaped(text: &str, act: impl Fn(&str) -> String) -> Result<String, Failure> {
    // Case changes can make a text longer, but never more than three times.
    run::charge(3 * text.len())?;
    Ok(act(text))
}
