//! KPIs in whatever state a test begins with.

use serde_json::{Value, json};

use super::{Actor, Response};

/// A complete definition for the present quarter.
pub fn definition(title: &str) -> Value {
    json!({ "title": title, "year": 2026, "quarter": "Q1", "baseline": 0, "target": 200, "unit": "units" })
}

/// A definition with some fields set otherwise.
pub fn defined(title: &str, fields: Value) -> Value {
    let mut body = definition(title);
    for (field, value) in fields.as_object().cloned().unwrap_or_default() {
        body[field] = value;
    }
    body
}

impl Actor {
    /// A draft of one's own.
    pub async fn draft(&self, title: &str) -> Response {
        self.post("/kpis", definition(title)).await.expect(201)
    }

    /// Does an act with the present version.
    pub async fn does(&self, act: &str, kpi: &Response) -> Response {
        self.act(&format!("/kpis/{}/{act}", kpi.id()), kpi.version(), json!({ "reason": "because" })).await
    }

    pub async fn records(&self, kpi: &Response, value: f64) -> Response {
        self.post(&format!("/kpis/{}/check-ins", kpi.id()), json!({ "value": value, "note": "So far" })).await
    }

    pub async fn sees(&self, kpi: &Response) -> Response {
        self.get(&format!("/kpis/{}", kpi.id())).await
    }
}

/// A KPI of `owner` brought into a state, decided by `decider`.
pub async fn kpi_in(status: &str, owner: &Actor, decider: &Actor) -> Response {
    let draft = owner.draft("Units sold").await;
    if status == "draft" {
        return draft;
    }
    let submitted = owner.does("submit", &draft).await.expect(200);
    match status {
        "submitted" => return submitted,
        "rejected" => return decider.does("reject", &submitted).await.expect(200),
        _ => {}
    }
    let approved = decider.does("approve", &submitted).await.expect(200);
    if status == "approved" {
        return approved;
    }
    owner.records(&approved, 150.0).await.expect(201);
    let measured = owner.sees(&approved).await;
    let in_review = owner.does("submit-result", &measured).await.expect(200);
    if status == "in_review" {
        return in_review;
    }
    assert_eq!(status, "closed");
    decider.does("accept", &in_review).await.expect(200)
}
