//! Whether a content is what its extension says, whole and harmless.

use super::{Done, Refusal, compound, ooxml, picture};
use crate::evidence::kinds::FileKind;

/// How far from its end the end mark of a PDF may stand, in bytes; some programs append a little.
const PDF_TAIL: usize = 16 * 1024;

/// How far from its beginning the name of the format may stand.
const PDF_HEAD: usize = 1024;

const PDF: &[u8] = b"%PDF-";
const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff";
const GIF: [&[u8]; 2] = [b"GIF87a", b"GIF89a"];

pub fn check(kind: FileKind, content: &[u8]) -> Done<()> {
    if content.is_empty() {
        return Err(Refusal::Truncated);
    }
    let begins = |magic: &[u8]| content.starts_with(magic);
    let is_it = match kind {
        FileKind::Pdf => find(&content[..content.len().min(PDF_HEAD)], PDF).is_some(),
        FileKind::Doc | FileKind::Xls | FileKind::Ppt => begins(COMPOUND),
        FileKind::Docx | FileKind::Xlsx | FileKind::Pptx => begins(ZIP),
        FileKind::Jpeg => begins(JPEG),
        FileKind::Png => begins(PNG),
        FileKind::Gif => GIF.into_iter().any(begins),
        FileKind::Other => return Ok(()),
    };
    if !is_it {
        // A few bytes that could still have become it are its beginning.
        let beginnings = [PDF, ZIP, COMPOUND, PNG, JPEG, GIF[0], GIF[1]];
        let is_begun =
            beginnings.iter().any(|magic| content.len() < magic.len() && magic.starts_with(content));
        return Err(if is_begun { Refusal::Truncated } else { Refusal::Mismatch });
    }
    match kind {
        FileKind::Pdf => pdf(content),
        FileKind::Doc | FileKind::Xls | FileKind::Ppt => compound::check(kind, content),
        FileKind::Docx | FileKind::Xlsx | FileKind::Pptx => ooxml::check(kind, content),
        _ => picture::check(kind, content),
    }
}

/// Only its two ends: a reader repairs or refuses the rest, and does so in its own sandbox.
fn pdf(content: &[u8]) -> Done<()> {
    let tail = &content[content.len().saturating_sub(PDF_TAIL)..];
    match (find(tail, b"startxref"), find(tail, b"%%EOF")) {
        (Some(_), Some(_)) => Ok(()),
        _ => Err(Refusal::Truncated),
    }
}

pub fn find(content: &[u8], wanted: &[u8]) -> Option<usize> {
    content.windows(wanted.len()).position(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lying_extension_is_told_from_a_cut_file() {
        let pdf = b"%PDF-1.4\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n".as_slice();
        let rows: [(FileKind, &[u8], Done<()>); 10] = [
            (FileKind::Pdf, pdf, Ok(())),
            (FileKind::Pdf, &pdf[..30], Err(Refusal::Truncated)),
            (FileKind::Pdf, b"%PD", Err(Refusal::Truncated)),
            (FileKind::Png, pdf, Err(Refusal::Mismatch)),
            (FileKind::Jpeg, b"<html>hello</html>", Err(Refusal::Mismatch)),
            (FileKind::Pdf, b"MZ\x90\0 a program", Err(Refusal::Mismatch)),
            (FileKind::Doc, b"PK\x03\x04 a zip", Err(Refusal::Mismatch)),
            (FileKind::Docx, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted", Err(Refusal::Mismatch)),
            (FileKind::Png, b"\x89PNG", Err(Refusal::Truncated)),
            (FileKind::Gif, b"", Err(Refusal::Truncated)),
        ];
        for (kind, content, expected) in rows {
            assert_eq!(check(kind, content), expected, "{kind:?} {:?}", String::from_utf8_lossy(content));
        }
    }
}
