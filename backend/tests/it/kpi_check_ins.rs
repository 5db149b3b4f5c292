//! Recording values: what is taken, what is refused, and how a correction stays honest.

use serde_json::{Value, json};

use crate::support::{
    Actor, Response, TestApp,
    kpis::{defined, kpi_in},
};

async fn approved(owner: &Actor, decider: &Actor, fields: Value) -> Response {
    let draft = owner.post("/kpis", defined("Measured", fields)).await.expect(201);
    let submitted = owner.does("submit", &draft).await.expect(200);
    decider.does("approve", &submitted).await.expect(200)
}

#[tokio::test]
async fn a_value_moves_score_band_and_pace() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = approved(&employee, &manager, json!({})).await;
    assert_eq!(kpi.json()["score"], Value::Null);
    assert_eq!(kpi.json()["band"], "none");
    let done = employee.records(&kpi, 190.0).await.expect(201).json();
    assert_eq!((&done["value"], &done["kpi"]["score"]), (&json!(190.0), &json!(95.0)));
    assert_eq!((&done["kpi"]["band"], &done["kpi"]["pace"]), (&json!("green"), &json!("ahead")));
    assert_eq!(done["for_owner"], false);
}

#[tokio::test]
async fn a_manager_records_for_the_team_and_it_is_marked() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = approved(&employee, &manager, json!({})).await;
    assert_eq!(manager.records(&kpi, 10.0).await.expect(201).json()["for_owner"], true);
    app.colleague().await.records(&kpi, 10.0).await.refused(404, "not_found");
}

#[tokio::test]
async fn days_outside_the_quarter_or_in_the_future_are_refused() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = approved(&employee, &manager, json!({})).await;
    let path = format!("/kpis/{}/check-ins", kpi.id());
    employee.post(&path, json!({ "value": 1, "on": "2025-12-31" })).await.invalid("on outside_quarter");
    employee.post(&path, json!({ "value": 1, "on": "2026-02-17" })).await.invalid("on in_the_future");
    employee.post(&path, json!({ "value": 1, "on": "2026-02-30" })).await.expect(422);
    employee.post(&path, json!({})).await.invalid("value required");
    employee.post(&path, json!({ "value": 1e300 })).await.invalid("value out_of_range");
    employee.post(&path, json!({ "value": "1" })).await.invalid("value wrong_type");
    employee.post(&path, json!({ "value": 1, "confidence": 11 })).await.invalid("confidence out_of_range");
    employee
        .post(&path, json!({ "value": 1, "milestones": [true] }))
        .await
        .invalid("milestones not_expected");
    assert!(employee.get(&path).await.items().is_empty());
}

#[tokio::test]
async fn a_correction_keeps_the_old_value_with_its_reason() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = approved(&employee, &manager, json!({ "rollup": "sum" })).await;
    employee.records(&kpi, 20.0).await.expect(201);
    let wrong = employee.records(&kpi, 1000.0).await.expect(201);
    let path = format!("/check-ins/{}/correct", wrong.id());
    employee.post(&path, json!({ "value": 100 })).await.invalid("reason required");
    let body = json!({ "value": 100, "reason": "One zero too many" });
    let right = employee.post(&path, body.clone()).await.expect(201).json();
    assert_eq!((&right["kpi"]["current_value"], &right["kpi"]["score"]), (&json!(120.0), &json!(60.0)));
    let all = employee.get(&format!("/kpis/{}/check-ins", kpi.id())).await.items();
    let old = all.iter().find(|row| row["id"] == wrong.id()).unwrap();
    assert_eq!((&old["value"], &old["corrected_by_id"]), (&json!(1000.0), &right["id"]));
    assert_eq!(right["reason"], "One zero too many");
    employee.post(&path, body).await.refused(409, "wrong_state");
}

