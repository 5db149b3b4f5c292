//! Office Open XML: a zip archive with a table of contents. Looked at without trusting what the archive says of
//! itself: every byte is unpacked and counted.

use std::{
    collections::HashSet,
    io::{Cursor, Read as _},
};

use quick_xml::{Reader, events::Event};
use zip::{ZipArchive, result::ZipError};

use super::{Done, Refusal};
use crate::evidence::kinds::FileKind;

const MOST_ENTRIES: usize = 10_000;
/// Bytes of everything unpacked.
const MOST_BYTES: u64 = 1024 * 1024 * 1024;
/// From so many bytes on, the ratio is looked at.
const LOOKED_AT: u64 = 32 * 1024 * 1024;
/// Unpacked to packed. Sheets full of the same number come to about 40.
const LARGEST_RATIO: u64 = 120;
/// Bytes of the largest table of contents.
const LARGEST_CONTENTS: u64 = 4 * 1024 * 1024;

const CONTENTS: &str = "[Content_Types].xml";

pub type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

pub fn open(content: &[u8]) -> Done<Archive<'_>> {
    // The directory stands at the end: where it is missing, the end is.
    ZipArchive::new(Cursor::new(content)).map_err(|_| Refusal::Truncated)
}

pub fn check(kind: FileKind, content: &[u8]) -> Done<()> {
    let mut archive = open(content)?;
    if archive.len() > MOST_ENTRIES {
        return Err(Refusal::TooDense);
    }
    let declared = contents(&mut archive)?;
    if declared.iter().any(|kind| brings_macros(kind)) {
        return Err(Refusal::Macros);
    }
    let main = match kind {
        FileKind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        FileKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        _ => "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    };
    if !declared.contains(main) {
        return Err(Refusal::Mismatch);
    }
    unpack(&mut archive, content.len() as u64)
}

/// Unpacks everything into nothing, counting.
fn unpack(archive: &mut Archive<'_>, packed: u64) -> Done<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut total = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|fault| damaged(&fault))?;
        let name = entry.name().map_err(|_| Refusal::Damaged)?.to_ascii_lowercase();
        if name.ends_with("vbaproject.bin") || name.ends_with("vbadata.xml") || name.contains("/macrosheets/")
        {
            return Err(Refusal::Macros);
        }
        loop {
            let read = entry.read(&mut buffer).map_err(|_| Refusal::Damaged)?;
            if read == 0 {
                break;
            }
            total += read as u64;
            if total > MOST_BYTES || (total > LOOKED_AT && total / packed.max(1) > LARGEST_RATIO) {
                return Err(Refusal::TooDense);
            }
        }
    }
    Ok(())
}

/// The content types that the archive declares.
fn contents(archive: &mut Archive<'_>) -> Done<HashSet<String>> {
    let text = part(archive, CONTENTS, LARGEST_CONTENTS)?.ok_or(Refusal::Mismatch)?;
    let mut reader = Reader::from_reader(text.as_slice());
    let mut kinds = HashSet::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| Refusal::Damaged)? {
            Event::Eof => return Ok(kinds),
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes().flatten() {
                    if attribute.key.as_ref() == "ContentType" {
                        kinds.insert(attribute.value.trim().to_owned());
                    }
                }
            }
            _ => {}
        }
    }
}

fn brings_macros(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    kind.contains("macroenabled") || kind.contains("vbaproject") || kind.contains("macrosheet")
}

/// One entry of at most `most` bytes; `None` where there is none of that name.
pub fn part(archive: &mut Archive<'_>, name: &str, most: u64) -> Done<Option<Vec<u8>>> {
    let entry = match archive.by_name(name) {
        Err(ZipError::FileNotFound) => return Ok(None),
        other => other.map_err(|fault| damaged(&fault))?,
    };
    let mut bytes = Vec::new();
    entry.take(most + 1).read_to_end(&mut bytes).map_err(|_| Refusal::Damaged)?;
    if bytes.len() as u64 > most { Err(Refusal::TooDense) } else { Ok(Some(bytes)) }
}

fn damaged(_: &ZipError) -> Refusal {
    Refusal::Damaged
}
