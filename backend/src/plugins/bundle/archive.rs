//! Bundles as zip archives, looked at without trusting what the archive says of itself: every byte is unpacked and counted.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

use zip::{ZipArchive, result::ZipError};

use super::{
    MANIFEST, RefusalCode as Code, Refused,
    files::{Files, MOST_FILES},
};

/// Bytes of the archive itself.
pub const LARGEST_ARCHIVE: usize = 4 * 1024 * 1024;
/// From so many unpacked bytes on, the ratio is looked at.
const LOOKED_AT: u64 = 512 * 1024;
/// Unpacked to packed. Scripts and texts come to about 8.
const LARGEST_RATIO: u64 = 60;

/// The type of a file among the bits of its mode, and that of a symbolic link.
const FILE_TYPE: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const FOLDER: u32 = 0o040_000;
const LINK: u32 = 0o120_000;

/// Files by their path, and the name of the one folder that they all were in, where there was one.
pub type Unpacked = (BTreeMap<String, Vec<u8>>, Option<String>);

/// Reads an archive.
///
/// # Errors
/// What is wrong with it: nothing is read around.
pub fn read(bytes: &[u8]) -> Result<Unpacked, Refused> {
    if bytes.len() > LARGEST_ARCHIVE {
        let message = format!("The archive has more than {LARGEST_ARCHIVE} bytes.");
        return Err(Refused::whole(Code::BundleTooLarge, message));
    }
    // The directory stands at the end: where it is missing, the end is.
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
        Refused::whole(Code::NotAnArchive, "This is no zip archive, or a part of it is missing.")
    })?;
    if archive.has_duplicate_names() {
        return Err(Refused::whole(Code::DoubledPath, "Two entries of the archive have the same name."));
    }
    if archive.len() > 2 * MOST_FILES {
        let message = format!("The archive has more than {MOST_FILES} files.");
        return Err(Refused::whole(Code::TooManyFiles, message));
    }
    let names = names(&mut archive)?;
    archive.validate_header_consistency().map_err(|fault| damaged("", &fault))?;
    let folder = only_folder(&names);
    let mut files = Files::default();
    let mut unpacked = 0;
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.ends_with('/')) {
        let path = match &folder {
            Some(folder) => &name[folder.len() + 1..],
            None => name,
        };
        files.admit(path)?;
        let entry = archive.by_index(index).map_err(|fault| damaged(path, &fault))?;
        let mut content = Vec::new();
        entry
            .take(files.room() as u64 + 1)
            .read_to_end(&mut content)
            .map_err(|_| Refused::file(Code::Damaged, path, "The content of this entry is damaged."))?;
        unpacked += content.len() as u64;
        if unpacked > LOOKED_AT && unpacked / (bytes.len() as u64).max(1) > LARGEST_RATIO {
            let message = "Unpacked, the archive is many times as large as packed.";
            return Err(Refused::whole(Code::TooDense, message));
        }
        files.add(path, content)?;
    }
    Ok((files.done()?, folder))
}

/// The names of all entries, in their order; each has been looked at.
fn names(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Vec<String>, Refused> {
    let mut seen = Files::default();
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|fault| damaged("", &fault))?;
        let name = std::str::from_utf8(entry.name_raw())
            .map_err(|_| Refused::whole(Code::BadPath, "The name of an entry is not UTF-8."))?
            .to_owned();
        seen.admit(name.strip_suffix('/').unwrap_or(&name))?;
        if entry.encrypted() {
            return Err(Refused::file(Code::Encrypted, name, "The entry is encrypted."));
        }
        match entry.unix_mode().map(|mode| mode & FILE_TYPE) {
            None | Some(0 | REGULAR) => {}
            Some(FOLDER) if name.ends_with('/') => {}
            Some(LINK) => {
                return Err(Refused::file(Code::Symlink, name, "A bundle has no symbolic links."));
            }
            Some(_) => {
                return Err(Refused::file(Code::BadPath, name, "This is neither a file nor a folder."));
            }
        }
        names.push(name);
    }
    Ok(names)
}

/// The folder that everything is in, where the manifest is not at the top.
fn only_folder(names: &[String]) -> Option<String> {
    let (folder, _) = names.first()?.split_once('/')?;
    let inside = format!("{folder}/");
    let is_only = names.iter().all(|name| name.starts_with(&inside));
    (is_only && !names.iter().any(|name| name == MANIFEST)).then(|| folder.to_owned())
}

fn damaged(path: &str, fault: &ZipError) -> Refused {
    Refused::file(Code::Damaged, path, format!("The archive is damaged: {fault}"))
}
