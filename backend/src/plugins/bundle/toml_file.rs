//! The TOML files of a bundle, with the place of every fault.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;

use super::{RefusalCode, Refused};

/// A file that is being looked at, and what was found to be wrong with it.
pub struct Page<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub faults: Vec<Refused>,
}

impl<'a> Page<'a> {
    /// # Errors
    /// When the file is not UTF-8.
    pub fn new(file: &'a str, content: &'a [u8]) -> Result<Self, Refused> {
        match std::str::from_utf8(content) {
            Ok(text) => Ok(Self { file, text, faults: Vec::new() }),
            Err(fault) => {
                let good = std::str::from_utf8(&content[..fault.valid_up_to()]).unwrap_or_default();
                let message = "From here on the file is not UTF-8.";
                Err(Refused::at(RefusalCode::NotUtf8, file, good, good.len(), message))
            }
        }
    }

    /// The file as data.
    ///
    /// # Errors
    /// What a reader of TOML objects to first: its grammar, doubled keys, unknown or missing fields, wrong types.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Refused> {
        toml::from_str(self.text).map_err(|fault| {
            let mut message = fault.message().trim().to_owned();
            if let Some(first) = message.get(..1) {
                message.replace_range(..1, &first.to_uppercase());
            }
            match fault.span() {
                Some(span) => {
                    let message = format!("{message}.");
                    Refused::at(RefusalCode::BadToml, self.file, self.text, span.start, message)
                }
                None => Refused::file(RefusalCode::BadToml, self.file, format!("{message}.")),
            }
        })
    }

    /// Notes a fault at a place.
    pub fn fault(&mut self, code: RefusalCode, at: Range<usize>, message: impl Into<String>) {
        // Of a text the quotation mark is pointed at, of a table its head.
        self.faults.push(Refused::at(code, self.file, self.text, at.start, message));
    }

    /// Notes a fault at a value.
    pub fn wrong<T>(&mut self, code: RefusalCode, value: &Spanned<T>, message: impl Into<String>) {
        self.fault(code, value.span(), message);
    }
}
