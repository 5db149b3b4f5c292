//! The compound files of the old office programs (MS-CFB): a file system in a file.

use std::io::{Cursor, ErrorKind};

use cfb::CompoundFile;

use super::{Done, Refusal};
use crate::evidence::kinds::FileKind;

/// Entries of the largest directory that is walked.
const MOST_ENTRIES: usize = 20_000;

pub fn check(kind: FileKind, content: &[u8]) -> Done<()> {
    let file = CompoundFile::open(Cursor::new(content)).map_err(|fault| match fault.kind() {
        ErrorKind::UnexpectedEof => Refusal::Truncated,
        _ if is_cut(content) => Refusal::Truncated,
        _ => Refusal::Damaged,
    })?;
    let wanted: &[&str] = match kind {
        FileKind::Doc => &["WordDocument"],
        FileKind::Xls => &["Workbook", "Book"],
        _ => &["PowerPoint Document"],
    };
    let has = |name: &str| file.read_root_storage().any(|entry| entry.is_stream() && entry.name() == name);
    if !wanted.iter().any(|name| has(name)) {
        return Err(Refusal::Mismatch);
    }
    for (number, entry) in file.walk().enumerate() {
        if number > MOST_ENTRIES {
            return Err(Refusal::TooDense);
        }
        if matches!(entry.name(), "_VBA_PROJECT" | "_VBA_PROJECT_CUR" | "VBA") {
            return Err(Refusal::Macros);
        }
    }
    if is_cut(content) { Err(Refusal::Truncated) } else { Ok(()) }
}

/// Whether the header counts more sectors of the allocation table than the file could hold entries for: the file ends
/// before what it says is in it. The last sector may be short; some programs leave it so.
fn is_cut(content: &[u8]) -> bool {
    let number = |at: usize| {
        content.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes)
    };
    let Some(shift) = content.get(30..32).map(|bytes| u32::from(u16::from_le_bytes([bytes[0], bytes[1]]))) else {
        return true;
    };
    if !(7..=16).contains(&shift) {
        return false;
    }
    let sector = 1u64 << shift;
    let sectors = (content.len() as u64).div_ceil(sector).saturating_sub(1);
    let (directory, table) = (u64::from(number(48)), u64::from(number(76)));
    directory >= sectors || table >= sectors
}
