//! The files that prove a value. Sending one is [`crate::core::upload`]'s.

use kpi_api::{
    evidence::{EvidenceLimits, EvidenceList},
    id::{EvidenceId, KpiId},
};

use crate::core::client::{Answer, BASE, Call};

pub async fn list(kpi: KpiId) -> Answer<EvidenceList> {
    Call::get(format!("/kpis/{kpi}/evidence")).send().await
}

/// What the caller may upload.
pub async fn limits() -> Answer<EvidenceLimits> {
    Call::get("/evidence/limits").send().await
}

pub async fn delete(id: EvidenceId) -> Answer<()> {
    Call::delete(format!("/evidence/{id}")).done().await
}

/// Where the file itself is; the browser downloads it.
pub fn content_url(id: EvidenceId) -> String {
    format!("{BASE}/evidence/{id}/content")
}

pub fn thumbnail_url(id: EvidenceId) -> String {
    format!("{BASE}/evidence/{id}/thumbnail")
}

/// The page that shows what is inside, apart from the app.
pub fn viewer_url(id: EvidenceId) -> String {
    format!("/viewer/?evidence={id}")
}
