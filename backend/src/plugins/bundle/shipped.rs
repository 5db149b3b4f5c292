//! The plugins that come with the application.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;

use super::Bundle;

#[derive(RustEmbed)]
#[folder = "../plugins"]
struct Folder;

/// All of them, by their id. One that is not right is left out and told of in the log; a test sees to it that there is
/// none.
pub fn shipped() -> Vec<Bundle> {
    folders()
        .into_iter()
        .filter_map(|(id, files)| match Bundle::of(files, Some(&id)) {
            Ok(bundle) => Some(bundle),
            Err(faults) => {
                let fault = faults.first().map(ToString::to_string).unwrap_or_default();
                tracing::error!(plugin = id, fault, "a shipped plugin cannot be used");
                None
            }
        })
        .collect()
}

/// The files of each folder by their path below it.
fn folders() -> BTreeMap<String, BTreeMap<String, Vec<u8>>> {
    let mut folders: BTreeMap<String, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    for path in Folder::iter() {
        if let Some((folder, rest)) = path.split_once('/')
            && !rest.starts_with('.')
            && let Some(file) = Folder::get(&path)
        {
            folders.entry(folder.to_owned()).or_default().insert(rest.to_owned(), file.data.into_owned());
        }
    }
    folders
}
