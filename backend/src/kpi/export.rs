//! The list as a table for spreadsheets.

use kpi_api::kpi::KpiRow;

use crate::platform::csv;

const HEADER: [&str; 23] = [
    "id",
    "title",
    "owner",
    "department",
    "year",
    "quarter",
    "category",
    "kind",
    "direction",
    "unit",
    "baseline",
    "target",
    "lower",
    "upper",
    "weight",
    "current_value",
    "progress_percentage",
    "score",
    "band",
    "pace",
    "status",
    "due_date",
    "is_flagged",
];

pub fn csv(rows: &[KpiRow]) -> anyhow::Result<Vec<u8>> {
    csv::table(&HEADER, rows.iter().map(cells))
}

fn cells(row: &KpiRow) -> [String; 23] {
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    [
        row.id.to_string(),
        row.title.clone(),
        row.user_name.clone(),
        row.department_name.clone().unwrap_or_default(),
        row.year.to_string(),
        row.quarter.to_string(),
        row.category.to_string(),
        row.kind.to_string(),
        row.direction.to_string(),
        row.unit.clone(),
        number(row.baseline),
        number(row.target),
        number(row.lower),
        number(row.upper),
        row.weight.to_string(),
        number(row.current_value),
        number(row.progress_percentage),
        number(row.score),
        row.band.to_string(),
        row.pace.to_string(),
        row.status.to_string(),
        row.due_date.map(super::convert::date_text).unwrap_or_default(),
        row.is_flagged.to_string(),
    ]
}
