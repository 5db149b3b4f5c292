//! What rules cost and how often they fail, as the list of rules tells it.

use kpi::{admin::coherence::faults, rules::trouble};
use serde_json::{Value, json};

use crate::support::{TestApp, kpis::kpi_in, rules::publish};

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
    publish(&app, "score/standard", 2, "fn score(kpi, ctx) {\n  throw \"no\"\n}").await;
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
async fn a_score_of_an_older_version_is_marked_wherever_it_is_shown() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let fine = kpi_in("approved", &employee, &manager).await;
    employee.records(&fine, 80.0).await.expect(201);
    let kpi = kpi_in("approved", &employee, &manager).await;
    publish(&app, "score/standard", 2, "fn score(kpi, ctx) { throw \"no\" }").await;
    employee.records(&kpi, 150.0).await.expect(201);
    // Of a KPI without a score nothing is to be said.
    let draft = employee.draft("Not measured").await;
    assert_eq!(employee.sees(&draft).await.json()["is_flagged"], false);
    let seen = employee.sees(&kpi).await;
    let told = seen.json();
    assert_eq!((&told["score"], &told["is_flagged"]), (&json!(75.0), &json!(true)));

    let marked = |rows: Vec<Value>| -> Vec<(i64, bool)> {
        let row = |row: &Value| (row["id"].as_i64().unwrap(), row["is_flagged"].as_bool().unwrap());
        rows.iter().map(row).collect()
    };
    let all = [(fine.id(), false), (kpi.id(), true), (draft.id(), false)];
    assert_eq!(marked(employee.get("/kpis?sort=id").await.expect(200).items()), all);
    assert_eq!(marked(employee.get("/kpis?flagged=true").await.expect(200).items()), all[1..2]);
    assert_eq!(employee.get("/kpis?flagged=false").await.expect(200).json()["total"], 2);
    for filter in ["", "?flagged=true", "?year=2026"] {
        let stats = employee.get(&format!("/kpis/stats{filter}")).await.expect(200).json();
        assert_eq!(stats["flagged"], 1, "{filter}");
    }
    let csv = employee.get("/kpis?sort=id&format=csv").await.expect(200).text();
    let last: Vec<&str> = csv.lines().filter_map(|line| line.rsplit(',').next()).collect();
    assert_eq!(last, ["is_flagged", "false", "true", "false"]);

    app.clock.set("2026-03-02T09:00:00Z".parse().unwrap());
    let work = employee.get("/my-work").await.expect(200).json();
    let due = work["due_now"]["rows"].as_array().unwrap().iter().map(|row| row["kpi"].clone()).collect();
    let mut due = marked(due);
    due.sort_unstable();
    assert_eq!(due, all[..2]);
    employee.does("submit-result", &seen).await.expect(200);
    let queue = manager.get("/approvals").await.expect(200).items();
    assert_eq!(marked(queue.iter().map(|row| row["kpi"].clone()).collect()), all[1..2]);
    assert_eq!(faults(app.ctx.db.read()).await.unwrap(), []);
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
