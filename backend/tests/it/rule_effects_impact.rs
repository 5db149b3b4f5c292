//! What a rule would change: exact numbers, nothing written, and nobody waits for a draft that spins.

use std::time::{Duration, Instant};

use kpi::entity::{kpi as row, kpi_history, outbox};
use kpi_api::rule_effects::Impact;
use sea_orm::{ActiveValue::NotSet, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::support::{
    Actor, Response, TestApp,
    company::{EMPLOYEE, FINANCE, SALES},
    kpis::{defined, kpi_in},
};

const HALF: &str = r#"//! Half of it
fn score(kpi, ctx) {
    let p = attainment(kpi);
    if p == () { return #{ score: () }; }
    step("Only half counts.");
    #{ score: clamp(50 * p, 0, 120) }
}"#;

async fn rule(app: &TestApp, name: &str) -> i64 {
    let rules = app.admin().await.get("/rules").await.expect(200).items();
    rules.iter().find(|rule| rule["name"] == name).unwrap()["id"].as_i64().unwrap()
}

async fn previewed(admin: &Actor, rule: i64, body: Value) -> Value {
    let answer = admin.post(&format!("/rules/{rule}/preview"), body).await.expect(200).json();
    // What a client reads is what was sent.
    let read: Impact = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), answer);
    answer
}

/// A KPI of somebody with a value; 200 is the target.
async fn measured(owner: &Actor, decider: &Actor, value: f64) -> Response {
    let kpi = kpi_in("approved", owner, decider).await;
    owner.records(&kpi, value).await.expect(201);
    kpi
}

async fn rows(app: &TestApp) -> (Vec<row::Model>, u64, u64) {
    let db = app.ctx.db.read();
    let kpis = row::Entity::find().all(db).await.unwrap();
    let history = kpi_history::Entity::find().count(db).await.unwrap();
    (kpis, history, outbox::Entity::find().count(db).await.unwrap())
}

#[tokio::test]
async fn a_candidate_is_compared_kpi_by_kpi_and_nothing_is_written() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let (controller, outsider) = (app.controller().await, app.outsider().await);
    let green = measured(&employee, &manager, 200.0).await;
    measured(&employee, &manager, 150.0).await;
    measured(&outsider, &controller, 20.0).await;
    outsider.draft("Nothing yet").await;
    let before = rows(&app).await;

    let impact = previewed(&admin, rule(&app, "score/standard").await, json!({ "source": HALF })).await;
    assert_eq!(
        [&impact["evaluated"], &impact["changed"], &impact["total"], &impact["failed"]],
        [&json!(4), &json!(3), &json!(4), &json!(0)]
    );
    assert_eq!(
        impact["band_changes"],
        json!([
            { "from": "green", "to": "red", "count": 1 },
            { "from": "amber", "to": "red", "count": 1 }
        ])
    );
    let histogram = |name: &str| -> Vec<(u64, u64)> {
        let buckets = impact[name]["buckets"].as_array().unwrap();
        assert_eq!((buckets.len(), &impact[name]["none"]), (13, &json!(1)), "{name}");
        let filled = buckets.iter().filter(|bucket| bucket["count"] != 0);
        filled.map(|b| (b["from"].as_u64().unwrap(), b["count"].as_u64().unwrap())).collect()
    };
    assert_eq!(histogram("histogram_before"), [(10, 1), (70, 1), (100, 1)]);
    assert_eq!(histogram("histogram_after"), [(0, 1), (30, 1), (50, 1)]);
    let departments = impact["by_department"].as_array().unwrap();
    let of = |id: i64| departments.iter().find(|department| department["id"] == id).unwrap();
    assert_eq!(of(SALES)["mean_before"], 87.5);
    assert_eq!(of(SALES)["mean_after"], 43.75);
    assert_eq!((&of(FINANCE)["evaluated"], &of(FINANCE)["changed"]), (&json!(2), &json!(1)));

    let first = &impact["movers"][0];
    assert_eq!(first["kpi"]["id"], green.id());
    assert_eq!(first["kpi"]["owner"]["id"], EMPLOYEE);
    assert_eq!((&first["before"], &first["after"]), (&json!(100.0), &json!(50.0)));
    assert_eq!(first["receipts"]["before"]["rule"]["version"], 1);
    assert_eq!(first["receipts"]["after"]["rule"]["version"], 2);
    assert_eq!(first["receipts"]["after"]["steps"][0]["text"], "Only half counts.");
    assert_eq!(first["sentences"][0]["text"], "The score went from 100 to 50 points.");
    assert_eq!(impact["stopped_early"], false);
    assert_eq!(rows(&app).await, before);
}

