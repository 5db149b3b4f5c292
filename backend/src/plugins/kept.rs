//! The files of installed plugins: each version as one archive, `DATA_DIR/plugins/<id>/<checksum>.zip`. It is on the disk
//! before a row names it, and goes after no row does.

use std::{
    fs,
    io::{self, Cursor, Write as _},
    path::PathBuf,
};

use anyhow::Context;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::bundle::Bundle;
use crate::platform::{config::Config, failure::Outcome, files};

fn folder(config: &Config, id: &str) -> PathBuf {
    config.data_dir.join("plugins").join(id)
}

fn file(config: &Config, id: &str, checksum: &str) -> PathBuf {
    folder(config, id).join(format!("{checksum}.zip"))
}

/// Puts a bundle in its place.
///
/// # Errors
/// 507 when the disk is full, 503 when it cannot be written.
pub async fn put(config: &Config, bundle: &Bundle) -> Outcome<()> {
    let path = file(config, &bundle.manifest.id, &bundle.checksum);
    files::keep(path, archive(bundle)?).await
}

fn archive(bundle: &Bundle) -> anyhow::Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in &bundle.files {
        writer
            .start_file(path.as_str(), SimpleFileOptions::default())
            .context("naming a file of a plugin")?;
        writer.write_all(content).context("packing a file of a plugin")?;
    }
    Ok(writer.finish().context("packing a plugin")?.into_inner())
}

/// The archive of an installed version.
///
/// # Errors
/// When it is not there: a damaged installation.
pub fn read(config: &Config, id: &str, checksum: &str) -> io::Result<Vec<u8>> {
    fs::read(file(config, id, checksum))
}

/// Deletes what no row names any more: every version but the one with this checksum, or all of them. What cannot be
/// deleted stays and does no harm.
pub fn tidy(config: &Config, id: &str, keep: Option<&str>) {
    let folder = folder(config, id);
    let keep = keep.map(|checksum| format!("{checksum}.zip"));
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        if keep.as_deref().is_some_and(|name| entry.file_name() == name) {
            continue;
        }
        if let Err(fault) = fs::remove_file(entry.path()) {
            tracing::warn!(plugin = id, %fault, "a file of a plugin could not be deleted");
        }
    }
    if keep.is_none() && folder.is_dir() {
        // Another process may hold something in it; an empty folder is no harm either.
        let _ = fs::remove_dir(&folder);
    }
}
