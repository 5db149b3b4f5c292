//! KPIs, their acts, check-ins, history and receipts.

use kpi_api::{
    checkin::{CheckInList, CheckInNew, CheckedIn, Correction},
    history::HistoryList,
    id::{CheckInId, HistoryId, KpiId, Version},
    kpi::{
        Act, ActBody, CopyBody, ItemResults, KpiNew, KpiPatch, KpiRow, KpiStats, KpiView, Preview,
        PreviewBody, ReviseBody,
    },
    page::Page,
    receipt_change::ReceiptView,
    template::change::ApplyTemplateBody,
    time::Quarter,
};

use crate::core::{
    client::{Answer, BASE, Call},
    query::Params,
};

/// What narrows the list, as the address bar and the server spell it alike.
pub const FILTERS: [&str; 12] = [
    "year",
    "quarter",
    "status",
    "user_id",
    "department_id",
    "template_id",
    "category",
    "band",
    "pace",
    "flagged",
    "mine",
    "q",
];

/// What arranges it.
pub const ARRANGING: [&str; 2] = ["sort", "page"];

pub async fn list(query: &Params) -> Answer<Page<KpiRow>> {
    Call::get("/kpis").query(query).send().await
}

pub async fn stats(query: &Params) -> Answer<KpiStats> {
    Call::get("/kpis/stats").query(query).send().await
}

/// Address of the list as a file; the browser downloads it.
pub fn export_url(query: &Params, format: &str) -> String {
    format!("{BASE}/kpis?{}", query.clone().without("page").with("format", format).encoded())
}

pub async fn get(id: KpiId) -> Answer<KpiView> {
    Call::get(format!("/kpis/{id}")).send().await
}

pub async fn create(kpi: &KpiNew, key: &str) -> Answer<KpiView> {
    Call::post("/kpis").key(key).json(kpi).send().await
}

pub async fn update(id: KpiId, version: Version, patch: &KpiPatch) -> Answer<KpiView> {
    Call::patch(format!("/kpis/{id}")).version(version).json(patch).send().await
}

pub async fn delete(id: KpiId, version: Version) -> Answer<()> {
    Call::delete(format!("/kpis/{id}")).version(version).done().await
}

/// Any act that needs at most a reason. Edit, check in, revise, delete and copy have calls of their own.
pub async fn act(id: KpiId, act: Act, version: Version, reason: Option<String>) -> Answer<KpiView> {
    let name = act.as_str().replace('_', "-");
    Call::post(format!("/kpis/{id}/{name}")).version(version).json(&ActBody { reason }).send().await
}

/// Takes over fields of the template as it is now; without any the draft keeps its own.
pub async fn apply_template(id: KpiId, version: Version, fields: Vec<String>) -> Answer<KpiView> {
    let body = ApplyTemplateBody { fields };
    Call::post(format!("/kpis/{id}/apply-template")).version(version).json(&body).send().await
}

pub async fn revise(id: KpiId, version: Version, body: &ReviseBody) -> Answer<KpiView> {
    Call::post(format!("/kpis/{id}/revise")).version(version).json(body).send().await
}

pub async fn preview(body: &PreviewBody) -> Answer<Preview> {
    Call::post("/kpis/preview").json(body).send().await
}

pub async fn copy(ids: Vec<KpiId>, year: i32, quarter: Quarter, key: &str) -> Answer<ItemResults> {
    Call::post("/kpis/copy").key(key).json(&CopyBody { ids, year, quarter }).send().await
}

pub async fn check_ins(id: KpiId) -> Answer<CheckInList> {
    Call::get(format!("/kpis/{id}/check-ins")).send().await
}

pub async fn check_in(id: KpiId, body: &CheckInNew, key: &str) -> Answer<CheckedIn> {
    Call::post(format!("/kpis/{id}/check-ins")).key(key).json(body).send().await
}

/// The same in that session or not at all.
pub async fn check_in_as(id: KpiId, body: &CheckInNew, key: &str, session: &str) -> Answer<CheckedIn> {
    Call::post(format!("/kpis/{id}/check-ins")).key(key).session(session).json(body).send().await
}

pub async fn correct(id: CheckInId, body: &Correction, key: &str) -> Answer<CheckedIn> {
    Call::post(format!("/check-ins/{id}/correct")).key(key).json(body).send().await
}

pub async fn history(id: KpiId) -> Answer<HistoryList> {
    Call::get(format!("/kpis/{id}/history")).send().await
}

/// The receipt of the present score, or of the moment of a history row, and why it is another one than before.
pub async fn receipt(id: KpiId, at: Option<HistoryId>) -> Answer<ReceiptView> {
    Call::get(format!("/kpis/{id}/receipt")).query(&Params::new().with_some("at", at)).send().await
}