#[tokio::test]
async fn one_quarter_may_be_asked_about() {
    let app = TestApp::new().await;
    let (admin, employee) = (app.admin().await, app.employee().await);
    employee.draft("Now").await;
    employee.post("/kpis", defined("Next", json!({ "quarter": "Q2" }))).await.expect(201);
    let rule = rule(&app, "score/standard").await;
    let all = previewed(&admin, rule, json!({ "source": HALF })).await;
    let one = previewed(&admin, rule, json!({ "source": HALF, "year": 2026, "quarter": "Q2" })).await;
    assert_eq!((&all["evaluated"], &one["evaluated"]), (&json!(2), &json!(1)));
    let half = json!({ "source": HALF, "year": 2026 });
    admin.post(&format!("/rules/{rule}/preview"), half).await.invalid("quarter required");
}

#[tokio::test]
async fn validation_and_reminder_rules_are_compared_too() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    kpi_in("approved", &employee, &manager).await;
    employee.draft("Calls").await;
    let source = r#"fn validate(kpi, ctx) { [error("title", "No."), warn("unit", "Hm.")] }"#;
    let impact = previewed(&admin, rule(&app, "validate/standard").await, json!({ "source": source })).await;
    assert_eq!((&impact["evaluated"], &impact["changed"]), (&json!(2), &json!(2)));
    // The approved one lacks a value, which the standard rule minds when the result is handed in.
    let counts = json!({ "errors_before": 1, "errors_after": 2, "warnings_before": 0, "warnings_after": 2 });
    assert_eq!(impact["findings"], counts);
    assert_eq!(impact["movers"][0]["findings"]["after"][0]["field"], "title");

    let source = r#"fn remind(kpi, ctx) { [remind("owner", "Hello", "There.")] }"#;
    let impact = previewed(&admin, rule(&app, "remind/standard").await, json!({ "source": source })).await;
    assert_eq!(impact["reminders"], json!({ "before": 0, "after": 2 }));
    assert_eq!(impact["movers"][0]["reminders"]["after"][0]["to"], "owner");
}

#[tokio::test]
async fn a_candidate_that_does_not_compile_is_refused_with_its_line() {
    let app = TestApp::new().await;
    let (admin, rule) = (app.admin().await, rule(&app, "score/standard").await);
    let path = format!("/rules/{rule}/preview");
    let refused = admin.post(&path, json!({ "source": "fn score(kpi, ctx) {\n  nothing(1)\n}" })).await;
    refused.invalid("source does_not_compile");
    assert!(refused.text().contains("Line 2"), "{}", refused.text());
    admin.post(&path, json!({ "surce": "x" })).await.refused(422, "invalid");
    admin.post(&path, json!({ "source": HALF, "ticket": "no spaces" })).await.invalid("ticket wrong_shape");
    admin.post("/rules/99999/preview", json!({ "source": HALF })).await.refused(404, "not_found");
    app.manager().await.post(&path, json!({ "source": HALF })).await.refused(403, "not_allowed");
}

#[tokio::test]
async fn where_it_fails_is_told_and_the_published_version_stands_in() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let bad = measured(&employee, &manager, 150.0).await;
    measured(&employee, &manager, 100.0).await;
    let source = "fn score(kpi, ctx) {\n  if kpi.current > 120 { throw \"too much\"; }\n  #{ score: 10 }\n}";
    let impact = previewed(&admin, rule(&app, "score/standard").await, json!({ "source": source })).await;
    assert_eq!([&impact["failed"], &impact["changed"]], [&json!(1), &json!(1)]);
    let error = json!({ "kpi_id": bad.id(), "message": "too much", "line": 2 });
    assert_eq!(impact["errors"], json!([error]));
    assert_eq!(impact["histogram_after"]["buckets"][7]["count"], 1);
}

