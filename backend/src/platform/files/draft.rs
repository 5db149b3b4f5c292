//! A file that is being received: written and hashed as it comes, gone when it is dropped.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};

use super::in_background;
use crate::platform::{failure::Outcome, http::request::fresh_id};

/// Bytes that are gathered before they are hashed and written, away from the async threads.
const GATHERED: usize = 256 * 1024;

/// Deletes its file when it is dropped; a file that was moved away is not there to delete.
pub(super) struct Temporary(PathBuf);

impl Temporary {
    /// An empty file in the folder, under a name that nobody else has.
    pub(super) fn create(folder: &Path) -> io::Result<Self> {
        let temporary = Self(folder.join(fresh_id()));
        create(&temporary.0)?;
        Ok(temporary)
    }

    /// Writes all of it, onto the disk.
    pub(super) fn fill(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut file = fs::File::options().write(true).open(&self.0)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Err(fault) = fs::remove_file(&self.0)
            && fault.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%fault, "a temporary file could not be deleted; the sweep will");
        }
    }
}

pub struct Draft {
    /// Away while it is being written to.
    writing: Option<Writing>,
    gathered: BytesMut,
    size: u64,
}

struct Writing {
    file: fs::File,
    hasher: Sha256,
    temporary: Temporary,
}

/// A whole file on the disk that has no name yet.
pub struct Arrived {
    /// 64 hexadecimal digits.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    temporary: Temporary,
}

impl Arrived {
    pub fn path(&self) -> &Path {
        &self.temporary.0
    }
}

impl Draft {
    pub(super) fn begin(folder: &Path) -> io::Result<Self> {
        let temporary = Temporary(folder.join(fresh_id()));
        let file = create(&temporary.0)?;
        let writing = Writing { file, hasher: Sha256::new(), temporary };
        Ok(Self { writing: Some(writing), gathered: BytesMut::new(), size: 0 })
    }

    /// Bytes received so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub async fn write(&mut self, bytes: Bytes) -> Outcome<()> {
        self.size += bytes.len() as u64;
        self.gathered.extend_from_slice(&bytes);
        if self.gathered.len() >= GATHERED { self.put().await } else { Ok(()) }
    }

    async fn put(&mut self) -> Outcome<()> {
        let Some(mut writing) = self.writing.take() else {
            return Err(anyhow::anyhow!("a file is written to after it failed").into());
        };
        let bytes = std::mem::take(&mut self.gathered);
        let (writing, mut bytes) = in_background(move || {
            writing.hasher.update(&bytes);
            writing.file.write_all(&bytes)?;
            Ok((writing, bytes))
        })
        .await?;
        bytes.clear();
        self.gathered = bytes;
        self.writing = Some(writing);
        Ok(())
    }

    /// Brings everything onto the disk.
    pub async fn finish(mut self) -> Outcome<Arrived> {
        self.put().await?;
        let Some(writing) = self.writing.take() else {
            return Err(anyhow::anyhow!("a file is finished after it failed").into());
        };
        let size = self.size;
        in_background(move || {
            let Writing { file, hasher, temporary } = writing;
            make_read_only(&file)?;
            file.sync_all()?;
            Ok(Arrived { sha256: hex::encode(hasher.finalize()), size, temporary })
        })
        .await
    }
}

#[cfg(unix)]
fn create(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::File::options().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> io::Result<fs::File> {
    fs::File::options().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn make_read_only(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o400))
}

#[cfg(not(unix))]
fn make_read_only(_: &fs::File) -> io::Result<()> {
    Ok(())
}
