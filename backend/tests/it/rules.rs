//! Rules that fail: the person's act goes through on the last good version and says so, or is refused loudly.

use kpi::{
    entity::{outbox, rule_version},
    platform::signals::Topic,
    rules::trouble,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::support::{TestApp, kpis::kpi_in, rules::publish};

#[tokio::test]
async fn a_score_rule_that_fails_falls_back_and_is_flagged() {
    for source in [
        "fn score(kpi, ctx) { loop {} }",
        "fn score(kpi, ctx) { throw \"no\" }",
        "fn score(kpi, ctx) { 7 }",
        "fn score(kpi, ctx) {",
    ] {
        let app = TestApp::new().await;
        let (employee, manager) = (app.employee().await, app.manager().await);
        let kpi = kpi_in("approved", &employee, &manager).await;
        publish(&app, "score/standard", 2, source).await;
        assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 75.0, "{source}");
        let receipt = employee.get(&format!("/kpis/{}/receipt", kpi.id())).await.expect(200).json();
        assert_eq!(receipt["rule"]["version"], 1, "{source}");
        assert!(receipt["trouble"].is_string(), "{source}");
    }
}

#[tokio::test]
async fn a_validation_without_any_good_version_refuses_with_clarity() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("draft", &employee, &manager).await;
    publish(&app, "validate/standard", 1, "fn validate(kpi, ctx) { throw \"no\" }").await;
    let refused = employee.does("submit", &kpi).await;
    refused.refused(503, "rule_broken");
    assert!(refused.text().contains("validate/standard"));
    publish(&app, "validate/standard", 2, "fn validate(kpi, ctx) { [] }").await;
    employee.does("submit", &kpi).await.expect(200);
}

/// Not in the request of whoever met it, and not for every KPI it fails for.
#[tokio::test]
async fn administrators_are_told_of_a_rule_that_fails_once_a_day() {
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    publish(&app, "score/standard", 2, "fn score(kpi, ctx) {\n  throw \"no\"\n}").await;
    let told = async || {
        app.news().await;
        let told = admin.get("/notifications").await.expect(200).items();
        told.into_iter().filter(|told| told["kind"] == "rule_trouble").collect::<Vec<_>>()
    };
    employee.records(&kpi, 150.0).await.expect(201);
    let failed = outbox::Entity::find().filter(outbox::Column::Event.eq("rule.failed"));
    assert_eq!(failed.count(app.ctx.db.read()).await.unwrap(), 0);
    assert_eq!(trouble::tell(&app.ctx).await.unwrap(), 1);
    employee.records(&kpi, 151.0).await.expect(201);
    assert_eq!(trouble::tell(&app.ctx).await.unwrap(), 0);
    let first = told().await;
    assert_eq!(first.len(), 1);
    assert_eq!(
        (&first[0]["data"]["name"], &first[0]["data"]["actor_id"]),
        (&json!("score/standard"), &json!(null))
    );
    assert!(first[0]["data"]["text"]["text"].as_str().unwrap().contains("no"), "{:?}", first[0]);

    // Another version is another story, and so is another day.
    publish(&app, "score/standard", 3, "fn score(kpi, ctx) { 7 }").await;
    employee.records(&kpi, 152.0).await.expect(201);
    assert_eq!(trouble::tell(&app.ctx).await.unwrap(), 1);
    app.clock.set("2026-02-17T09:00:00Z".parse().unwrap());
    employee.records(&kpi, 153.0).await.expect(201);
    assert_eq!(trouble::tell(&app.ctx).await.unwrap(), 2);
    assert_eq!(told().await.len(), 4);
}

#[tokio::test]
async fn a_failure_that_cannot_be_written_is_told_later() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    publish(&app, "score/standard", 2, "fn score(kpi, ctx) { throw \"no\" }").await;
    employee.records(&kpi, 150.0).await.expect(201);
    let db = app.ctx.db.writer();
    db.execute_unprepared("ALTER TABLE outbox RENAME TO away").await.unwrap();
    assert!(trouble::tell(&app.ctx).await.is_err());
    db.execute_unprepared("ALTER TABLE away RENAME TO outbox").await.unwrap();
    assert_eq!(trouble::tell(&app.ctx).await.unwrap(), 1);
}

#[tokio::test]
async fn a_rule_holds_from_its_quarter_on() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    publish(&app, "score/standard", 2, "fn score(kpi, ctx) { #{ score: 1.0, steps: [] } }").await;
    rule_version::Entity::update_many()
        .col_expr(rule_version::Column::EffectivePeriod, sea_orm::sea_query::Expr::value(2026 * 4 + 1))
        .filter(rule_version::Column::Version.eq(2))
        .exec(app.ctx.db.writer())
        .await
        .unwrap();
    app.ctx.signals.changed(Topic::Rules);
    assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 75.0);
}

#[tokio::test]
async fn what_was_done_today_is_of_today_in_the_companys_zone() {
    let app = TestApp::configured(&[("TZ_NAME", "Pacific/Auckland")]).await;
    // Past midnight there.
    app.clock.set("2026-02-16T12:00:00Z".parse().unwrap());
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let source = "fn score(kpi, ctx) { #{ score: 40.0 + days_since(kpi.approved), steps: [] } }";
    publish(&app, "score/standard", 2, source).await;
    assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 40.0);
}

#[tokio::test]
async fn admins_read_the_published_rules() {
    let app = TestApp::new().await;
    let rules = app.admin().await.get("/rules").await.expect(200).items();
    let names: Vec<_> = rules.iter().map(|rule| rule["name"].clone()).collect();
    assert_eq!(names, ["score/standard", "validate/standard", "remind/standard"].map(|name| json!(name)));
    let rule = app.admin().await.get(&format!("/rules/{}", rules[0]["id"])).await.expect(200).json();
    assert!(rule["source"].as_str().unwrap().contains("fn score"));
    assert!(!rule["title"].as_str().unwrap().is_empty());
    app.admin().await.get("/rules/999").await.refused(404, "not_found");
    app.manager().await.get("/rules").await.refused(403, "not_allowed");
}
