//! Looking through the store: what lies there, how old it is, whether it is what its name says.

use std::{
    fs, io,
    io::Read as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use sha2::{Digest, Sha256};

use super::{DERIVED, INCOMING, Store, in_background, is_hash};
use crate::platform::failure::Outcome;

/// A content or something made from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub sha256: String,
    path: PathBuf,
}

/// How a content is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Whole,
    Missing,
    /// Another length or, where that was asked for, another hash.
    Damaged,
}

impl Store {
    /// Deletes what was being received longer ago than `age`. How many.
    pub async fn sweep_incoming(&self, age: Duration) -> Outcome<u64> {
        let folder = self.root.join(INCOMING);
        in_background(move || {
            let mut deleted = 0;
            for path in entries(&folder)? {
                if is_older(&path, age) && remove(&path)? {
                    deleted += 1;
                }
            }
            Ok(deleted)
        })
        .await
    }

    /// Contents, and what was made from contents, older than `age`.
    pub async fn older_than(&self, age: Duration) -> Outcome<Vec<Found>> {
        let root = self.root.clone();
        in_background(move || {
            let mut found = Vec::new();
            for base in [root.join(DERIVED), root] {
                for shard in entries(&base)?.into_iter().filter(|path| is_shard(path)) {
                    found.extend(entries(&shard)?.into_iter().filter_map(|path| {
                        let name = path.file_name()?.to_str()?;
                        let sha256 = name.split('.').next()?.to_owned();
                        (is_hash(&sha256) && is_older(&path, age)).then_some(Found { sha256, path })
                    }));
                }
            }
            Ok(found)
        })
        .await
    }

    /// Deletes one that is still older than `age`; whether it was. Only while [`Store::sweeping`] is held, and only
    /// what nobody names.
    pub async fn delete(&self, found: Found, age: Duration) -> Outcome<bool> {
        in_background(move || if is_older(&found.path, age) { remove(&found.path) } else { Ok(false) }).await
    }

    /// Deletes a content whatever its age. Only while [`Store::sweeping`] is held, and only what nobody names.
    pub async fn discard(&self, sha256: &str) -> Outcome<bool> {
        let path = self.content(sha256)?;
        in_background(move || remove(&path)).await
    }

    /// Whether a content is there with its length; with `deep`, its hash is computed too.
    pub async fn look_at(&self, sha256: &str, size: u64, deep: bool) -> Outcome<Kept> {
        let path = self.content(sha256)?;
        let wanted = sha256.to_owned();
        in_background(move || {
            let mut file = match fs::File::open(path) {
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Kept::Missing),
                other => other?,
            };
            let whole = file.metadata()?.len() == size && (!deep || hash(&mut file)? == wanted);
            Ok(if whole { Kept::Whole } else { Kept::Damaged })
        })
        .await
    }
}

fn hash(file: &mut fs::File) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex::encode(hasher.finalize())),
            length => hasher.update(&buffer[..length]),
        }
    }
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(fault) => Err(fault),
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
    }
}

fn is_shard(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) && path.is_dir()
}

/// A clock that was set back makes files of the future; those are young.
fn is_older(path: &Path, age: Duration) -> bool {
    let modified = fs::symlink_metadata(path).and_then(|meta| meta.modified());
    modified.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|passed| passed >= age))
}

/// Whether it was there.
fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(fault) => Err(fault),
    }
}
