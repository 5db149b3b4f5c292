//! A changed template: its versions, and the difference offered to drafts.

use serde_json::{Value, json};

use crate::support::{Actor, Response, TestApp, company::SALES, kpis::definition};

async fn make(admin: &Actor, body: Value) -> i64 {
    admin.post("/templates", body).await.expect(201).id()
}

async fn set(admin: &Actor, template: i64, fields: Value) -> Response {
    let path = format!("/templates/{template}");
    let version = admin.get(&path).await.version();
    admin.patch(&path, version, json!({ "fields": fields })).await.expect(200)
}

async fn versions(admin: &Actor, template: i64) -> Vec<Value> {
    admin.get(&format!("/templates/{template}/versions")).await.expect(200).items()
}

#[tokio::test]
async fn every_change_of_what_kpis_start_with_is_a_version() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let base = make(&admin, json!({ "name": "Base", "fields": { "target": 10.0, "unit": "h" } })).await;
    let team =
        json!({ "name": "Team", "department_id": SALES, "extends_id": base, "fields": { "target": 5.0 } });
    let team = make(&admin, team).await;

    set(&admin, base, json!({ "target": 10.0, "unit": "d" })).await;
    let all = versions(&admin, team).await;
    assert_eq!(all.len(), 2, "the team's changed with what it inherits");
    assert_eq!((&all[0]["number"], &all[0]["cause_name"]), (&json!(2), &json!("Base")));
    assert_eq!(all[0]["changes"], json!([{ "field": "unit", "old": "h", "new": "d" }]));
    assert_eq!((&all[0]["fields"]["target"], &all[0]["by_name"]), (&json!(5.0), &json!("Ada Admin")));
    assert_eq!(all[1]["changes"], json!([]));

    // What the team sets itself is not inherited, and a new name changes no KPI.
    set(&admin, base, json!({ "target": 12.0, "unit": "d" })).await;
    admin.patch(&format!("/templates/{team}"), 1, json!({ "name": "The team" })).await.expect(200);
    assert_eq!(versions(&admin, team).await.len(), 2);
    assert_eq!(versions(&admin, base).await.len(), 3);
    assert_eq!(admin.get(&format!("/templates/{base}")).await.json()["fields_version"], 3);

    // Another base is another start.
    admin.patch(&format!("/templates/{team}"), 2, json!({ "extends_id": null })).await.expect(200);
    assert_eq!(
        versions(&admin, team).await[0]["changes"][0],
        json!({ "field": "unit", "old": "d", "new": null })
    );
    admin.get("/templates/99/versions").await.refused(404, "not_found");
    app.manager().await.get(&format!("/templates/{team}/versions")).await.refused(403, "not_allowed");
}

/// A template with a draft of the employee, changed since: another target, unit, evidence, rhythm and field.
async fn outdated(app: &TestApp) -> (i64, Response) {
    let admin = app.admin().await;
    let field = json!({ "key": "region", "label": "Region", "kind": "text" });
    let then = json!({ "unit": "h", "target": 10.0, "check_in_days": 14, "custom_fields": [field] });
    let template = make(&admin, json!({ "name": "Visits", "fields": then })).await;
    let mut body = definition("Visits");
    (body["template_id"], body["custom_fields"]) = (json!(template), json!({ "region": "North" }));
    for field in ["unit", "target", "baseline"] {
        body.as_object_mut().unwrap().remove(field);
    }
    let draft = app.employee().await.post("/kpis", body).await.expect(201);
    let now = json!({
        "unit": "d", "target": 20.0, "check_in_days": 7, "evidence": { "count": 1, "kinds": ["pdf"] },
        "custom_fields": [{ "key": "area", "label": "Area", "kind": "text" }],
    });
    set(&admin, template, now).await;
    (template, draft)
}

fn fields(offer: &Value) -> Vec<&str> {
    offer["changes"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap()).collect()
}

async fn apply(actor: &Actor, kpi: &Response, fields: Value) -> Response {
    let version = actor.sees(kpi).await.version();
    actor.act(&format!("/kpis/{}/apply-template", kpi.id()), version, json!({ "fields": fields })).await
}

