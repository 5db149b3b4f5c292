//! Names that people give to files, cleaned for showing. A name never becomes a path here.

use kpi_api::evidence::FILE_NAME_MAX;
use unicode_normalization::UnicodeNormalization;

/// What a file is called when nothing of its name is left.
const NAMELESS: &str = "file";

/// Letters of the longest extension that is taken for one.
const EXTENSION_MAX: usize = 10;

/// The last part of a path, composed (NFC), without control, direction and invisible characters, blanks single, at most
/// [`FILE_NAME_MAX`] characters; its extension is kept, and something always stands before it.
pub fn clean(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|c| !is_hidden(*c)).nfc().collect();
    let name = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_end_matches(['.', ' ']);
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, end)) if is_extension(end) => (stem, format!(".{end}")),
        _ => (name, String::new()),
    };
    let room = FILE_NAME_MAX - ending.len();
    let stem: String = stem.trim_start_matches(['.', ' ']).chars().take(room).collect();
    let stem = stem.trim_end_matches(['.', ' ']);
    format!("{}{ending}", if stem.is_empty() { NAMELESS } else { stem })
}

/// The extension of a name, as it stands there. Characters that do not show do not hide it.
pub fn extension(raw: &str) -> Option<String> {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|c| !is_hidden(*c)).collect();
    let (_, end) = visible.trim_end_matches(['.', ' ']).rsplit_once('.')?;
    is_extension(end).then(|| end.to_owned())
}

fn is_extension(text: &str) -> bool {
    (1..=EXTENSION_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Characters that do not show, or that change the direction in which others do.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0x00AD
                | 0x034F
                | 0x061C
                | 0x115F..=0x1160
                | 0x17B4..=0x17B5
                | 0x180B..=0x180F
                | 0x200B..=0x200F
                | 0x2028..=0x202E
                | 0x2060..=0x206F
                | 0x3164
                | 0xFE00..=0xFE0F
                | 0xFEFF
                | 0xFFA0
                | 0xFFF0..=0xFFFD
                | 0x1D173..=0x1D17A
                | 0xE0000..=0xE0FFF
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_what_people_can_read_of_it() {
        let long = format!("{}.pdf", "x".repeat(5000));
        let rows = [
            ("Report Q1.pdf", "Report Q1.pdf"),
            ("C:\\Users\\emil\\Report.PDF", "Report.PDF"),
            ("../../../etc/passwd.pdf", "passwd.pdf"),
            ("a\0b\r\nc\t.pdf", "abc.pdf"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("  many   blanks .pdf", "many blanks.pdf"),
            ("Umsa\u{308}tze.xlsx", "Umsätze.xlsx"),
            ("报告.docx", "报告.docx"),
            (".pdf", "file.pdf"),
            ("....pdf", "file.pdf"),
            ("\u{200b}\u{200b}.pdf", "file.pdf"),
            ("a.pdf. . .", "a.pdf"),
            ("a.tar.gz", "a.tar.gz"),
            ("no extension", "no extension"),
            ("", "file"),
            ("..", "file"),
            ("/", "file"),
        ];
        for (raw, expected) in rows {
            assert_eq!(clean(raw), expected, "{raw:?}");
        }
        let cut = clean(&long);
        assert_eq!((cut.chars().count(), cut.ends_with("x.pdf")), (FILE_NAME_MAX, true));
    }

    #[test]
    fn an_extension_does_not_hide() {
        let rows = [
            ("a.pdf", Some("pdf")),
            ("a.PDF ", Some("PDF")),
            ("a.pdf\0.exe", Some("exe")),
            ("a\u{202e}fdp.exe", Some("exe")),
            ("a.p\u{200b}df", Some("pdf")),
            ("a.pdf/b", None),
            ("a.", None),
            ("pdf", None),
            ("a.p df", None),
        ];
        for (raw, expected) in rows {
            assert_eq!(extension(raw).as_deref(), expected, "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_in_a_harmless_name_goes_out(raw in ".{0,400}") {
            let name = clean(&raw);
            prop_assert!(!name.is_empty() && name.chars().count() <= FILE_NAME_MAX);
            prop_assert!(!name.chars().any(|c| is_hidden(c) || c == '/' || c == '\\'), "{name:?}");
            prop_assert!(!name.starts_with('.'));
            if let Some(extension) = extension(&raw) {
                let ending = format!(".{extension}");
                prop_assert!(name.ends_with(&ending), "{name} of {raw:?}");
            }
        }
    }
}
