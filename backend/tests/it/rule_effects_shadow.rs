//! A draft that runs beside the published version: it is seen where they differ, and nobody else notices.

use kpi::{entity::outbox, rules::shadow};
use kpi_api::rule_effects::ShadowReport;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::{
    Actor, TestApp,
    company::EMPLOYEE,
    kpis::{defined, kpi_in},
};

const HALF: &str = r#"//! Half of it
fn score(kpi, ctx) {
    let p = attainment(kpi);
    if p == () { return #{ score: () }; }
    #{ score: clamp(50 * p, 0, 120) }
}"#;

/// Gives the standard rule a draft and lets it run in the shadow of the present quarter; its path.
async fn shadowed(app: &TestApp, admin: &Actor, source: &str) -> String {
    let rules = admin.get("/rules").await.expect(200).items();
    let rule = rules.iter().find(|rule| rule["name"] == "score/standard").unwrap();
    let path = format!("/rules/{}", rule["id"]);
    draft(admin, &path, source).await;
    let quarters = json!({ "quarters": [{ "year": 2026, "quarter": "Q1" }] });
    let answer = admin.put(&format!("{path}/shadow"), quarters.clone()).await.expect(200).json();
    assert_eq!(answer["quarters"], quarters["quarters"]);
    app.news().await;
    path
}

async fn draft(admin: &Actor, path: &str, source: &str) {
    let revision = admin.get(path).await.expect(200).json()["revision"].as_i64().unwrap();
    let body = json!({ "source": source });
    admin.request("PUT", &format!("{path}/draft")).version(revision).json(body).send().await.expect(200);
}

async fn report(admin: &Actor, path: &str) -> Value {
    let answer = admin.get(&format!("{path}/shadow")).await.expect(200).json();
    // What a client reads is what was sent.
    let read: ShadowReport = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), answer);
    answer
}

#[tokio::test]
async fn what_differs_is_told_and_nobody_notices() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let later = employee.post("/kpis", defined("Later", json!({ "quarter": "Q2" }))).await.expect(201);
    let path = shadowed(&app, &admin, HALF).await;
    assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 75.0);
    employee
        .patch(&format!("/kpis/{}", later.id()), later.version(), json!({ "target": 5 }))
        .await
        .expect(200);
    app.news().await;
    assert_eq!(shadow::work_off(&app.ctx).await.unwrap(), 1);
    assert_eq!(shadow::work_off(&app.ctx).await.unwrap(), 0);

    let told = report(&admin, &path).await;
    assert_eq!([&told["ran"], &told["differed"], &told["failed"]], [&json!(1), &json!(1), &json!(0)]);
    let note = &told["noted"][0];
    assert_eq!((&note["before"], &note["after"]), (&json!(75.0), &json!(37.5)));
    assert_eq!(note["kpi"]["owner"]["id"], EMPLOYEE);
    assert_eq!(note["receipts"]["after"]["rule"]["version"], 2);
    // As things stand: one KPI of the quarter.
    assert_eq!((&told["now"]["evaluated"], &told["now"]["changed"]), (&json!(1), &json!(1)));
    assert_eq!(told["now"]["movers"][0]["after"], 37.5);
    // The score is the published version's, and so is the history.
    let receipt = employee.get(&format!("/kpis/{}/receipt", kpi.id())).await.expect(200).json();
    assert_eq!((&receipt["rule"]["version"], &receipt["score"]), (&json!(1), &json!(75.0)));
}

#[tokio::test]
async fn a_draft_that_fails_is_noted_and_stops_nobody() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let path = shadowed(&app, &admin, "fn score(kpi, ctx) {\n  throw \"no\"\n}").await;
    assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 75.0);
    app.news().await;
    shadow::work_off(&app.ctx).await.unwrap();
    let told = report(&admin, &path).await;
    assert_eq!([&told["ran"], &told["differed"], &told["failed"]], [&json!(1), &json!(0), &json!(1)]);
    let error = &told["noted"][0]["error"];
    assert_eq!((&error["message"], &error["line"]), (&json!("no"), &json!(2)));
    // Nobody is told of a draft's failures.
    assert_eq!(kpi::rules::trouble::tell(&app.ctx).await.unwrap(), 0);

    draft(&admin, &path, "fn score(kpi, ctx) {").await;
    employee.records(&kpi, 100.0).await.expect(201);
    app.news().await;
    shadow::work_off(&app.ctx).await.unwrap();
    admin.get(&format!("{path}/shadow")).await.refused(409, "check_failed");
}

#[tokio::test]
async fn it_ends_and_is_for_administrators_alone() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let path = format!("{}/shadow", shadowed(&app, &admin, HALF).await);
    let quarters = json!({ "quarters": [{ "year": 2026, "quarter": "Q1" }] });
    manager.put(&path, quarters.clone()).await.refused(403, "not_allowed");
    manager.get(&path).await.refused(403, "not_allowed");
    admin.put(&path, json!({ "quarters": [] })).await.invalid("quarters required");
    admin.put("/rules/99999/shadow", quarters).await.refused(404, "not_found");
    assert_eq!(admin.get("/rules").await.items().iter().filter(|rule| !rule["shadow"].is_null()).count(), 1);

    admin.request("DELETE", &path).send().await.expect(204);
    admin.request("DELETE", &path).send().await.refused(404, "not_found");
    admin.get(&path).await.refused(404, "not_found");
    employee.records(&kpi, 150.0).await.expect(201);
    app.news().await;
    assert_eq!(shadow::work_off(&app.ctx).await.unwrap(), 0);
}

#[tokio::test]
async fn a_deleted_rule_keeps_no_news_waiting() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let source = "fn validate(kpi, ctx) { [] }";
    let new = json!({ "name": "trial", "kind": "validate", "scope": "global", "source": source });
    let path = format!("/rules/{}", admin.post("/rules", new).await.expect(201).id());
    let quarters = json!({ "quarters": [{ "year": 2026, "quarter": "Q1" }] });
    admin.put(&format!("{path}/shadow"), quarters).await.expect(200);
    // From here on the shadow is known in memory.
    app.news().await;
    let revision = admin.get(&path).await.expect(200).json()["revision"].as_i64().unwrap();
    admin.delete(&path, revision).await.expect(204);
    employee.records(&kpi, 150.0).await.expect(201);
    app.news().await;
    let waiting = outbox::Entity::find()
        .filter(outbox::Column::Event.eq("kpi.checked_in"))
        .filter(outbox::Column::DeliveredAt.is_null())
        .count(app.ctx.db.read())
        .await
        .unwrap();
    assert_eq!(waiting, 0);
}

#[tokio::test]
async fn it_ends_with_its_draft() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let path = shadowed(&app, &admin, HALF).await;
    let revision = admin.get(&path).await.expect(200).json()["revision"].as_i64().unwrap();
    admin.request("DELETE", &format!("{path}/draft")).version(revision).send().await.expect(200);
    admin.get(&format!("{path}/shadow")).await.refused(404, "not_found");
    let quarters = json!({ "quarters": [{ "year": 2026, "quarter": "Q1" }] });
    admin.put(&format!("{path}/shadow"), quarters).await.refused(409, "rule_state");
}
