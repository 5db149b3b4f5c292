//! Rows of the database to what travels, and back.

use std::str::FromStr;

use anyhow::{Context, anyhow};
use kpi_api::{
    checkin::CheckInView,
    id::{CheckInId, DepartmentId, KpiId, TemplateId, UserId, Version},
    kpi::{KpiNew, KpiRef, KpiRow, Status},
    scoring::Pace,
    template::CustomField,
    time::{Date, Period, Timestamp},
};
use sea_orm::{ActiveValue::Set, FromQueryResult};
use time::{format_description::BorrowedFormatItem, macros::format_description};

use super::repo::AlignedRow;
use crate::{
    entity::{check_in, kpi},
    people::directory::Directory,
    periods,
    platform::failure::Outcome,
};

const DATE: &[BorrowedFormatItem<'static>] = format_description!("[year]-[month]-[day]");

/// A date as columns hold it.
pub fn date_text(date: Date) -> String {
    let (year, month, day) = date.to_calendar_date();
    format!("{year:04}-{:02}-{day:02}", u8::from(month))
}

pub fn date_of(text: &str) -> anyhow::Result<Date> {
    Date::parse(text, DATE).with_context(|| format!("the date {text} of a row"))
}

pub fn date_or_none(text: Option<&str>) -> anyhow::Result<Option<Date>> {
    text.map(date_of).transpose()
}

/// A word of one of the wire enumerations.
pub fn word<T: FromStr<Err = String>>(text: &str) -> anyhow::Result<T> {
    text.parse().map_err(|allowed| anyhow!("{text:?} in a row, expected {allowed}"))
}

/// What is searched: lower case, so that a search finds every script's capitals.
pub fn search_text(kpi: &KpiNew) -> String {
    let mut text = kpi.title.to_lowercase();
    for tag in &kpi.tags {
        text.push('\n');
        text.push_str(&tag.to_lowercase());
    }
    text
}

/// The columns of a list row; [`KPI_ROW_COLUMNS`] selects them.
#[derive(Debug, FromQueryResult)]
pub struct ListRow {
    pub id: i64,
    pub user_id: i64,
    pub department_id: Option<i64>,
    pub template_id: Option<i64>,
    pub period: i64,
    pub title: String,
    pub category: String,
    pub kind: String,
    pub unit: String,
    pub decimals: i64,
    pub direction: String,
    pub baseline: Option<f64>,
    pub target: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub rollup: String,
    pub weight: f64,
    pub current_value: Option<f64>,
    pub attainment: Option<f64>,
    pub progress: Option<f64>,
    pub score: Option<f64>,
    pub band: String,
    pub is_flagged: bool,
    pub status: String,
    pub due_date: Option<String>,
    pub last_check_in_on: Option<String>,
    pub check_in_days: Option<i64>,
    pub returned_reason: Option<String>,
    pub submit_comment: Option<String>,
    pub is_revision: bool,
    pub submitted_at: Option<i64>,
    pub approved_at: Option<i64>,
    pub updated_at: i64,
    pub version: i64,
}

pub const KPI_ROW_COLUMNS: [kpi::Column; 34] = [
    kpi::Column::Id,
    kpi::Column::UserId,
    kpi::Column::DepartmentId,
    kpi::Column::TemplateId,
    kpi::Column::Period,
    kpi::Column::Title,
    kpi::Column::Category,
    kpi::Column::Kind,
    kpi::Column::Unit,
    kpi::Column::Decimals,
    kpi::Column::Direction,
    kpi::Column::Baseline,
    kpi::Column::Target,
    kpi::Column::Lower,
    kpi::Column::Upper,
    kpi::Column::Rollup,
    kpi::Column::Weight,
    kpi::Column::CurrentValue,
    kpi::Column::Attainment,
    kpi::Column::Progress,
    kpi::Column::Score,
    kpi::Column::Band,
    kpi::Column::IsFlagged,
    kpi::Column::Status,
    kpi::Column::DueDate,
    kpi::Column::LastCheckInOn,
    kpi::Column::CheckInDays,
    kpi::Column::ReturnedReason,
    kpi::Column::SubmitComment,
    kpi::Column::IsRevision,
    kpi::Column::SubmittedAt,
    kpi::Column::ApprovedAt,
    kpi::Column::UpdatedAt,
    kpi::Column::Version,
];

/// Where in time things are read: pace depends on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Now {
    pub today: Date,
    /// First month of the fiscal year, 1 to 12.
    pub first_month: u8,
}