#[tokio::test]
async fn a_candidate_that_spins_is_given_up_soon() {
    let app = TestApp::new().await;
    let (admin, employee) = (app.admin().await, app.employee().await);
    let first = employee.draft("One of many").await;
    many(&app, first.id(), 3000).await;
    let began = Instant::now();
    let source = "fn score(kpi, ctx) { loop {} }";
    let impact = previewed(&admin, rule(&app, "score/standard").await, json!({ "source": source })).await;
    assert_eq!(impact["stopped_early"], true);
    let failed = impact["failed"].as_u64().unwrap();
    assert!((1..3001).contains(&failed), "{failed}");
    assert_eq!(impact["evaluated"], failed);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

/// So many copies of a KPI, made behind the back of the server.
async fn many(app: &TestApp, of: i64, count: usize) {
    let found = row::Entity::find_by_id(of).one(app.ctx.db.read()).await.unwrap().unwrap();
    let mut copy: row::ActiveModel = found.into();
    copy.id = NotSet;
    for some in vec![copy; count].chunks(500) {
        row::Entity::insert_many(some.to_vec()).exec_without_returning(app.ctx.db.writer()).await.unwrap();
    }
}

#[tokio::test]
async fn progress_and_cancelling_are_for_whoever_began_it() {
    let app = TestApp::new().await;
    let (admin, employee) = (app.admin().await, app.employee().await);
    let first = employee.draft("One of many").await;
    many(&app, first.id(), 3000).await;
    let path = format!("/rules/{}/preview", rule(&app, "score/standard").await);
    // Slow enough to be met while it is under way.
    let body = json!({ "source": "fn score(kpi, ctx) { loop {} }", "ticket": "mine-1" });
    let under_way = tokio::spawn({
        let (admin, path, body) = (app.admin().await, path.clone(), body.clone());
        async move { admin.post(&path, body).await }
    });
    let progress = loop {
        let answer = admin.get("/rules/previews/mine-1").await;
        match answer.status {
            200 if answer.json()["total"] == 3001 => break answer.json(),
            200 | 404 => tokio::task::yield_now().await,
            other => panic!("{other}: {}", answer.text()),
        }
    };
    assert!(progress["done"].as_u64().unwrap() <= 3001);
    admin.post(&path, body).await.refused(409, "duplicate");
    let other = second_admin(&app).await;
    other.get("/rules/previews/mine-1").await.refused(404, "not_found");
    other.request("DELETE", "/rules/previews/mine-1").send().await.refused(404, "not_found");
    admin.request("DELETE", "/rules/previews/mine-1").send().await.expect(204);
    under_way.await.unwrap().refused(409, "cancelled");
    admin.get("/rules/previews/mine-1").await.refused(404, "not_found");
}

/// A rule for one template or department would stand in the way of the global one there, and only there.
#[tokio::test]
async fn a_new_rule_changes_what_applies_in_its_scope() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let (controller, outsider) = (app.controller().await, app.outsider().await);
    measured(&employee, &manager, 150.0).await;
    measured(&outsider, &controller, 150.0).await;
    let scoped = unpublished(&app, "department", SALES).await;
    // Its draft is what is asked about.
    let impact = previewed(&admin, scoped, json!({})).await;
    assert_eq!([&impact["evaluated"], &impact["changed"]], [&json!(1), &json!(1)]);
    assert_eq!(impact["movers"][0]["kpi"]["owner"]["id"], EMPLOYEE);
    assert_eq!(impact["movers"][0]["receipts"]["before"]["rule"]["name"], "score/standard");
    assert_eq!(impact["movers"][0]["receipts"]["after"]["rule"]["version"], 1);
    let sentence = &impact["movers"][0]["sentences"][2]["text"];
    assert_eq!(sentence, "Another rule scores it now: Half of it instead of Standard scoring.");
}

async fn second_admin(app: &TestApp) -> Actor {
    let person = json!({
        "email": "second@firma.example", "username": "second", "full_name": "Second", "role": "admin",
        "password": "violet-meadow-12",
    });
    let id = app.admin().await.post("/users", person).await.expect(201).id();
    app.logged_in(id).await
}

/// A score rule that was never published.
async fn unpublished(app: &TestApp, scope: &str, id: i64) -> i64 {
    let body = json!({ "name": "half", "kind": "score", "scope": format!("{scope}:{id}"), "source": HALF });
    app.admin().await.post("/rules", body).await.expect(201).id()
}
