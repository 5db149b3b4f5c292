//! Why a bundle cannot be used, and where.

use std::fmt;

use serde::Serialize;

/// A fault of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Path within the bundle; empty for the bundle as a whole.
    pub file: String,
    /// From 1; 0 for the whole file.
    pub line: u32,
    /// From 1, in characters; 0 for the whole line.
    pub column: u32,
    pub code: RefusalCode,
    pub message: String,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),* $(,)?) => {
        /// Stable words for what can be wrong with a bundle.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum RefusalCode { $($(#[$doc])* #[serde(rename = $word)] $variant),* }

        impl RefusalCode {
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

codes! {
    /// The folder or archive cannot be read at all.
    Unreadable = "unreadable",
    /// No zip archive, or its end is missing.
    NotAnArchive = "not_an_archive",
    /// An entry whose content does not fit its checksum or length.
    Damaged = "damaged",
    Encrypted = "encrypted",
    /// A name that leads out of the bundle, or that not every system can store.
    BadPath = "bad_path",
    Symlink = "symlink",
    /// Two entries of one name, in whatever case.
    DoubledPath = "doubled_path",
    TooManyFiles = "too_many_files",
    FileTooLarge = "file_too_large",
    BundleTooLarge = "bundle_too_large",
    /// Unpacked it would be many times its size.
    TooDense = "too_dense",
    /// No `plugin.toml` at the top.
    NoManifest = "no_manifest",
    NotUtf8 = "not_utf8",
    /// Not TOML, a doubled key, an unknown field, a wrong type, a missing field.
    BadToml = "bad_toml",
    BadId = "bad_id",
    /// The id does not equal the folder's name.
    WrongId = "wrong_id",
    BadVersion = "bad_version",
    /// Wants another version of this application.
    RequirementNotMet = "requirement_not_met",
    /// A value that is no value of this field.
    BadValue = "bad_value",
    UnknownEvent = "unknown_event",
    UnknownFunction = "unknown_function",
    WrongParameters = "wrong_parameters",
    BadCron = "bad_cron",
    BadHost = "bad_host",
    UnknownSetting = "unknown_setting",
    Doubled = "doubled",
    /// A file that is named and not there.
    MissingFile = "missing_file",
    /// The script does not compile.
    BadScript = "bad_script",
    /// A rule that does not compile.
    BadRule = "bad_rule",
    /// A rule without cases, or with cases that cannot be read.
    BadCases = "bad_cases",
    BadTemplate = "bad_template",
    BadTranslation = "bad_translation",
}

impl Refused {
    /// A fault of the bundle as a whole.
    pub fn whole(code: RefusalCode, message: impl Into<String>) -> Self {
        Self::file(code, "", message)
    }

    /// A fault of a file as a whole.
    pub fn file(code: RefusalCode, file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), line: 0, column: 0, code, message: message.into() }
    }

    /// A fault at a byte of a file's text.
    pub fn at(
        code: RefusalCode,
        file: impl Into<String>,
        text: &str,
        byte: usize,
        message: impl Into<String>,
    ) -> Self {
        let before = &text[..text.floor_char_boundary(byte)];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            line: count(before.matches('\n').count() + 1),
            column: count(before[line_start..].chars().count() + 1),
            ..Self::file(code, file, message)
        }
    }
}

/// As compilers write it, so that editors find the place.
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.as_str(), self.line) {
            ("", _) => {}
            (file, 0) => write!(f, "{file}: ")?,
            (file, line) => write!(f, "{file}:{line}:{}: ", self.column)?,
        }
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_as_editors_count() {
        let text = "id = 1\nnäme = 2\n";
        let at = |byte| {
            let fault = Refused::at(RefusalCode::BadToml, "plugin.toml", text, byte, "x");
            (fault.line, fault.column)
        };
        assert_eq!((at(0), at(5), at(7), at(10), at(999)), ((1, 1), (1, 6), (2, 1), (2, 3), (3, 1)));
    }

    #[test]
    fn a_fault_reads_like_a_compilers() {
        let fault = Refused::at(RefusalCode::BadToml, "plugin.toml", "a\nb", 2, "no");
        assert_eq!(fault.to_string(), "plugin.toml:2:1: no");
        assert_eq!(Refused::whole(RefusalCode::NoManifest, "no").to_string(), "no");
    }
}
