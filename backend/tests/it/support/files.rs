//! Files of every kind, whole and broken, and forms that carry them.

use std::io::{Cursor, Write as _};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{Actor, Request, Response};

const BOUNDARY: &str = "----boundary-of-the-tests";

const CONTENTS: &str = "[Content_Types].xml";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";

/// One part of a form with a file's name.
pub fn part(name: &str, file_name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\r\n");
    [head.as_bytes(), content].concat()
}

/// One part of a form with text.
pub fn field(name: &str, value: &str) -> Vec<u8> {
    format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}").into_bytes()
}

/// A whole form.
pub fn form(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        body.extend(format!("--{BOUNDARY}\r\n").as_bytes());
        body.extend(part);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

pub fn form_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

impl Request {
    pub fn form(self, parts: &[Vec<u8>]) -> Self {
        self.header("content-type", form_type()).raw(form(parts))
    }
}

impl Actor {
    pub async fn attaches(&self, kpi: &Response, name: &str, content: &[u8]) -> Response {
        self.request("POST", &format!("/kpis/{}/evidence", kpi.id()))
            .form(&[part("file", name, content)])
            .send()
            .await
    }
}

fn painted(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| Rgb([(x * 7) as u8, (y * 5) as u8, 90]));
    let mut bytes = Vec::new();
    DynamicImage::from(picture).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    painted(width, height, ImageFormat::Png)
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    painted(width, height, ImageFormat::Jpeg)
}

pub fn gif(width: u32, height: u32) -> Vec<u8> {
    painted(width, height, ImageFormat::Gif)
}

/// A PNG whose header promises 65,536 × 65,536 pixels.
pub fn giant_png() -> Vec<u8> {
    let mut png = png(4, 4);
    png[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let sum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

/// PNG, annex D.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 },
        )
    })
}

/// A page with a line of text and a red square.
pub fn pdf() -> Vec<u8> {
    let drawn = "1 0 0 rg 40 40 60 60 re f BT /F1 24 Tf 40 150 Td (Signed) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{drawn}\nendstream", drawn.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut text = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        offsets.push(text.len());
        text += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = text.len();
    text += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        text += &format!("{offset:010} 00000 n \n");
    }
    text += &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    text.into_bytes()
}

/// A zip archive of these entries.
pub fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The table of contents of an office document.
pub fn contents(kinds: &[&str]) -> String {
    let overrides: String = kinds
        .iter()
        .enumerate()
        .map(|(number, kind)| format!("<Override PartName=\"/part{number}.xml\" ContentType=\"{kind}\"/>"))
        .collect();
    format!(
        "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">{overrides}</Types>"
    )
}

pub fn docx(paragraphs: &[&str]) -> Vec<u8> {
    docx_with(paragraphs, &[], &[])
}

/// With more content types and more entries.
pub fn docx_with(paragraphs: &[&str], kinds: &[&str], entries: &[(&str, &[u8])]) -> Vec<u8> {
    let text: String =
        paragraphs.iter().map(|text| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")).collect();
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{text}</w:body></w:document>");
    let contents = contents(&[&[DOCX], kinds].concat());
    let mut all = vec![(CONTENTS, contents.as_bytes()), ("word/document.xml", document.as_bytes())];
    all.extend_from_slice(entries);
    zipped(&all)
}

/// A workbook of one sheet; cells that read as numbers are numbers.
pub fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let mut data = String::new();
    for (row, cells) in rows.iter().enumerate() {
        data += &format!("<row r=\"{}\">", row + 1);
        for (column, text) in cells.iter().enumerate() {
            let place = format!("{}{}", char::from(b'A' + column as u8), row + 1);
            data += &match text.parse::<f64>() {
                Ok(number) => format!("<c r=\"{place}\"><v>{number}</v></c>"),
                Err(_) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
            };
        }
        data += "</row>";
    }
    xlsx_of(&format!("<sheetData>{data}</sheetData>"))
}

/// A workbook of one sheet with this inside.
pub fn xlsx_of(sheet: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let contents = contents(&[XLSX, SHEET]);
    let root = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"r1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let workbook = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>\
         <sheet name=\"Figures\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"r1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let sheet = format!("<worksheet xmlns=\"{MAIN}\">{sheet}</worksheet>");
    zipped(&[
        (CONTENTS, contents.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// A compound file with these streams and storages.
pub fn compound(streams: &[&str], storages: &[&str]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for storage in storages {
        file.create_storage(format!("/{storage}")).unwrap();
    }
    for stream in streams {
        file.create_stream(format!("/{stream}")).unwrap().write_all(&[7; 5000]).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A document with an entry that is 300 times as large unpacked.
pub fn bomb() -> Vec<u8> {
    docx_with(&["harmless"], &[], &[("word/media/image1.bmp", &vec![0; 60_000_000])])
}
