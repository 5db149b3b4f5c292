//! What rules cost and how often they fail, as the list of rules tells it.

use kpi::{
    entity::{rule, rule_version},
    platform::signals::Topic,
    rules::trouble,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::{TestApp, kpis::kpi_in};

/// Publishes a source as the next version of the standard rule, past the tests that would refuse it.
async fn publish(app: &TestApp, version: i64, source: &str) {
    let db = app.ctx.db.writer();
    let named = rule::Column::Name.eq("score/standard");
    let found = rule::Entity::find().filter(named).one(db).await.unwrap().unwrap();
    let row = rule_version::ActiveModel {
        rule_id: Set(found.id),
        version: Set(version),
        source: Set(source.to_owned()),
        tests: Set(String::new()),
        checksum: Set(kpi_engine::checksum(source)),
        engine: Set(kpi_engine::ENGINE_VERSION.to_owned()),
        note: Set("made for the test".to_owned()),
        created_at: Set(0),
        ..Default::default()
    };
    row.insert(db).await.unwrap();
    let published =
        rule::ActiveModel { id: Set(found.id), published_version: Set(version), ..Default::default() };
    published.update(db).await.unwrap();
    app.ctx.signals.changed(Topic::Rules);
}

async fn listed(app: &TestApp) -> Value {
    let rules = app.admin().await.get("/rules").await.expect(200).items();
    rules.into_iter().find(|rule| rule["name"] == "score/standard").unwrap()
}

#[tokio::test]
async fn failures_of_the_last_seven_days_are_counted() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    assert_eq!(listed(&app).await["trouble"], Value::Null);
    publish(&app, 2, "fn score(kpi, ctx) {\n  throw \"no\"\n}").await;
    // A good version stands in: the person's act goes through, the score is flagged.
    for value in [100.0, 150.0] {
        employee.records(&kpi, value).await.expect(201);
    }
    let receipt = employee.get(&format!("/kpis/{}/receipt", kpi.id())).await.expect(200).json();
    assert_eq!((&receipt["score"], &receipt["rule"]["version"]), (&json!(75.0), &json!(1)));
    assert_eq!(receipt["trouble"], "Version 2: no (line 2, column 3)");
    trouble::tell(&app.ctx).await.unwrap();
    let told = &listed(&app).await["trouble"];
    assert_eq!(
        [&told["failures_7d"], &told["last_message"], &told["last_line"], &told["last_kpi_id"]],
        [&json!(2), &json!("no"), &json!(2), &json!(kpi.id())]
    );
    // Later failures are added, those of more than a week ago are forgotten.
    app.clock.set("2026-02-20T09:00:00Z".parse().unwrap());
    employee.records(&kpi, 120.0).await.expect(201);
    trouble::tell(&app.ctx).await.unwrap();
    assert_eq!(listed(&app).await["trouble"]["failures_7d"], 3);
    app.clock.set("2026-02-23T09:00:00Z".parse().unwrap());
    assert_eq!(listed(&app).await["trouble"]["failures_7d"], 1);
    app.clock.set("2026-02-27T09:00:00Z".parse().unwrap());
    assert_eq!(listed(&app).await["trouble"], Value::Null);
}

#[tokio::test]
async fn what_running_costs_is_counted() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    assert_eq!(listed(&app).await["runs"], Value::Null);
    let kpi = kpi_in("approved", &employee, &manager).await;
    employee.records(&kpi, 100.0).await.expect(201);
    let before = listed(&app).await["runs"].clone();
    employee.records(&kpi, 150.0).await.expect(201);
    let after = listed(&app).await["runs"].clone();
    let number = |runs: &Value, name: &str| runs[name].as_u64().unwrap();
    assert_eq!(number(&after, "count"), number(&before, "count") + 1);
    assert!(number(&after, "max_us") >= number(&after, "mean_us"));
    assert!((1..200_000).contains(&number(&after, "max_operations")), "{after}");
    // A preview of a candidate is not what the rule costs.
    let id = listed(&app).await["id"].clone();
    let source = json!({ "source": "fn score(kpi, ctx) { #{ score: () } }" });
    app.admin().await.post(&format!("/rules/{id}/preview"), source).await.expect(200);
    assert_eq!(listed(&app).await["runs"]["count"], after["count"]);
}
