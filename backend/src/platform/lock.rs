//! One process per data directory, on a disk of this machine.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

const FILE_NAME: &str = ".lock";

/// File systems on which SQLite's locks are not to be relied on.
const NETWORK_FILE_SYSTEMS: [&str; 14] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "ncpfs",
    "afs",
    "ceph",
    "fuse.ceph-fuse",
    "fuse.glusterfs",
    "fuse.sshfs",
    "glusterfs",
    "lustre",
    "davfs",
];

/// Why a data directory cannot be used; one line for people.
#[derive(Debug, thiserror::Error)]
pub enum LockFault {
    #[error("another process is using the data directory {}; stop it first, or use another DATA_DIR", .0.display())]
    InUse(PathBuf),
    #[error(
        "the data directory {} is on a network file system ({kind}), where a database can be damaged; use a local disk",
        .path.display()
    )]
    Network { path: PathBuf, kind: String },
    #[error("the data directory {} cannot be locked: {cause}", .path.display())]
    Io { path: PathBuf, cause: std::io::Error },
}

/// The data directory is ours while this lives; the system gives it back however the process ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataLock {
    /// # Errors
    /// When another process holds it, the directory lies on a network file system, or cannot be written.
    pub fn take(data_dir: &Path) -> Result<Self, LockFault> {
        let io = |cause| LockFault::Io { path: data_dir.to_owned(), cause };
        let whole = data_dir.canonicalize().map_err(io)?;
        // Where there is no such list, SQLite's own checks have to do.
        if let Ok(mounts) = std::fs::read_to_string("/proc/self/mounts")
            && let Some(kind) = network_file_system(&mounts, &whole)
        {
            return Err(LockFault::Network { path: data_dir.to_owned(), kind });
        }
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(whole.join(FILE_NAME))
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockFault::InUse(data_dir.to_owned())),
            Err(TryLockError::Error(cause)) => Err(io(cause)),
        }
    }
}

/// The kind of network file system that `path` lies on, if it does. `mounts` is in the format of fstab(5).
fn network_file_system(mounts: &str, path: &Path) -> Option<String> {
    let nearest = mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            let place = fields.next()?.replace("\\040", " ");
            Some((place, fields.next()?))
        })
        .filter(|(place, _)| path.starts_with(place))
        // The later of two mounts on the same place hides the earlier one; `max_by_key` takes the last.
        .max_by_key(|(place, _)| place.len())?;
    NETWORK_FILE_SYSTEMS.contains(&nearest.1).then(|| nearest.1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_held_once() {
        let dir = tempfile::tempdir().unwrap();
        let held = DataLock::take(dir.path()).unwrap();
        let refused = DataLock::take(dir.path()).unwrap_err();
        assert!(matches!(refused, LockFault::InUse(_)));
        assert_eq!(refused.to_string().lines().count(), 1);
        drop(held);
        DataLock::take(dir.path()).unwrap();
    }

    #[test]
    fn the_nearest_mount_decides() {
        let mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/x /srv/share nfs4 rw 0 0\n\
                      /dev/sdb1 /srv/share/local xfs rw 0 0\n//host/y /mnt/with\\040space cifs rw 0 0\n";
        let kind = |path: &str| network_file_system(mounts, Path::new(path));
        assert_eq!(kind("/srv/share/data").as_deref(), Some("nfs4"));
        assert_eq!(kind("/srv/share/local/data"), None);
        assert_eq!(kind("/srv/shared"), None);
        assert_eq!(kind("/mnt/with space/data").as_deref(), Some("cifs"));
        assert_eq!(kind("/home/data"), None);
    }
}