impl Now {
    pub fn elapsed(self, period: Period) -> f64 {
        period.elapsed(self.today, self.first_month)
    }

    pub fn period(self) -> Period {
        Period::containing(self.today, self.first_month)
    }
}

pub fn row(row: &ListRow, directory: &Directory, now: Now) -> Outcome<KpiRow> {
    let period = periods::from_number(row.period);
    Ok(KpiRow {
        id: KpiId(row.id),
        title: row.title.clone(),
        category: word(&row.category)?,
        user_id: UserId(row.user_id),
        user_name: directory.name(UserId(row.user_id)),
        department_id: row.department_id.map(DepartmentId),
        department_name: row.department_id.and_then(|id| directory.department_name(DepartmentId(id))),
        template_id: row.template_id.map(TemplateId),
        year: period.year,
        quarter: period.quarter,
        kind: word(&row.kind)?,
        unit: row.unit.clone(),
        decimals: row.decimals as u8,
        direction: word(&row.direction)?,
        baseline: row.baseline,
        target: row.target,
        lower: row.lower,
        upper: row.upper,
        weight: row.weight,
        current_value: row.current_value,
        progress_percentage: row.progress,
        score: row.score,
        band: word(&row.band)?,
        is_flagged: row.is_flagged,
        pace: Pace::of(row.attainment, now.elapsed(period)),
        status: word(&row.status)?,
        due_date: date_or_none(row.due_date.as_deref())?,
        updated_at: Timestamp(row.updated_at),
        version: Version(row.version),
    })
}

pub fn reference(kpi: &AlignedRow, directory: &Directory) -> Outcome<KpiRef> {
    Ok(KpiRef {
        id: KpiId(kpi.id),
        title: kpi.title.clone(),
        user_id: UserId(kpi.user_id),
        user_name: directory.name(UserId(kpi.user_id)),
        score: kpi.score,
        band: word(&kpi.band)?,
        is_flagged: kpi.is_flagged,
        status: word(&kpi.status)?,
    })
}

pub fn status(kpi: &kpi::Model) -> Outcome<Status> {
    Ok(word(&kpi.status)?)
}

/// What the owner has written down about a KPI.
pub fn definition(kpi: &kpi::Model) -> Outcome<KpiNew> {
    let period = periods::from_number(kpi.period);
    Ok(KpiNew {
        user_id: Some(UserId(kpi.user_id)),
        template_id: kpi.template_id.map(TemplateId),
        year: period.year,
        quarter: period.quarter,
        title: kpi.title.clone(),
        description: kpi.description.clone(),
        category: word(&kpi.category)?,
        measurement_method: kpi.measurement_method.clone(),
        kind: word(&kpi.kind)?,
        unit: kpi.unit.clone(),
        decimals: kpi.decimals as u8,
        direction: word(&kpi.direction)?,
        baseline: kpi.baseline,
        target: kpi.target,
        stretch: kpi.stretch,
        lower: kpi.lower,
        upper: kpi.upper,
        rollup: word(&kpi.rollup)?,
        weight: kpi.weight,
        cap: kpi.cap,
        milestones: serde_json::from_str(&kpi.milestones)?,
        parent_id: kpi.parent_id.map(KpiId),
        due_date: date_or_none(kpi.due_date.as_deref())?,
        tags: serde_json::from_str(&kpi.tags)?,
        custom_fields: serde_json::from_str(&kpi.custom_fields)?,
    })
}

