//! Workbooks as rows of text: the values that are stored, no formula run, nothing fetched.

use std::io::Cursor;

use calamine::{Data, DataRef, DataType, ExcelDateTime, Reader as _, SheetVisible, Xls, Xlsx};
use kpi_api::evidence::{EvidencePreview, PreviewSheet};

use super::{Done, Refusal};
use crate::evidence::kinds::FileKind;

const MOST_SHEETS: usize = 20;
const MOST_ROWS: usize = 500;
const MOST_COLUMNS: usize = 50;
/// Characters of one cell.
const LONGEST_CELL: usize = 300;
/// Characters of all cells together.
const MOST_TEXT: usize = 2_000_000;

pub fn read(kind: FileKind, content: &[u8]) -> Done<EvidencePreview> {
    let mut tables = Tables { sheets: Vec::new(), truncated: false, left: MOST_TEXT };
    if kind == FileKind::Xls {
        let mut book = Xls::new(Cursor::new(content)).map_err(|_| Refusal::Damaged)?;
        for name in names(&book) {
            let range = book.worksheet_range(&name).map_err(|_| Refusal::Damaged)?;
            let start = range.start().unwrap_or_default();
            let cells = range.used_cells().map(|(row, column, value)| {
                Ok(((start.0 as usize + row, start.1 as usize + column), shown(value, plain(value))))
            });
            tables.sheet(name, cells)?;
        }
    } else {
        let mut book = Xlsx::new(Cursor::new(content)).map_err(|_| Refusal::Damaged)?;
        for name in names(&book) {
            // Cell by cell: a sheet whose first and last cell are used would be vast as a whole.
            let Ok(mut reader) = book.worksheet_cells_reader(&name) else { continue };
            let cells = std::iter::from_fn(|| match reader.next_cell() {
                Ok(None) => None,
                Ok(Some(cell)) => {
                    let (row, column) = cell.get_position();
                    let value = cell.get_value();
                    Some(Ok(((row as usize, column as usize), shown(value, plain_ref(value)))))
                }
                Err(_) => Some(Err(Refusal::Damaged)),
            });
            tables.sheet(name, cells)?;
        }
    }
    Ok(EvidencePreview::Table { sheets: tables.sheets, truncated: tables.truncated })
}

/// Sheets that are to be seen.
fn names<'a, B: calamine::Reader<Cursor<&'a [u8]>>>(book: &B) -> Vec<String> {
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    sheets.map(|sheet| sheet.name.clone()).collect()
}

struct Tables {
    sheets: Vec<PreviewSheet>,
    truncated: bool,
    /// Characters that may still be shown.
    left: usize,
}

impl Tables {
    fn sheet(
        &mut self,
        name: String,
        cells: impl Iterator<Item = Done<((usize, usize), Option<String>)>>,
    ) -> Done<()> {
        if self.sheets.len() == MOST_SHEETS || self.left == 0 {
            self.truncated = true;
            return Ok(());
        }
        let name = name.chars().take(LONGEST_CELL).collect();
        let mut sheet = PreviewSheet { name, rows: Vec::new(), truncated: false };
        let mut first = None;
        for cell in cells {
            let ((row, column), text) = cell?;
            let Some(text) = text else { continue };
            let Some(row) = row.checked_sub(*first.get_or_insert(row)) else { continue };
            if row >= MOST_ROWS || self.left == 0 {
                sheet.truncated = true;
                break;
            }
            if column >= MOST_COLUMNS {
                sheet.truncated = true;
                continue;
            }
            let text: String = text.chars().take(LONGEST_CELL.min(self.left)).collect();
            self.left -= text.chars().count();
            if sheet.rows.len() <= row {
                sheet.rows.resize_with(row + 1, Vec::new);
            }
            let cells = &mut sheet.rows[row];
            if cells.len() <= column {
                cells.resize_with(column + 1, String::new);
            }
            cells[column] = text;
        }
        self.truncated |= sheet.truncated;
        self.sheets.push(sheet);
        Ok(())
    }
}

fn plain(value: &Data) -> String {
    value.to_string()
}

fn plain_ref(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        other => Data::from(other.clone()).to_string(),
    }
}

/// What a cell shows; `None` where it is empty.
fn shown(value: &impl DataType, plain: String) -> Option<String> {
    if value.is_empty() {
        return None;
    }
    let text = match (value.get_datetime(), value.get_float()) {
        (Some(at), _) => moment(at),
        (None, Some(number)) => rounded(number),
        _ => plain,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// Without the noise in the last digits that adding up leaves.
fn rounded(number: f64) -> String {
    format!("{}", (number * 1e10).round() / 1e10)
}

fn moment(at: ExcelDateTime) -> String {
    if at.is_duration() {
        let minutes = (at.as_f64() * 24.0 * 60.0).round() as i64;
        return format!("{}:{:02}", minutes / 60, (minutes % 60).abs());
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    match (hour, minute, second) {
        (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        (hour, minute, 0) => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
        (hour, minute, second) => {
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
    }
}
