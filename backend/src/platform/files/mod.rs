//! The store of files: each lies under the hash of its content and never changes. What is being received lies in
//! `incoming` and is gone with its [`Draft`]; what was made from a file, such as a thumbnail, lies in `derived` and can
//! be made again.
//!
//! ```text
//! UPLOAD_DIR/ab/abcd…   content, named by its SHA-256     UPLOAD_DIR/incoming/…   being received
//! UPLOAD_DIR/derived/ab/abcd….thumbnail                   made from it
//! ```
//!
//! A content is named by rows of the database. [`Store::placing`] is held from the moment a content is put in its place
//! until its row is committed, [`Store::sweeping`] while unnamed contents are deleted: so nobody deletes what somebody
//! is about to name.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use kpi_api::error::Code;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::failure::{Failure, Outcome};

mod draft;
pub mod name;
mod sweep;

pub use draft::{Arrived, Draft};
pub use sweep::{Found, Kept};

const INCOMING: &str = "incoming";
const DERIVED: &str = "derived";

/// Hexadecimal digits of a SHA-256.
const HASH_DIGITS: usize = 64;

pub struct Store {
    root: PathBuf,
    gate: RwLock<()>,
}

impl Store {
    pub fn new(root: PathBuf) -> Self {
        Self { root, gate: RwLock::new(()) }
    }

    /// Begins to receive a file.
    pub async fn draft(&self) -> Outcome<Draft> {
        let folder = self.root.join(INCOMING);
        in_background(move || {
            make_folder(&folder)?;
            Draft::begin(&folder)
        })
        .await
    }

    /// Held while a content is put in its place and named.
    pub async fn placing(&self) -> RwLockReadGuard<'_, ()> {
        self.gate.read().await
    }

    /// Held while unnamed contents are deleted.
    pub async fn sweeping(&self) -> RwLockWriteGuard<'_, ()> {
        self.gate.write().await
    }

    /// Puts what has arrived under its hash; the name is on the disk when this returns. The same content may be there
    /// already: it is replaced by itself.
    pub async fn place(&self, arrived: Arrived) -> Outcome<()> {
        let target = self.content(&arrived.sha256)?;
        in_background(move || settle(arrived.path(), &target)).await
    }

    /// Opens a content for reading, with its length in bytes.
    ///
    /// # Errors
    /// When it is not there: that is a damaged installation, not a caller's mistake.
    pub async fn open(&self, sha256: &str) -> Outcome<(fs::File, u64)> {
        let path = self.content(sha256)?;
        in_background(move || {
            let file = fs::File::open(path)?;
            let length = file.metadata()?.len();
            Ok((file, length))
        })
        .await
    }

    /// What was made of a content before.
    pub async fn derived(&self, sha256: &str, what: &'static str) -> Outcome<Option<Vec<u8>>> {
        let path = self.derived_path(sha256, what)?;
        in_background(move || match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes).filter(|bytes| !bytes.is_empty())),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        })
        .await
    }

    /// As [`Store::derived`], opened, with its length in bytes.
    pub async fn open_derived(&self, sha256: &str, what: &'static str) -> Outcome<Option<(fs::File, u64)>> {
        let path = self.derived_path(sha256, what)?;
        in_background(move || match fs::File::open(path) {
            Ok(file) => {
                let length = file.metadata()?.len();
                Ok((length > 0).then_some((file, length)))
            }
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        })
        .await
    }

    /// Keeps what was made of a content.
    pub async fn keep_derived(&self, sha256: &str, what: &'static str, bytes: Vec<u8>) -> Outcome<()> {
        let path = self.derived_path(sha256, what)?;
        let mut draft = self.draft().await?;
        draft.write(bytes.into()).await?;
        let arrived = draft.finish().await?;
        in_background(move || settle(arrived.path(), &path)).await
    }

    fn content(&self, sha256: &str) -> Outcome<PathBuf> {
        Ok(self.root.join(shard(sha256)?).join(sha256))
    }

    fn derived_path(&self, sha256: &str, what: &str) -> Outcome<PathBuf> {
        Ok(self.root.join(DERIVED).join(shard(sha256)?).join(format!("{sha256}.{what}")))
    }
}

/// Puts bytes under a name of one's own choice; they and the name are on the disk when this returns. What had the name
/// before is replaced as a whole.
pub async fn keep(path: PathBuf, bytes: Vec<u8>) -> Outcome<()> {
    in_background(move || {
        let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        make_folder(folder)?;
        let mut draft = draft::Temporary::create(folder)?;
        draft.fill(&bytes)?;
        settle(draft.path(), &path)
    })
    .await
}

