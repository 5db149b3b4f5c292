//! Has anything changed since the last build? Answered from the contents of its inputs, so that a fresh checkout or a
//! touched file costs nothing.

use anyhow::Result;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The hash of some inputs, and the file that remembers the one of the last good build.
pub struct Fingerprint {
    stamp: PathBuf,
    value: String,
}

impl Fingerprint {
    /// Hashes names and contents of `files` and the words in `also` (tool versions, settings).
    pub fn of(stamp: PathBuf, files: &[PathBuf], also: &[&str]) -> Result<Self> {
        let mut hash = Sha256::new();
        for word in also {
            hash.update(word.as_bytes());
            hash.update([0]);
        }
        for file in files {
            hash.update(file.to_string_lossy().as_bytes());
            hash.update([0]);
            hash.update(Sha256::digest(std::fs::read(file)?));
        }
        Ok(Self { stamp, value: hex::encode(hash.finalize()) })
    }

    pub fn unchanged(&self) -> bool {
        std::fs::read_to_string(&self.stamp).is_ok_and(|old| old == self.value)
    }

    /// Remembers this state as built.
    pub fn keep(&self) -> Result<()> {
        if let Some(folder) = self.stamp.parent().filter(|folder| *folder != Path::new("")) {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(&self.stamp, &self.value)?)
    }
}
