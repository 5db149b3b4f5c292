//! What can go wrong with a request, and how it is said to people: by code, in their language.

use kpi_api::error::{Code, FieldError, Problem};
use yew::AttrValue;

use crate::core::i18n;
use crate::t;

#[derive(Debug, Clone, PartialEq)]
pub enum ApiError {
    /// The server refused, and says why. `retry_after` in seconds.
    Refused { problem: Box<Problem>, retry_after: Option<u32> },
    /// No answer at all: offline, or the server is down.
    Unreachable,
    /// An answer that this version of the app does not understand.
    Unreadable { status: u16 },
}

impl ApiError {
    /// What the browser found by the server's own checks, before asking.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let problem = Problem { errors, ..Problem::new(Code::Invalid, Code::Invalid.title(), "") };
        Self::Refused { problem: Box::new(problem), retry_after: None }
    }

    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused { problem, .. } => Some(problem.code),
            Self::Unreachable | Self::Unreadable { .. } => None,
        }
    }

    /// For people to quote when they ask for help.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused { problem, .. } => {
                Some(&problem.request_id).filter(|id| !id.is_empty()).map(|id| id.as_str())
            }
            Self::Unreachable | Self::Unreadable { .. } => None,
        }
    }

    /// The whole in one sentence.
    pub fn sentence(&self) -> AttrValue {
        match self {
            Self::Refused { problem, retry_after: Some(seconds) } if problem.code == Code::TooMany => {
                t!("error.too_many_wait", seconds = seconds)
            }
            Self::Refused { problem, .. } => code_sentence(problem.code),
            Self::Unreachable => t!("error.unreachable"),
            Self::Unreadable { status } => t!("error.unreadable", status = status),
        }
    }

    /// What is wrong with single fields.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Refused { problem, .. } => &problem.errors,
            Self::Unreachable | Self::Unreadable { .. } => &[],
        }
    }

    /// Whether trying the same again may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Refused { problem, .. } => problem.status >= 500 || problem.status == 429,
            Self::Unreachable | Self::Unreadable { .. } => true,
        }
    }
}

/// The sentence of a failure's code.
pub fn code_sentence(code: Code) -> AttrValue {
    i18n::lookup(&format!("error.code.{}", code.as_str())).unwrap_or_else(|| code.title().into())
}

/// The sentence of a field's error: by its code where the catalogue knows it, else as the server says it.
pub fn field_sentence(error: &FieldError) -> AttrValue {
    // What a validation rule objects to is a sentence of its own.
    if error.code == "rule" {
        return i18n::lookup(&format!("rules.{}", error.message))
            .unwrap_or_else(|| error.message.clone().into());
    }
    // Limits ("at most 200 characters") stand in the server's sentence only as numbers.
    let numbers: Vec<&str> = error
        .message
        .split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'))
        .filter(|n| is_number(n))
        .collect();
    let values: Vec<(&str, &dyn std::fmt::Display)> = match numbers.as_slice() {
        [one] => vec![("max", one)],
        [low, high] => vec![("min", low), ("max", high)],
        _ => Vec::new(),
    };
    let said = i18n::say_if_known(&format!("error.field.{}", error.code), &values);
    // A sentence whose places stay empty would read broken: the server's own is better then.
    said.filter(|sentence| !sentence.contains("%{")).unwrap_or_else(|| error.message.clone().into())
}

fn is_number(text: &str) -> bool {
    text.trim_end_matches('.').parse::<f64>().is_ok()
}

/// The error of one field among several.
pub fn of_field(errors: &[FieldError], field: &str) -> Option<AttrValue> {
    errors.iter().find(|error| error.field == field).map(field_sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_reach_the_sentence() {
        let error = FieldError::new("title", "too_long", "At most 200 characters.");
        assert!(field_sentence(&error).contains("200"));
        let range = FieldError::new("weight", "out_of_range", "Between 0 and 100.");
        assert!(field_sentence(&range).contains("100"));
    }

    #[test]
    fn an_unknown_code_keeps_the_servers_words() {
        let error = FieldError::new("x", "never_heard_of", "Server words.");
        assert_eq!(field_sentence(&error), "Server words.");
    }
}
