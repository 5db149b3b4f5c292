//! The fields that a template adds: checked by their kind, kept as of the draft's making, asked for when it is submitted,
//! read by rules.

use serde_json::{Value, json};

use crate::support::{Actor, Response, TestApp, kpis::definition};

fn four() -> Value {
    json!([
        { "key": "region", "label": "Region", "kind": "choice", "required": true, "choices": ["North", "South"] },
        { "key": "heads", "label": "Heads", "kind": "number" },
        { "key": "start", "label": "Start", "kind": "date" },
        { "key": "note", "label": "Note", "kind": "text" },
    ])
}

async fn template(app: &TestApp, custom: Value) -> i64 {
    let body = json!({ "name": "Visits", "fields": { "custom_fields": custom } });
    app.admin().await.post("/templates", body).await.expect(201).id()
}

fn with(template: i64, values: Value) -> Value {
    let mut body = definition("Visits");
    body["template_id"] = json!(template);
    body["custom_fields"] = values;
    body
}

async fn change(actor: &Actor, kpi: &Response, values: Value) -> Response {
    let version = actor.sees(kpi).await.version();
    actor.patch(&format!("/kpis/{}", kpi.id()), version, json!({ "custom_fields": values })).await
}

#[tokio::test]
async fn values_are_checked_by_the_kind_of_their_field() {
    let app = TestApp::new().await;
    let owner = app.employee().await;
    let template = template(&app, four()).await;
    for (values, fault) in [
        (json!({ "region": "East" }), "custom_fields.region unknown_value"),
        (json!({ "heads": "four" }), "custom_fields.heads wrong_type"),
        (json!({ "start": "soon" }), "custom_fields.start wrong_type"),
        (json!({ "note": 3 }), "custom_fields.note wrong_type"),
        (json!({ "colour": "red" }), "custom_fields.colour unknown_field"),
    ] {
        owner.post("/kpis", with(template, values)).await.invalid(fault);
    }
    let values = json!({ "region": "North", "heads": 4, "start": "2026-02-01", "note": null });
    let kpi = owner.post("/kpis", with(template, values)).await.expect(201);
    let shown = kpi.json();
    assert_eq!(shown["custom_fields"], json!({ "region": "North", "heads": 4.0, "start": "2026-02-01" }));
    assert_eq!(shown["custom_definitions"][0]["label"], "Region");
    assert_eq!((&shown["template_version"], &shown["template_offer"]), (&json!(1), &Value::Null));
    change(&owner, &kpi, json!({ "heads": true })).await.invalid("custom_fields.heads wrong_type");
    change(&owner, &kpi, json!({ "region": "South" })).await.expect(200);
}

#[tokio::test]
async fn without_a_template_there_are_no_further_fields() {
    let app = TestApp::new().await;
    let mut body = definition("Visits");
    body["custom_fields"] = json!({ "region": "North" });
    app.employee().await.post("/kpis", body).await.invalid("custom_fields.region unknown_field");
}

#[tokio::test]
async fn what_is_required_is_asked_for_when_it_is_submitted() {
    let app = TestApp::new().await;
    let owner = app.employee().await;
    let template = template(&app, four()).await;
    let draft = owner.post("/kpis", with(template, json!({ "heads": 2 }))).await.expect(201);
    let findings = draft.json()["findings"].clone();
    let missing = findings.as_array().unwrap().iter().find(|f| f["field"] == "custom_fields.region").unwrap();
    assert_eq!(
        (&missing["severity"], &missing["message"]["text"]),
        (&json!("error"), &json!("Fill in “Region”."))
    );
    let previewed = owner.post("/kpis/preview", with(template, json!({ "heads": 2 }))).await.expect(200);
    assert!(previewed.text().contains("custom_fields.region"), "{}", previewed.text());
    owner.does("submit", &draft).await.invalid("custom_fields.region required");

    let filled = change(&owner, &draft, json!({ "region": "North" })).await.expect(200);
    let submitted = owner.does("submit", &filled).await.expect(200);
    let approved = app.manager().await.does("approve", &submitted).await.expect(200);
    let path = format!("/kpis/{}/revise", approved.id());
    let emptied = json!({ "changes": { "custom_fields": {} } });
    owner.act(&path, approved.version(), emptied).await.invalid("custom_fields.region required");
}

#[tokio::test]
async fn a_changed_template_leaves_the_fields_of_kpis_alone() {
    let app = TestApp::new().await;
    let (owner, admin) = (app.employee().await, app.admin().await);
    let template = template(&app, four()).await;
    let draft = owner.post("/kpis", with(template, json!({ "region": "North" }))).await.expect(201);
    let other = json!([{ "key": "area", "label": "Area", "kind": "text", "required": true }]);
    let body = json!({ "fields": { "custom_fields": other } });
    admin.patch(&format!("/templates/{template}"), 1, body).await.expect(200);
    let same = change(&owner, &draft, json!({ "region": "South", "heads": 1 })).await.expect(200);
    assert_eq!(same.json()["custom_definitions"].as_array().unwrap().len(), 4);
    owner.does("submit", &same).await.expect(200);

    // A copy is made from the template as it is now: what does not fit stays behind.
    let copies = json!({ "ids": [draft.id()], "year": 2026, "quarter": "Q2" });
    let copied = owner.post("/kpis/copy", copies).await.expect(200).json()["items"][0]["new_id"].clone();
    let copy = owner.get(&format!("/kpis/{copied}")).await.expect(200).json();
    assert_eq!((&copy["custom_fields"], &copy["template_version"]), (&json!({}), &json!(2)));
    assert_eq!(copy["custom_definitions"][0]["key"], "area");
}

#[tokio::test]
async fn definitions_of_fields_have_limits() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let field = |key: &str, kind: &str, choices: Value| {
        json!({ "name": "T", "fields": { "custom_fields": [
            { "key": key, "label": "Label", "kind": kind, "choices": choices },
        ] } })
    };
    for (body, fault) in [
        (field("Region", "text", json!([])), "fields.custom_fields.0.key invalid_key"),
        (field("region", "choice", json!([])), "fields.custom_fields.0.choices invalid"),
        (field("region", "text", json!(["a"])), "fields.custom_fields.0.choices invalid"),
        (field("region", "choice", json!(["a", "a"])), "fields.custom_fields.0.choices duplicate"),
        (field("region", "choice", json!(["a", " "])), "fields.custom_fields.0.choices required"),
    ] {
        admin.post("/templates", body).await.invalid(fault);
    }
}