/// The folder of a hash: its first two digits. Anything but a hash is refused, so that no path is ever made of it.
fn shard(sha256: &str) -> Outcome<&str> {
    if is_hash(sha256) {
        Ok(&sha256[..2])
    } else {
        Err(anyhow::anyhow!("a content is named by something that is not a hash").into())
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == HASH_DIGITS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Moves a file that is on the disk to its name, and the name onto the disk.
fn settle(from: &Path, to: &Path) -> io::Result<()> {
    let folder = to.parent().ok_or(io::ErrorKind::InvalidInput)?;
    make_folder(folder)?;
    fs::rename(from, to)?;
    sync_folder(folder)
}

/// Makes a folder for our eyes only, with its parents; each new name is on the disk when this returns.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().ok_or(io::ErrorKind::InvalidInput)?;
    make_folder(parent)?;
    match make_private_folder(folder) {
        Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(fault) => Err(fault),
        Ok(()) => sync_folder(parent),
    }
}

#[cfg(unix)]
fn make_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

/// So that a new name in the folder survives a power cut.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Runs disk work away from the async threads.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Outcome<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|panic| anyhow::anyhow!("working on a file: {panic}"))?.map_err(|fault| refused(&fault))
}

/// What the disk's own complaint means to a caller: 507 when it is full, 503 when it cannot be written.
pub fn refused(fault: &io::Error) -> Failure {
    use io::ErrorKind as K;
    let code = match fault.kind() {
        K::StorageFull | K::QuotaExceeded | K::FileTooLarge => Code::StorageFull,
        K::ReadOnlyFilesystem | K::PermissionDenied => Code::StorageUnavailable,
        _ => return Failure::Internal(anyhow::anyhow!("working on a file: {fault}")),
    };
    tracing::warn!(code = code.as_str(), %fault, "the disk refused");
    Failure::new(code, code.title())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn put(store: &Store, bytes: &'static [u8]) -> String {
        let mut draft = store.draft().await.unwrap();
        draft.write(bytes.into()).await.unwrap();
        let arrived = draft.finish().await.unwrap();
        let hash = arrived.sha256.clone();
        store.place(arrived).await.unwrap();
        hash
    }

    fn files(folder: &Path) -> usize {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
    }

    #[tokio::test]
    async fn a_content_lies_under_its_hash_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("uploads"));
        let hash = put(&store, b"abc").await;
        // printf abc | sha256sum
        assert_eq!(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(put(&store, b"abc").await, hash);
        assert_eq!(store.open(&hash).await.unwrap().1, 3);
        assert_eq!(files(folder.path()), 1);
    }

    #[tokio::test]
    async fn what_does_not_arrive_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().to_owned());
        let mut draft = store.draft().await.unwrap();
        draft.write(vec![7; 1 << 20].into()).await.unwrap();
        assert_eq!(files(folder.path()), 1);
        drop(draft);
        let mut draft = store.draft().await.unwrap();
        draft.write(b"whole".as_slice().into()).await.unwrap();
        drop(draft.finish().await.unwrap());
        assert_eq!(files(folder.path()), 0);
    }

    #[tokio::test]
    async fn only_a_hash_becomes_a_path() {
        let store = Store::new("uploads".into());
        for name in ["", "../../etc/passwd", &"A".repeat(64), &"a".repeat(63), &"./".repeat(32)] {
            assert!(matches!(store.open(name).await, Err(Failure::Internal(_))), "{name}");
        }
    }

    #[tokio::test]
    async fn what_was_made_is_kept_beside() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().to_owned());
        let hash = put(&store, b"abc").await;
        assert_eq!(store.derived(&hash, "thumbnail").await.unwrap(), None);
        store.keep_derived(&hash, "thumbnail", b"small".to_vec()).await.unwrap();
        assert_eq!(store.derived(&hash, "thumbnail").await.unwrap().unwrap(), b"small");
    }

    #[test]
    fn a_full_disk_is_told_from_a_fault_of_ours() {
        let code = |kind: io::ErrorKind| refused(&kind.into()).code();
        assert_eq!(code(io::ErrorKind::StorageFull), Code::StorageFull);
        assert_eq!(code(io::ErrorKind::ReadOnlyFilesystem), Code::StorageUnavailable);
        assert_eq!(code(io::ErrorKind::NotFound), Code::Internal);
    }
}
