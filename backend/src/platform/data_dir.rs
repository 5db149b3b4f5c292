//! The data directory: its layout, its permissions, the server's own secret.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{
    config::{Config, SHORTEST_SECRET},
    secret::Secret,
};

const SECRET_FILE: &str = "secret.key";

/// Why a data directory cannot be used; one line for people.
#[derive(Debug, thiserror::Error)]
pub enum DataDirFault {
    #[error("{} cannot be {doing}: {cause}", .path.display())]
    Io { path: PathBuf, doing: &'static str, cause: io::Error },
    #[error(
        "{} is damaged: it must hold at least {SHORTEST_SECRET} characters; restore it from a backup, or delete it to \
         get a new one, which logs everybody out",
        .0.display()
    )]
    Secret(PathBuf),
}

/// Makes the folders that are missing, for our eyes only.
///
/// # Errors
/// When one cannot be made.
pub fn prepare(config: &Config) -> Result<(), DataDirFault> {
    let database = config.database_file.parent().map(Path::to_owned);
    let log = config.log_file.as_ref().and_then(|file| file.parent()).map(Path::to_owned);
    let folders = [
        Some(config.data_dir.clone()),
        database,
        Some(config.upload_dir.clone()),
        Some(config.backup_dir.clone()),
        Some(config.data_dir.join("logs")),
        log,
    ];
    for folder in folders.into_iter().flatten().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(&folder).map_err(|cause| DataDirFault::Io { path: folder, doing: "made", cause })?;
    }
    Ok(())
}

/// `SECRET_KEY`, or what `secret.key` in the data directory holds; that is made at the first call, readable for its
/// owner alone.
///
/// # Errors
/// When the file cannot be made or read, or holds too little.
pub fn secret_key(config: &Config) -> Result<Secret, DataDirFault> {
    if let Some(secret) = &config.secret_key {
        return Ok(secret.clone());
    }
    let path = config.data_dir.join(SECRET_FILE);
    let io = |doing| {
        let path = path.clone();
        move |cause| DataDirFault::Io { path, doing, cause }
    };
    match make_private(&path) {
        Ok(mut file) => {
            let secret = hex::encode(rand::random::<[u8; 32]>());
            let written = file.write_all(secret.as_bytes()).and_then(|()| file.sync_all());
            written.and_then(|()| sync_folder(&config.data_dir)).map_err(io("written"))?;
            Ok(Secret::new(secret))
        }
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
            make_owner_only(&path).map_err(io("protected"))?;
            let text = fs::read_to_string(&path).map_err(io("read"))?;
            let text = text.trim();
            if text.len() < SHORTEST_SECRET {
                return Err(DataDirFault::Secret(path));
            }
            Ok(Secret::new(text))
        }
        Err(cause) => Err(io("made")(cause)),
    }
}

/// So that a new name in the folder survives a power cut.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(unix)]
fn make_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::File::options().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(unix)]
fn make_owner_only(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 == 0 { Ok(()) } else { fs::set_permissions(path, fs::Permissions::from_mode(0o600)) }
}

#[cfg(not(unix))]
fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> io::Result<fs::File> {
    fs::File::options().write(true).create_new(true).open(path)
}

#[cfg(not(unix))]
fn make_owner_only(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{super::config::Overrides, *};

    fn config(folder: &Path) -> Config {
        let overrides = Overrides { data_dir: Some(folder.join("data")), ..Overrides::default() };
        let Ok(config) = Config::read(|_| None, &overrides) else { panic!("refused") };
        config
    }

    #[test]
    fn the_layout_is_made_once_and_may_be_made_again() {
        let temp = tempfile::tempdir().unwrap();
        let config = config(temp.path());
        for _ in 0..2 {
            prepare(&config).unwrap();
        }
        for folder in ["database", "uploads", "backups", "logs"] {
            assert!(config.data_dir.join(folder).is_dir(), "{folder}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_secret_is_made_once_and_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let temp = tempfile::tempdir().unwrap();
        let config = config(temp.path());
        prepare(&config).unwrap();
        let file = config.data_dir.join(SECRET_FILE);
        let mode = || fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        let Ok(first) = secret_key(&config) else { panic!("not made") };
        assert_eq!((mode(), first.reveal().len()), (0o600, 64));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let Ok(second) = secret_key(&config) else { panic!("not read") };
        assert!(first == second);
        assert_eq!(mode(), 0o600);
        fs::write(&file, "short").unwrap();
        assert!(matches!(secret_key(&config), Err(DataDirFault::Secret(_))));
    }
}
