//! Reading the audit log: in pages, as CSV, and as a chain to be verified.

use anyhow::Context;
use bytes::Bytes;
use kpi_api::{
    audit::{AuditRow, AuditVerdict},
    id::UserId,
    page::Page,
    time::{Date, Timestamp},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::repo::{self, AuditFilter};
use crate::{
    app::Ctx,
    entity::audit,
    people::directory::Directory,
    platform::{
        csv,
        failure::{Failure, Outcome},
        ledger,
        paging::{Paging, Way, sort},
    },
};

/// Rows of one export; the log itself goes on, a spreadsheet does not.
const MOST_EXPORTED: u64 = 50_000;

const MILLIS_A_DAY: i64 = 24 * 3600 * 1000;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// From 1.
    page: Option<u32>,
    /// 1 to 100.
    per_page: Option<u32>,
    /// `at` or `-at` (the default).
    sort: Option<String>,
    #[param(value_type = Option<i64>)]
    user_id: Option<UserId>,
    /// e.g. `kpi.approve`.
    action: Option<String>,
    /// e.g. `kpi`.
    entity: Option<String>,
    entity_id: Option<i64>,
    /// An instant (RFC 3339) or a day (UTC).
    from: Option<String>,
    /// An instant, exclusive, or a day, inclusive.
    to: Option<String>,
    /// Stands anywhere in action, entity, detail or request id.
    q: Option<String>,
    /// `csv` exports the newest 50,000 rows of the filtered list.
    #[param(inline)]
    format: Option<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Json,
    Csv,
}

impl AuditQuery {
    pub fn is_csv(&self) -> bool {
        self.format == Some(Format::Csv)
    }

    fn filter(&self) -> Outcome<AuditFilter> {
        Ok(AuditFilter {
            user_id: self.user_id.map(|id| id.0),
            action: self.action.clone(),
            entity: self.entity.clone(),
            entity_id: self.entity_id,
            from: self.from.as_deref().map(|text| instant("from", text, 0)).transpose()?,
            until: self.to.as_deref().map(|text| instant("to", text, MILLIS_A_DAY)).transpose()?,
            text: self.q.clone().filter(|text| !text.is_empty()),
        })
    }
}

/// An instant as it stands, or the start of a day moved by `into_day` milliseconds.
fn instant(key: &str, text: &str, into_day: i64) -> Outcome<i64> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at.0);
    }
    let day = serde_json::from_value::<Date>(text.into())
        .map_err(|_| Failure::field(key, "invalid_date", "Like 2026-03-31 or 2026-03-31T12:00:00Z."))?;
    Ok(Timestamp::from(day.midnight().assume_utc()).0 + into_day)
}

pub async fn list(ctx: &Ctx, query: &AuditQuery) -> Outcome<Page<AuditRow>> {
    let paging = Paging::read(query.page, query.per_page)?;
    let ((), way) = sort(query.sort.as_deref(), &[("at", ()), ("id", ())], ((), Way::Down))?;
    let (rows, total) = repo::audit_page(ctx.db.read(), &query.filter()?, way, paging).await?;
    let directory = ctx.directory().await?;
    let items = rows.into_iter().map(|row| view(row, &directory)).collect::<Outcome<_>>()?;
    Ok(paging.page(items, total))
}

/// The filtered log as CSV, newest first.
pub async fn export(ctx: &Ctx, query: &AuditQuery) -> Outcome<Bytes> {
    let rows = repo::audit_newest(ctx.db.read(), &query.filter()?, MOST_EXPORTED).await?;
    let directory = ctx.directory().await?;
    let written = tokio::task::spawn_blocking(move || table(rows, &directory)).await;
    Ok(written.map_err(anyhow::Error::from)??.into())
}

fn table(rows: Vec<audit::Model>, directory: &Directory) -> anyhow::Result<Vec<u8>> {
    let header =
        ["id", "at", "user_id", "user_name", "action", "entity", "entity_id", "detail", "request_id"];
    let text = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    let cells = rows.into_iter().map(|row| {
        [
            row.id.to_string(),
            Timestamp(row.at).to_string(),
            text(row.user_id),
            row.user_id.map(|id| directory.name(UserId(id))).unwrap_or_default(),
            row.action,
            row.entity,
            text(row.entity_id),
            row.detail,
            row.request_id,
        ]
    });
    csv::table(&header, cells)
}

pub async fn verify(ctx: &Ctx) -> Outcome<AuditVerdict> {
    Ok(ledger::verify(ctx.db.read()).await?)
}

fn view(row: audit::Model, directory: &Directory) -> Outcome<AuditRow> {
    let user_id = row.user_id.map(UserId);
    Ok(AuditRow {
        id: row.id,
        at: Timestamp(row.at),
        user_id,
        user_name: user_id.and_then(|id| directory.person(id)).map(|person| person.full_name.clone()),
        action: row.action,
        entity: row.entity,
        entity_id: row.entity_id,
        detail: serde_json::from_str(&row.detail)
            .with_context(|| format!("detail of audit row {}", row.id))?,
        request_id: row.request_id,
    })
}
