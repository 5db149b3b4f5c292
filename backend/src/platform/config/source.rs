//! Where variables come from, and the wording of what may be wrong with them.

use std::path::PathBuf;

/// A variable that stops the start; one line that names it, the value's fault and an example.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable} {fault}, for example {example}")]
pub struct ConfigFault {
    pub variable: &'static str,
    pub fault: String,
    /// A whole line, `NAME=value`.
    pub example: String,
}

impl ConfigFault {
    /// `example` is a value.
    pub fn new(variable: &'static str, fault: impl Into<String>, example: &str) -> Self {
        Self { variable, fault: fault.into(), example: format!("{variable}={example}") }
    }
}

/// Looks variables up; surrounding white space does not count, and an empty value is none.
pub(super) struct Source<'a>(pub &'a dyn Fn(&str) -> Option<String>);

impl Source<'_> {
    pub fn text(&self, name: &str) -> Option<String> {
        (self.0)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    pub fn checked<T>(
        &self,
        variable: &'static str,
        example: &'static str,
        check: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigFault> {
        self.text(variable)
            .map(|text| check(&text))
            .transpose()
            .map_err(|fault| ConfigFault::new(variable, fault, example))
    }

    pub fn number<T>(
        &self,
        variable: &'static str,
        default: T,
        least: T,
        most: T,
        example: &'static str,
    ) -> Result<T, ConfigFault>
    where
        T: std::str::FromStr + PartialOrd + std::fmt::Display,
    {
        self.checked(variable, example, |text| {
            text.parse()
                .ok()
                .filter(|number| (&least..=&most).contains(&number))
                .ok_or_else(|| format!("must be a whole number from {least} to {most}"))
        })
        .map(|number| number.unwrap_or(default))
    }

    pub fn flag(&self, variable: &'static str, default: bool) -> Result<bool, ConfigFault> {
        let words =
            [("true", true), ("false", false), ("1", true), ("0", false), ("yes", true), ("no", false)];
        self.one_of(variable, default, &words, "true")
    }

    pub fn one_of<T: Copy>(
        &self,
        variable: &'static str,
        default: T,
        words: &[(&'static str, T)],
        example: &'static str,
    ) -> Result<T, ConfigFault> {
        self.checked(variable, example, |text| {
            let found = words.iter().find(|(word, _)| text.eq_ignore_ascii_case(word));
            found.map(|(_, value)| *value).ok_or_else(|| {
                let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                format!("must be one of {}", words.join(", "))
            })
        })
        .map(|value| value.unwrap_or(default))
    }
}
