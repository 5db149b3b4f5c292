//! Settings, audit log, rules and jobs, as administrators see them.

use kpi_api::{
    audit::{AuditRow, AuditVerdict},
    id::{RuleId, Version},
    page::Page,
    rules::{RuleDetail, RuleList},
    settings::{SettingsPatch, SettingsView},
};

use crate::core::{
    client::{Answer, BASE, Call},
    query::Params,
};

pub async fn settings() -> Answer<SettingsView> {
    Call::get("/settings").send().await
}

pub async fn update_settings(version: Version, patch: &SettingsPatch) -> Answer<SettingsView> {
    Call::patch("/settings").version(version).json(patch).send().await
}

pub async fn audit_log(query: &Params) -> Answer<Page<AuditRow>> {
    Call::get("/audit-log").query(query).send().await
}

/// Where the browser fetches the filtered log as a file.
pub fn audit_csv(query: &Params) -> String {
    format!("{BASE}/audit-log?{}", query.clone().without("page").with("format", "csv").encoded())
}

pub async fn verify_audit() -> Answer<AuditVerdict> {
    Call::get("/audit-log/verify").send().await
}

pub async fn rules() -> Answer<RuleList> {
    Call::get("/rules").send().await
}

pub async fn rule(id: RuleId) -> Answer<RuleDetail> {
    Call::get(format!("/rules/{id}")).send().await
}
