//! A few real files on KPIs of those whom guides and tests log in as: reports, tables and pictures made here, one of them
//! used twice, and one template that asks for a report.

use std::io::{Cursor, Write as _};

use anyhow::Context as _;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use kpi_api::{history::Change, id::UserId, kpi::Status, template::EvidenceContract, time::Period};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::cast;
use crate::{
    app::Ctx,
    entity::{check_in, evidence, kpi},
    kpi::history,
    periods,
    platform::{db::work::Work, failure::Outcome},
};

/// KPIs that get files.
const MOST: usize = 8;

/// What the template asks for that asks at all.
pub fn contract() -> EvidenceContract {
    EvidenceContract { count: 1, kinds: vec!["pdf".to_owned()], max_age_days: None }
}

/// Attaches files to KPIs of the present quarter. `asking` is the template that asks for evidence: its KPIs under way
/// ask for it too.
pub async fn attach(ctx: &Ctx, work: &mut Work, now: Period, asking: Option<i64>) -> Outcome<()> {
    let people = [cast::EMPLOYEE, cast::MANAGER, cast::OUTSIDER];
    let states = [Status::Approved, Status::InReview, Status::Closed].map(Status::as_str);
    let kpis = kpi::Entity::find()
        .filter(kpi::Column::Period.eq(periods::number(now)))
        .filter(kpi::Column::UserId.is_in(people))
        .filter(kpi::Column::Status.is_in(states))
        .order_by_desc(kpi::Column::UserId.eq(cast::EMPLOYEE))
        .order_by_asc(kpi::Column::Id)
        .all(work.tx())
        .await?;
    let mut last_report = None;
    for (number, row) in kpis.iter().take(MOST).enumerate() {
        let lines = [row.title.as_str(), "As signed off by the team.", "Figures from the ledger."];
        // Somebody has handed in the report of another KPI.
        let report = match last_report.take() {
            Some(report) if row.status == Status::InReview.as_str() => report,
            _ => pdf(&lines),
        };
        put(ctx, work, row, "Report.pdf", "The report of the quarter so far", &report).await?;
        last_report = Some(report);
        if number % 2 == 0 {
            put(ctx, work, row, "Chart.png", "", &picture(number)?).await?;
        }
        if number % 3 == 0 {
            put(ctx, work, row, "Figures.xlsx", "Month by month", &table(number)?).await?;
        }
    }
    if let Some(template) = asking {
        let under_way = [Status::Draft, Status::Submitted, Status::Approved].map(Status::as_str);
        kpi::Entity::update_many()
            .set(kpi::ActiveModel {
                evidence: Set(serde_json::to_string(&contract())?),
                ..Default::default()
            })
            .filter(kpi::Column::TemplateId.eq(template))
            .filter(kpi::Column::Period.eq(periods::number(now)))
            .filter(kpi::Column::Status.is_in(under_way))
            .exec(work.tx())
            .await?;
    }
    Ok(())
}

async fn put(
    ctx: &Ctx,
    work: &mut Work,
    kpi: &kpi::Model,
    name: &str,
    description: &str,
    content: &[u8],
) -> Outcome<()> {
    let mut draft = ctx.files.draft().await?;
    draft.write(content.to_vec().into()).await?;
    let file = draft.finish().await?;
    // What shows a development hangs on the last value, the rest on the KPI.
    let check_in = check_in::Entity::find()
        .filter(check_in::Column::KpiId.eq(kpi.id))
        .order_by_desc(check_in::Column::Id)
        .one(work.tx())
        .await?
        .filter(|_| name.ends_with(".png"));
    let extension = name.rsplit('.').next().unwrap_or_default();
    let row = evidence::ActiveModel {
        kpi_id: Set(kpi.id),
        check_in_id: Set(check_in.map(|row| row.id)),
        name: Set(name.to_owned()),
        extension: Set(extension.to_owned()),
        sha256: Set(file.sha256.clone()),
        size: Set(content.len() as i64),
        description: Set(description.to_owned()),
        uploaded_by: Set(kpi.user_id),
        created_at: Set(work.at().0),
        ..Default::default()
    };
    ctx.files.place(file).await?;
    let row = row.insert(work.tx()).await?;
    let change = Change { field: "evidence".to_owned(), old: Value::Null, new: Value::from(name) };
    history::note(work, history::FILE_ADDED, UserId(kpi.user_id), kpi, change).await?;
    let detail = json!({ "kpi_id": kpi.id, "name": name, "size": row.size, "sha256": row.sha256 });
    work.audit("evidence.add", "evidence", Some(row.id), detail).await
}

/// One page with lines of text and a bar. Letters that its plain font does not have are left out.
fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut drawn = "0.15 0.39 0.92 rg 56 760 483 6 re f 0 g BT /F1 20 Tf 56 700 Td 30 TL".to_owned();
    for line in lines {
        let plain: String = line.chars().filter(|c| c.is_ascii() && !"()\\".contains(*c)).collect();
        drawn += &format!(" ({plain}) Tj T*");
    }
    drawn += " ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{drawn}\nendstream", drawn.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut text = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", text.len());
        text += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = text.len();
    text += &table;
    text += &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    text.into_bytes()
}

/// Rising bars.
fn picture(number: usize) -> anyhow::Result<Vec<u8>> {
    const BARS: u32 = 12;
    let picture = RgbImage::from_fn(640, 360, |x, y| {
        let bar = x * BARS / 640;
        let height = 60 + (bar * 22 + (bar * 37 + number as u32 * 53) % 40).min(280);
        let is_gap = x * BARS % 640 < 120;
        Rgb(if !is_gap && 350 - y.min(350) < height { [37, 99, 235] } else { [248, 250, 252] })
    });
    let mut bytes = Vec::new();
    DynamicImage::from(picture)
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .context("painting a picture of the demo company")?;
    Ok(bytes)
}

/// A workbook with a column of months and one of numbers.
fn table(number: usize) -> anyhow::Result<Vec<u8>> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let text =
        |place: &str, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let mut rows = format!("<row r=\"1\">{}{}</row>", text("A1", "Week"), text("B1", "Value"));
    for week in 1..=10 {
        let (row, value) = (week + 1, (week * 7 + number * 3) % 11 + week * 4);
        rows += &format!(
            "<row r=\"{row}\">{}<c r=\"B{row}\"><v>{value}</v></c></row>",
            text(&format!("A{row}"), &format!("Week {week}"))
        );
    }
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{PACKAGE}/content-types\">\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"{KIND}.sheet.main+xml\"/>\
                 <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{KIND}.worksheet+xml\"/></Types>"
            ),
        ),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"Weeks\" sheetId=\"1\" \
                 r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name, SimpleFileOptions::default())?;
        writer.write_all(content.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{
        inside::{Task, work},
        kinds::FileKind,
    };

    #[test]
    fn the_files_are_what_they_say() {
        let files = [
            (FileKind::Pdf, pdf(&["A line", "Another (one)"])),
            (FileKind::Png, picture(1).unwrap()),
            (FileKind::Xlsx, table(1).unwrap()),
        ];
        for (kind, content) in files {
            assert_eq!(work(Task::Check, kind, &content), Ok(Vec::new()), "{kind:?}");
            let task = if kind == FileKind::Xlsx { Task::Preview } else { Task::Thumbnail };
            assert!(work(task, kind, &content).is_ok_and(|made| made.len() > 100), "{kind:?}");
        }
    }
}