/// Which fields the template has added, of the version that the KPI holds to.
pub fn custom_definitions(kpi: &kpi::Model) -> Outcome<Vec<CustomField>> {
    Ok(serde_json::from_str(&kpi.custom_definitions)?)
}

/// Puts a definition into a row; owner and template stay as they are.
pub fn define(row: &mut kpi::Model, definition: &KpiNew) -> Outcome<()> {
    row.period = periods::number(Period::new(definition.year, definition.quarter));
    row.title = definition.title.trim().to_owned();
    row.search_text = search_text(definition);
    row.description = definition.description.clone();
    row.category = definition.category.to_string();
    row.measurement_method = definition.measurement_method.clone();
    row.kind = definition.kind.to_string();
    row.unit = definition.unit.trim().to_owned();
    row.decimals = i64::from(definition.decimals);
    row.direction = definition.direction.to_string();
    row.baseline = definition.baseline;
    row.target = definition.target;
    row.stretch = definition.stretch;
    row.lower = definition.lower;
    row.upper = definition.upper;
    row.rollup = definition.rollup.to_string();
    row.weight = definition.weight;
    row.cap = definition.cap;
    row.milestones = serde_json::to_string(&definition.milestones)?;
    row.parent_id = definition.parent_id.map(|id| id.0);
    row.due_date = definition.due_date.map(date_text);
    row.tags = serde_json::to_string(&definition.tags)?;
    row.custom_fields = serde_json::to_string(&definition.custom_fields)?;
    Ok(())
}

/// Every column of a row except its id, to be stored.
pub fn to_store(row: &kpi::Model) -> kpi::ActiveModel {
    macro_rules! set {
        ($($column:ident),*) => { kpi::ActiveModel { id: sea_orm::ActiveValue::NotSet, $($column: Set(row.$column.clone())),* } };
    }
    set!(
        user_id,
        department_id,
        template_id,
        template_version,
        period,
        title,
        search_text,
        description,
        category,
        measurement_method,
        kind,
        unit,
        decimals,
        direction,
        baseline,
        target,
        stretch,
        lower,
        upper,
        rollup,
        weight,
        cap,
        milestones,
        parent_id,
        due_date,
        tags,
        custom_fields,
        custom_definitions,
        check_in_days,
        evidence,
        current_value,
        attainment,
        progress,
        score,
        band,
        is_flagged,
        last_check_in_on,
        status,
        returned_reason,
        submit_comment,
        is_revision,
        created_at,
        created_by,
        updated_at,
        updated_by,
        submitted_at,
        submitted_by,
        approved_at,
        approved_by,
        closed_at,
        closed_by,
        version
    )
}

pub fn check_in(row: check_in::Model, directory: &Directory) -> Outcome<CheckInView> {
    Ok(CheckInView {
        id: CheckInId(row.id),
        kpi_id: KpiId(row.kpi_id),
        on: date_of(&row.on_date)?,
        value: row.value,
        note: row.note,
        confidence: row.confidence.map(|confidence| confidence as u8),
        milestones: row.milestones.as_deref().map(serde_json::from_str).transpose()?,
        by: UserId(row.by_id),
        by_name: directory.name(UserId(row.by_id)),
        for_owner: row.for_owner,
        created_at: Timestamp(row.created_at),
        corrects_id: row.corrects_id.map(CheckInId),
        corrected_by_id: row.replaced_by_id.map(CheckInId),
        reason: row.reason,
    })
}

#[cfg(test)]
mod tests {
    use ::time::macros::date;

    use super::*;

    #[test]
    fn dates_survive_the_column() {
        let day = date!(2026 - 03 - 04);
        assert_eq!(date_text(day), "2026-03-04");
        assert_eq!(date_of("2026-03-04").unwrap(), day);
        assert!(date_of("2026-3-4").is_err());
    }
}