#[tokio::test]
async fn a_draft_is_offered_the_difference_and_takes_what_it_wants() {
    let app = TestApp::new().await;
    let owner = app.employee().await;
    let (_, draft) = outdated(&app).await;
    let path = format!("/kpis/{}", draft.id());
    owner.patch(&path, 1, json!({ "target": 15 })).await.expect(200);

    let shown = owner.get(&path).await.expect(200).json();
    assert_eq!((&shown["target"], &shown["unit"]), (&json!(15.0), &json!("h")), "nothing changes by itself");
    let offer = &shown["template_offer"];
    assert_eq!((&offer["from_version"], &offer["to_version"]), (&json!(1), &json!(2)));
    assert_eq!(fields(offer), ["unit", "target", "custom_fields", "evidence", "check_in_days"]);
    let target = json!({
        "field": "target", "mine": 15.0, "template_then": 10.0, "template_now": 20.0,
        "differs_from_mine": true, "edited": true,
    });
    assert_eq!(offer["changes"][1], target);
    assert_eq!(offer["changes"][0]["edited"], false);

    apply(&owner, &draft, json!(["title"])).await.invalid("fields.0 unknown_value");
    let taken = ["unit", "custom_fields", "evidence", "check_in_days"];
    let after = apply(&owner, &draft, json!(taken)).await.expect(200).json();
    assert_eq!((&after["unit"], &after["target"]), (&json!("d"), &json!(15.0)));
    assert_eq!((&after["template_version"], &after["template_offer"]), (&json!(2), &Value::Null));
    assert_eq!(after["custom_definitions"][0]["key"], "area");
    assert_eq!(after["custom_fields"], json!({}), "a value without its field goes");
    let acts = owner.get(&format!("{path}/history")).await.column("act");
    assert!(acts.contains(&json!("apply_template")), "{acts:?}");
    apply(&owner, &draft, json!([])).await.invalid("fields nothing_offered");
}

#[tokio::test]
async fn keeping_everything_ends_the_offer() {
    let app = TestApp::new().await;
    let owner = app.employee().await;
    let (template, draft) = outdated(&app).await;
    let kept = apply(&owner, &draft, json!([])).await.expect(200).json();
    assert_eq!((&kept["unit"], &kept["template_version"]), (&json!("h"), &json!(2)));
    assert_eq!(kept["template_offer"], Value::Null);

    // The next change is offered again, and from there.
    let now = json!({ "unit": "d", "target": 30.0, "check_in_days": 7 });
    set(&app.admin().await, template, now).await;
    let offer = owner.sees(&draft).await.json()["template_offer"].clone();
    assert_eq!(
        (&offer["from_version"], fields(&offer)),
        (&json!(2), vec!["target", "custom_fields", "evidence"])
    );
    let evidence = &offer["changes"][2];
    assert_eq!((&evidence["differs_from_mine"], &evidence["edited"]), (&json!(false), &json!(true)));
}

#[tokio::test]
async fn only_who_edits_a_draft_is_offered_anything() {
    let app = TestApp::new().await;
    let owner = app.employee().await;
    let (_, draft) = outdated(&app).await;
    let manager = app.manager().await;
    assert_eq!(manager.sees(&draft).await.json()["template_offer"], Value::Null);
    let path = format!("/kpis/{}/apply-template", draft.id());
    let body = || json!({ "fields": ["unit"] });
    manager.act(&path, 1, body()).await.refused(403, "not_allowed");
    app.outsider().await.act(&path, 1, body()).await.refused(404, "not_found");
    owner.post(&path, body()).await.refused(428, "version_missing");
    owner.act(&path, 7, body()).await.refused(412, "stale_version");

    let submitted = owner.does("submit", &draft).await.expect(200);
    assert_eq!(submitted.json()["template_offer"], Value::Null);
    owner.act(&path, submitted.version(), body()).await.refused(409, "wrong_state");
    // Sent back, it is offered again.
    let rejected = manager.does("reject", &submitted).await.expect(200);
    assert!(owner.sees(&rejected).await.json()["template_offer"].is_object());
}