#[tokio::test]
async fn milestones_and_yes_or_no_are_measured_in_their_own_way() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let parts = json!([{ "title": "Plan", "weight": 1 }, { "title": "Build", "weight": 3 }]);
    let fields = json!({ "kind": "milestones", "milestones": parts, "baseline": null, "target": null });
    let kpi = approved(&employee, &manager, fields).await;
    let path = format!("/kpis/{}/check-ins", kpi.id());
    employee.post(&path, json!({ "milestones": [true] })).await.invalid("milestones wrong_length");
    let done = employee.post(&path, json!({ "milestones": [false, true] })).await.expect(201).json();
    assert_eq!((&done["value"], &done["kpi"]["score"]), (&json!(75.0), &json!(75.0)));
    assert_eq!(done["kpi"]["milestones"][1]["done"], true);

    let fields = json!({ "kind": "boolean", "baseline": null, "target": null });
    let kpi = approved(&employee, &manager, fields).await;
    employee.records(&kpi, 0.5).await.invalid("value out_of_range");
    assert_eq!(employee.records(&kpi, 1.0).await.expect(201).json()["kpi"]["score"], 100.0);
}

#[tokio::test]
async fn the_same_request_twice_records_once() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let path = format!("/kpis/{}/check-ins", kpi.id());
    let send =
        |value: f64| employee.request("POST", &path).key("phone-1").json(json!({ "value": value })).send();
    let first = send(110.0).await.expect(201);
    let again = send(110.0).await.expect(201);
    assert_eq!(first.json(), again.json());
    send(111.0).await.refused(409, "idempotency_mismatch");
    assert_eq!(employee.get(&path).await.items().len(), 1);
}

#[tokio::test]
async fn a_poor_value_asks_for_a_note_and_a_good_one_does_not() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = approved(&employee, &manager, json!({})).await;
    let path = format!("/kpis/{}/check-ins", kpi.id());
    employee.post(&path, json!({ "value": 10 })).await.invalid("note rule");
    employee.post(&path, json!({ "value": 10, "note": "  " })).await.invalid("note rule");
    assert!(employee.get(&path).await.items().is_empty());
    let poor = employee.post(&path, json!({ "value": 10, "note": "No buyer yet" })).await.expect(201);
    employee.post(&path, json!({ "value": 190 })).await.expect(201);
    let correction = json!({ "value": 11, "reason": "Miscounted" });
    employee.post(&format!("/check-ins/{}/correct", poor.id()), correction).await.expect(201);

    // The same is known while it is being typed.
    let mut body = defined("Measured", json!({ "id": kpi.id(), "current_value": 10, "check_in_note": "" }));
    let says_note =
        |found: &Response| found.json()["findings"].as_array().unwrap().iter().any(|f| f["field"] == "note");
    assert!(says_note(&employee.post("/kpis/preview", body.clone()).await.expect(200)));
    body["check_in_note"] = json!("No buyer yet");
    assert!(!says_note(&employee.post("/kpis/preview", body).await.expect(200)));
}

#[tokio::test]
async fn a_result_without_a_value_is_not_taken() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    employee.does("submit-result", &kpi).await.invalid("current_value rule");
}

#[tokio::test]
async fn a_template_may_ask_for_proof() {
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let fields = json!({ "target": 10, "unit": "days", "evidence": { "count": 1, "kinds": ["pdf"] } });
    let template = admin.post("/templates", json!({ "name": "Audit", "fields": fields })).await.expect(201);
    let body = json!({ "title": "Audit", "year": 2026, "quarter": "Q1", "template_id": template.id() });
    let draft = employee.post("/kpis", body).await.expect(201);
    assert_eq!((&draft.json()["unit"], &draft.json()["target"]), (&json!("days"), &json!(10.0)));
    let submitted = employee.does("submit", &draft).await.expect(200);
    let kpi = manager.does("approve", &submitted).await.expect(200);
    employee.records(&kpi, 10.0).await.expect(201);
    let kpi = employee.sees(&kpi).await;
    let refused = employee.does("submit-result", &kpi).await;
    assert!(refused.faults().contains(&"evidence rule".to_owned()), "{}", refused.text());
    let told = refused.json()["errors"].to_string();
    assert!(told.contains("Audit") && told.contains("pdf"), "{told}");
}
