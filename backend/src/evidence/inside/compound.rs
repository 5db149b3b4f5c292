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

/// Whether the allocation table speaks of sectors that the file does not have: it ends before what is in it. The last
/// sector may be short; some programs leave it so. Of very large tables only the part is read that the header names.
fn is_cut(content: &[u8]) -> bool {
    const FREE: u32 = 0xFFFF_FFFF;
    /// Sectors of the table that the header names, and where it does.
    const NAMED: usize = 109;
    const NAMES_AT: usize = 76;
    let number =
        |at: usize| -> Option<u32> { Some(u32::from_le_bytes(content.get(at..at + 4)?.try_into().ok()?)) };
    let shift = content.get(30..32).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]));
    if content.len() < NAMES_AT + 4 * NAMED {
        return true;
    }
    if !(7..=16).contains(&shift) {
        return false;
    }
    let sector = 1_usize << shift;
    let sectors = content.len().div_ceil(sector) - 1;
    let entries = sector / 4;
    let tables =
        (0..NAMED).filter_map(|named| number(NAMES_AT + 4 * named)).take_while(|table| *table != FREE);
    for (place, table) in tables.enumerate() {
        let begin = (table as usize).saturating_add(1).saturating_mul(sector);
        let used = (0..entries).rev().find(|entry| match number(begin.saturating_add(4 * entry)) {
            Some(next) => next != FREE,
            // The table itself is cut.
            None => true,
        });
        if used.is_some_and(|entry| place * entries + entry >= sectors) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn made(stream: &str) -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream(format!("/{stream}")).unwrap().write_all(&[7; 20_000]).unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn a_cut_file_is_told_from_another_kind() {
        let whole = made("WordDocument");
        assert_eq!(check(FileKind::Doc, &whole), Ok(()));
        assert_eq!(check(FileKind::Xls, &whole), Err(Refusal::Mismatch));
        for length in (600..whole.len() - 4096).step_by(1500) {
            assert_eq!(check(FileKind::Doc, &whole[..length]), Err(Refusal::Truncated), "{length}");
        }
    }
}
