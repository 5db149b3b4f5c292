//! The queue: which rows, in which order, and what one decides them by.

use serde_json::{Value, json};

use crate::support::{
    Actor, Response, TestApp,
    company::{CONTROLLER, FINANCE, SALES},
    kpis::{defined, kpi_in},
};

/// A submitted KPI with that title.
async fn asked(owner: &Actor, title: &str) -> Response {
    let draft = owner.draft(title).await;
    owner.does("submit", &draft).await.expect(200)
}

/// Titles of the rows that a query gives.
async fn titles(who: &Actor, query: &str) -> Vec<String> {
    let rows = who.get(&format!("/approvals{query}")).await.expect(200).items();
    rows.iter().map(|row| row["kpi"]["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_queue_is_filtered_and_sorted() {
    let app = TestApp::new().await;
    let (employee, colleague, manager) = (app.employee().await, app.colleague().await, app.manager().await);
    asked(&employee, "Calls").await;
    app.clock.set("2026-02-17T09:00:00Z".parse().unwrap());
    asked(&colleague, "Visits").await;
    app.clock.set("2026-02-18T09:00:00Z".parse().unwrap());
    let result = kpi_in("in_review", &employee, &manager).await;
    asked(&app.outsider().await, "Books").await;
    let title = result.json()["title"].as_str().unwrap().to_owned();

    assert_eq!(titles(&manager, "").await, ["Calls", "Visits", &title]);
    assert_eq!(titles(&manager, "?sort=-waiting_since").await, [&title, "Visits", "Calls"]);
    assert_eq!(titles(&manager, "?sort=-score&per_page=1").await, [&*title]);
    assert_eq!(titles(&manager, "?reason=result").await, [&*title]);
    assert_eq!(titles(&manager, "?reason=new_kpi").await, ["Calls", "Visits"]);
    assert!(titles(&manager, "?reason=revised").await.is_empty());
    assert_eq!(titles(&manager, "?q=CALL").await, ["Calls"]);
    assert_eq!(titles(&manager, "?q=cleo").await, ["Visits"]);
    assert!(titles(&manager, "?q=%25").await.is_empty());
    let admin = app.admin().await;
    assert_eq!(titles(&admin, &format!("?department_id={FINANCE}")).await, ["Books"]);
    assert_eq!(titles(&admin, &format!("?department_id={SALES}&reason=new_kpi&q=emil")).await, ["Calls"]);
    let days: Vec<Value> = manager.get("/approvals").await.column("waiting_days");
    assert_eq!(days, [json!(2), json!(1), json!(0)]);

    manager.get("/approvals?sort=title").await.invalid("sort unknown_value");
    manager.get(&format!("/approvals?q={}", "x".repeat(101))).await.invalid("q too_long");
    for bad in ["?reason=other", "?department_id=x", "?kind=result", "?mine=perhaps"] {
        manager.get(&format!("/approvals{bad}")).await.expect(400);
    }
}

#[tokio::test]
async fn waiting_days_are_the_companys() {
    let app = TestApp::configured(&[("TZ_NAME", "Pacific/Auckland")]).await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    asked(&employee, "Calls").await;
    // Two hours later it is the next day there.
    app.clock.set("2026-02-16T11:00:00Z".parse().unwrap());
    assert_eq!(manager.get("/approvals").await.column("waiting_days"), [json!(1)]);
}

#[tokio::test]
async fn a_result_comes_with_its_course_and_earlier_quarters() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    for (year, quarter, value) in [(2025, "Q3", 90.0), (2025, "Q4", 100.0)] {
        let body = defined("Units sold", json!({ "year": year, "quarter": quarter }));
        let draft = employee.post("/kpis", body).await.expect(201);
        let submitted = employee.does("submit", &draft).await.expect(200);
        let approved = manager.does("approve", &submitted).await.expect(200);
        employee.records(&approved, value).await.expect(201);
    }
    let draft = employee.post("/kpis", defined("Units Sold", json!({ "target": 1000 }))).await.expect(201);
    let submitted = employee.does("submit", &draft).await.expect(200);
    let waiting = manager.get("/approvals").await.items();
    assert_eq!(waiting[0]["result"], Value::Null);
    let approved = manager.does("approve", &submitted).await.expect(200);
    let path = format!("/kpis/{}/check-ins", approved.id());
    for (on, value) in [("2026-01-20", 20), ("2026-02-16", 950)] {
        employee.post(&path, json!({ "value": value, "on": on, "note": "Counted" })).await.expect(201);
    }
    employee.does("submit-result", &employee.sees(&approved).await).await.expect(200);

    let row = manager.get("/approvals").await.expect(200).items().swap_remove(0);
    assert_eq!((&row["kpi"]["current_value"], &row["evidence"]["count"]), (&json!(950.0), &json!(0)));
    let result = &row["result"];
    let values: Vec<_> = result["check_ins"].as_array().unwrap().iter().map(|c| c["value"].clone()).collect();
    assert_eq!(values, [json!(950.0), json!(20.0)]);
    assert!(result["expected_value"].as_f64().unwrap() > 400.0);
    let earlier: Vec<_> = result["earlier"].as_array().unwrap().iter().map(|q| q["value"].clone()).collect();
    assert_eq!(earlier, [json!(100.0), json!(90.0)]);
    let flags: Vec<&str> =
        row["flags"].as_array().unwrap().iter().map(|f| f["message"]["pattern"].as_str().unwrap()).collect();
    assert!(flags.iter().any(|flag| flag.starts_with("The value leapt")), "{flags:?}");
    assert!(flags.iter().any(|flag| flag.contains("is unlike")), "{flags:?}");
}

#[tokio::test]
async fn a_plain_result_is_not_flagged() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let draft = employee.draft("Units sold").await;
    let submitted = employee.does("submit", &draft).await.expect(200);
    let approved = manager.does("approve", &submitted).await.expect(200);
    let path = format!("/kpis/{}/check-ins", approved.id());
    for (on, value) in [("2026-01-20", 60), ("2026-02-01", 110), ("2026-02-16", 170)] {
        employee.post(&path, json!({ "value": value, "on": on, "note": "Counted" })).await.expect(201);
    }
    employee.does("submit-result", &employee.sees(&approved).await).await.expect(200);
    assert_eq!(manager.get("/approvals").await.items()[0]["flags"], json!([]));
}

#[tokio::test]
async fn a_delegates_filters_hold_for_what_is_delegated_too() {
    let app = TestApp::new().await;
    let (employee, manager, controller) = (app.employee().await, app.manager().await, app.controller().await);
    asked(&employee, "Calls").await;
    asked(&app.outsider().await, "Books").await;
    let days = json!({ "delegate_id": CONTROLLER, "from": "2026-02-16", "to": "2026-02-20" });
    manager.post("/delegations", days).await.expect(201);
    assert_eq!(titles(&controller, "").await, ["Calls", "Books"]);
    assert_eq!(titles(&controller, "?mine=true").await, ["Calls", "Books"]);
    assert_eq!(titles(&controller, &format!("?department_id={SALES}")).await, ["Calls"]);
    assert_eq!(titles(&controller, "?q=otto").await, ["Books"]);
    let behalf: Vec<_> = controller.get("/approvals").await.column("on_behalf_of");
    assert_eq!((&behalf[0]["username"], &behalf[1]), (&json!("manager"), &Value::Null));
}
