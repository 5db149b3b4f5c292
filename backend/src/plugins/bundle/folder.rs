//! Bundles as folders.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _},
    path::Path,
};

use super::{RefusalCode as Code, Refused, files::Files};

/// Everything in a folder. Names at its top that begin with a dot are left out: they belong to version control or to the
/// desktop.
pub fn read(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Refused> {
    let unreadable = |cause: io::Error| {
        Refused::whole(Code::Unreadable, format!("{} cannot be read: {cause}", folder.display()))
    };
    let is_folder = fs::symlink_metadata(folder).map_err(unreadable)?.is_dir();
    if !is_folder {
        return Err(Refused::whole(Code::Unreadable, format!("{} is no folder.", folder.display())));
    }
    let mut files = Files::default();
    collect(folder, "", &mut files)?;
    files.done()
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) -> Result<(), Refused> {
    let unreadable = |path: &str, cause: io::Error| {
        Refused::file(Code::Unreadable, path, format!("It cannot be read: {cause}"))
    };
    let mut entries = fs::read_dir(folder)
        .and_then(Iterator::collect::<io::Result<Vec<_>>>)
        .map_err(|cause| unreadable(prefix.trim_end_matches('/'), cause))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().into_string().map_err(|_| {
            Refused::file(Code::BadPath, prefix.trim_end_matches('/'), "A name in here is not UTF-8.")
        })?;
        if prefix.is_empty() && name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        // Of the entry itself: a link is not followed to find out what it is.
        let kind = entry.file_type().map_err(|cause| unreadable(&path, cause))?;
        if kind.is_symlink() {
            return Err(Refused::file(Code::Symlink, path, "A bundle has no symbolic links."));
        }
        if kind.is_dir() {
            files.admit(&path)?;
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() {
            files.admit(&path)?;
            let mut content = Vec::new();
            let most = files.room() as u64 + 1;
            fs::File::open(entry.path())
                .and_then(|file| file.take(most).read_to_end(&mut content))
                .map_err(|cause| unreadable(&path, cause))?;
            files.add(&path, content)?;
        } else {
            return Err(Refused::file(Code::BadPath, path, "This is neither a file nor a folder."));
        }
    }
    Ok(())
}
