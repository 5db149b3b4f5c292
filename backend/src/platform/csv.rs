//! CSV for people who open it in a spreadsheet: no cell ever starts a formula.

use std::borrow::Cow;

/// The cell as it may stand in a file: with an apostrophe in front when a spreadsheet would take it for a formula.
/// Numbers, negative ones too, stay numbers.
pub fn cell(text: &str) -> Cow<'_, str> {
    let starts_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if starts_formula && !is_number(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn is_number(text: &str) -> bool {
    // `parse` alone would let "-inf" and "+nan" through.
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
        && text.parse::<f64>().is_ok()
}

/// A whole table with its header, comma separated, lines ended by CRLF (RFC 4180), UTF-8.
///
/// # Errors
/// When a row has another number of cells than the header.
pub fn table<R, C>(header: &[&str], rows: impl IntoIterator<Item = R>) -> anyhow::Result<Vec<u8>>
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        for text in row {
            writer.write_field(cell(text.as_ref()).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.into_inner().map_err(|fault| anyhow::anyhow!("{}", fault.error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_starts_a_formula() {
        let rows = [
            ("=1+1", "'=1+1"),
            ("+A1", "'+A1"),
            ("-A1", "'-A1"),
            ("-", "'-"),
            ("-inf", "'-inf"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("＝1", "'＝1"),
            ("-1.5", "-1.5"),
            ("+3e2", "+3e2"),
            ("a=1", "a=1"),
            ("", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }

    #[test]
    fn cells_are_quoted_where_needed() {
        let bytes = table(&["id", "name"], [vec!["1", "a,\"b\"\nc"], vec!["2", "=x"]]).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "id,name\r\n1,\"a,\"\"b\"\"\nc\"\r\n2,'=x\r\n");
        assert!(table(&["id", "name"], [vec!["1"]]).is_err());
    }
}
