//! The files of a bundle on their way in: their names, and how many and how large they may be. What is not as it should be
//! is refused, never put right.

use std::collections::{BTreeMap, BTreeSet};

use super::{RefusalCode as Code, Refused};

/// Most files of a bundle.
pub const MOST_FILES: usize = 200;
/// Bytes of one file.
pub const LARGEST_FILE: usize = 1024 * 1024;
/// Bytes of all files together.
pub const LARGEST_BUNDLE: usize = 8 * 1024 * 1024;

/// Bytes of a path.
const LONGEST_PATH: usize = 200;
/// Folders within folders.
const DEEPEST: usize = 6;

/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// Collects files that have been found to be harmless.
#[derive(Default)]
pub struct Files {
    files: BTreeMap<String, Vec<u8>>,
    /// All paths and the folders they lead through, in lower case.
    taken: BTreeSet<String>,
    bytes: usize,
}

impl Files {
    /// Looks at a name before its content is read.
    pub fn admit(&mut self, path: &str) -> Result<(), Refused> {
        check_path(path)?;
        if self.taken.len() >= 4 * MOST_FILES || self.files.len() >= MOST_FILES {
            let message = format!("The bundle has more than {MOST_FILES} files.");
            return Err(Refused::whole(Code::TooManyFiles, message));
        }
        let lower = path.to_ascii_lowercase();
        if !self.taken.insert(lower.clone()) {
            let message = "There is another file of this name, perhaps in other letter case.";
            return Err(Refused::file(Code::DoubledPath, path, message));
        }
        let folders = lower.match_indices('/').map(|(end, _)| format!("{}/", &lower[..end]));
        self.taken.extend(folders.collect::<Vec<_>>());
        Ok(())
    }

    /// How many bytes the next file may have; one more is too many.
    pub fn room(&self) -> usize {
        LARGEST_FILE.min(LARGEST_BUNDLE - self.bytes)
    }

    /// Puts in the content of a name that was admitted.
    pub fn add(&mut self, path: &str, content: Vec<u8>) -> Result<(), Refused> {
        if content.len() > LARGEST_FILE {
            let message = format!("The file has more than {LARGEST_FILE} bytes.");
            return Err(Refused::file(Code::FileTooLarge, path, message));
        }
        self.bytes += content.len();
        if self.bytes > LARGEST_BUNDLE {
            let message = format!("The bundle has more than {LARGEST_BUNDLE} bytes.");
            return Err(Refused::whole(Code::BundleTooLarge, message));
        }
        self.files.insert(path.to_owned(), content);
        Ok(())
    }

    /// All of them by their path.
    ///
    /// # Errors
    /// When one is a file and a folder at once.
    pub fn done(self) -> Result<BTreeMap<String, Vec<u8>>, Refused> {
        let both =
            self.files.keys().find(|path| self.taken.contains(&format!("{}/", path.to_ascii_lowercase())));
        match both {
            Some(path) => {
                Err(Refused::file(Code::DoubledPath, path, "This is the name of a file and of a folder."))
            }
            None => Ok(self.files),
        }
    }
}

/// Refuses every name that leads out of the bundle, or that some system could not store as it is.
fn check_path(path: &str) -> Result<(), Refused> {
    // A name that cannot be shown is not repeated.
    let shown = if path.chars().any(char::is_control) || path.len() > LONGEST_PATH { "" } else { path };
    let refused = |message: &str| Err(Refused::file(Code::BadPath, shown, message));
    if path.len() > LONGEST_PATH {
        return refused("A name is too long.");
    }
    if path.contains('\0') {
        return refused("A name has a NUL in it.");
    }
    if path.contains('\\') {
        return refused("A name has a backslash in it; folders are separated by `/`.");
    }
    if path.starts_with('/') {
        return refused("The name is absolute; it has to begin with the file or a folder of the bundle.");
    }
    if path.contains(':') {
        return refused("The name has a colon in it, as drives have.");
    }
    let parts: Vec<&str> = path.split('/').collect();
    if parts.contains(&"..") || parts.contains(&".") {
        return refused("The name leads through `.` or `..`.");
    }
    if parts.len() > DEEPEST {
        return refused("There are too many folders within each other.");
    }
    for part in parts {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if part.is_empty() {
            return refused("The name has an empty part.");
        }
        if !part.bytes().all(is_plain) {
            return refused("Names are made of letters from a to z, digits, `.`, `_` and `-`.");
        }
        if part.starts_with('.') || part.ends_with('.') {
            return refused("No part of a name begins or ends with a dot.");
        }
        let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let is_port = |stem: &str| {
            stem.len() == 4
                && (stem.starts_with("com") || stem.starts_with("lpt"))
                && stem.as_bytes()[3].is_ascii_digit()
        };
        if DEVICES.contains(&stem.as_str()) || is_port(&stem) {
            return refused("This is the name of a device on Windows.");
        }
    }
    Ok(())
}
