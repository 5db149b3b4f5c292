//! Bad definitions: a clear answer with the field named, and nothing stored.

use serde_json::{Value, json};

use crate::support::{
    TestApp, company,
    kpis::{defined, kpi_in},
};

#[tokio::test]
async fn each_fault_is_named_and_nothing_is_stored() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let faults: Vec<(Value, &str)> = vec![
        (json!({ "title": "" }), "title required"),
        (json!({ "title": "x".repeat(201) }), "title too_long"),
        (json!({ "title": "a\u{0}b" }), "title control_characters"),
        (json!({ "title": 7 }), "title wrong_type"),
        (json!({ "year": 99999 }), "year out_of_range"),
        (json!({ "target": 1e300 }), "target out_of_range"),
        (json!({ "target": 0 }), "target rule"),
        (json!({ "target": -5 }), "target rule"),
        (json!({ "direction": "in_range", "lower": 5, "upper": 5, "target": null }), "upper rule"),
        (json!({ "decimals": 7 }), "decimals out_of_range"),
        (json!({ "weight": -1 }), "weight out_of_range"),
        (json!({ "milestones": [{ "title": "", "weight": 1 }] }), "milestones.0.title required"),
        (json!({ "parent_id": 999 }), "parent_id unknown"),
        (json!({ "template_id": 999 }), "template_id unknown"),
        (json!({ "score": 100 }), "score unknown_field"),
        (json!({ "status": "closed" }), "status unknown_field"),
    ];
    for (fields, fault) in faults {
        let answer = employee.post("/kpis", defined("Bad", fields.clone())).await;
        assert_eq!(answer.status, 422, "{fields}: {}", answer.text());
        answer.invalid(fault);
    }
    let huge = defined(&"x".repeat(1 << 20), json!({}));
    employee.post("/kpis", huge).await.refused(413, "too_large");
    let raw = |body: &str| {
        employee
            .request("POST", "/kpis")
            .header("content-type", "application/json")
            .raw(body.to_owned())
            .send()
    };
    for body in [r#"{"title":NaN}"#, r#"{"target":1e999}"#, "{", ""] {
        let answer = raw(body).await;
        assert!(matches!(answer.status, 400 | 422), "{body}: {}", answer.text());
    }
    assert_eq!(app.admin().await.get("/kpis").await.json()["total"], 0);
}

#[tokio::test]
async fn only_an_admin_creates_for_others() {
    let app = TestApp::new().await;
    let body = defined("For you", json!({ "user_id": company::EMPLOYEE }));
    app.manager().await.post("/kpis", body.clone()).await.refused(403, "not_allowed");
    let kpi = app.admin().await.post("/kpis", body).await.expect(201).json();
    assert_eq!((&kpi["user_id"], &kpi["department_id"]), (&json!(company::EMPLOYEE), &json!(company::SALES)));
    let nobody = defined("For nobody", json!({ "user_id": 999 }));
    app.admin().await.post("/kpis", nobody).await.invalid("user_id unknown");
}

#[tokio::test]
async fn alignment_makes_no_circle() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let top = employee.draft("Top").await;
    let middle =
        employee.post("/kpis", defined("Middle", json!({ "parent_id": top.id() }))).await.expect(201);
    let path = format!("/kpis/{}", top.id());
    employee.patch(&path, 1, json!({ "parent_id": middle.id() })).await.invalid("parent_id cycle");
    employee.patch(&path, 1, json!({ "parent_id": top.id() })).await.invalid("parent_id cycle");
    employee.delete(&path, 1).await.refused(409, "in_use");
    let foreign = app.outsider().await.draft("Foreign").await;
    employee.patch(&path, 1, json!({ "parent_id": foreign.id() })).await.invalid("parent_id unknown");
}

#[tokio::test]
async fn recorded_values_hold_kind_and_quarter_in_place() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    employee.records(&kpi, 10.0).await.expect(201);
    let kpi = employee.sees(&kpi).await;
    let body = json!({ "changes": { "kind": "boolean", "baseline": null, "target": null } });
    let refused = employee.act(&format!("/kpis/{}/revise", kpi.id()), kpi.version(), body).await;
    refused.invalid("kind has_values");
}

#[tokio::test]
async fn a_draft_may_be_incomplete_but_not_submitted_so() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let draft =
        employee.post("/kpis", json!({ "title": "Later", "year": 2026, "quarter": "Q1" })).await.expect(201);
    assert_eq!(draft.json()["findings"][0]["field"], "target");
    employee.does("submit", &draft).await.invalid("target rule");
}
