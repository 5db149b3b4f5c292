//! Settings and audit log over HTTP.

use kpi_api::{
    audit::{AuditRow, AuditVerdict},
    page::Page,
    settings::{SettingsPatch, SettingsView},
};

pub use super::audit::AuditQuery;
use super::{audit, settings};
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

/// Every setting with its description, default and range.
#[utoipa::path(get, path = "/settings", tag = "admin", responses((status = 200, body = SettingsView)))]
pub async fn get_settings(call: Entered) -> Answer<SettingsView> {
    let settings = settings::view(&call?).await?;
    Ok(Reply::Versioned(settings.version, settings))
}

/// Changes the settings named in the body; `null` puts a default back.
#[utoipa::path(patch, path = "/settings", tag = "admin", request_body = SettingsPatch,
    responses((status = 200, body = SettingsView)))]
pub async fn update_settings(call: Entered, body: Outcome<SettingsPatch>) -> Answer<SettingsView> {
    let settings = settings::update(&call?, body?).await?;
    Ok(Reply::Versioned(settings.version, settings))
}

/// Who did what, newest first; `?format=csv` exports the filtered list.
#[utoipa::path(get, path = "/audit-log", tag = "admin", params(AuditQuery),
    responses((status = 200, content((Page<AuditRow> = "application/json"), (String = "text/csv")))))]
pub async fn audit_log(call: Entered, query: Outcome<AuditQuery>) -> Answer<Page<AuditRow>> {
    let (call, query) = (call?, query?);
    if query.is_csv() {
        let body = audit::export(&call.ctx, &query).await?;
        let file_name = Some(format!("audit-log-{}.csv", call.ctx.today()));
        return Ok(Reply::Bytes { content_type: "text/csv; charset=utf-8", file_name, body });
    }
    Ok(Reply::Ok(audit::list(&call.ctx, &query).await?))
}

/// Walks the chain of hashes and names the first row that does not fit.
#[utoipa::path(get, path = "/audit-log/verify", tag = "admin", responses((status = 200, body = AuditVerdict)))]
pub async fn verify_audit(call: Entered) -> Answer<AuditVerdict> {
    Ok(Reply::Ok(audit::verify(&call?.ctx).await?))
}
