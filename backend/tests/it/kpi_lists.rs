//! Lists, figures, export and copies: within what one may see, and nothing counted beyond it.

use kpi_api::{scoring::Pace, time::Period};
use serde_json::{Value, json};

use crate::support::{
    TestApp, company,
    kpis::{defined, kpi_in},
};

#[tokio::test]
async fn lists_and_figures_end_where_sight_ends() {
    let app = TestApp::new().await;
    let (employee, colleague, manager) = (app.employee().await, app.colleague().await, app.manager().await);
    let (outsider, admin) = (app.outsider().await, app.admin().await);
    for person in [&employee, &colleague, &outsider] {
        person.draft("Units").await;
    }
    for (who, visible) in [(&employee, 1), (&colleague, 1), (&outsider, 1), (&manager, 2), (&admin, 3)] {
        let list = who.get("/kpis").await.expect(200).json();
        assert_eq!(list["total"], visible);
        assert_eq!(list["items"].as_array().unwrap().len(), visible);
        assert_eq!(who.get("/kpis/stats").await.json()["total"], visible);
        assert_eq!(who.get("/analytics/summary").await.json()["stats"]["total"], visible);
    }
    let foreign = manager.get(&format!("/kpis?user_id={}", company::OUTSIDER)).await.expect(200);
    assert_eq!(foreign.json()["total"], 0);
}

#[tokio::test]
async fn totals_follow_every_change() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    assert_eq!(employee.get("/kpis").await.json()["total"], 0);
    let draft = employee.draft("First").await;
    assert_eq!(employee.get("/kpis").await.json()["total"], 1);
    employee.delete(&format!("/kpis/{}", draft.id()), 1).await.expect(204);
    assert_eq!(employee.get("/kpis").await.json()["total"], 0);
}

#[tokio::test]
async fn every_filter_narrows_and_every_sort_sorts() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    employee
        .post("/kpis", defined("Ähre", json!({ "category": "mission", "tags": ["Grün"], "weight": 5 })))
        .await;
    employee.post("/kpis", defined("Zebra 100%", json!({ "quarter": "Q2", "weight": 9 }))).await;
    kpi_in("approved", &employee, &manager).await;
    let filters = [
        ("category=mission", 1),
        ("quarter=Q2", 1),
        ("year=2026", 3),
        ("year=2025", 0),
        ("status=approved", 1),
        ("status=approved,draft", 3),
        ("q=%C3%84HRE", 1),
        ("q=gr%C3%BCn", 1),
        ("q=100%25", 1),
        ("q=1_0", 0),
        ("band=none", 3),
        ("pace=none", 3),
        ("flagged=true", 0),
        ("flagged=false", 3),
        ("mine=true", 3),
        ("department_id=2", 3),
        ("department_id=1", 3),
        ("department_id=3", 0),
    ];
    for (filter, expected) in filters {
        let list = employee.get(&format!("/kpis?{filter}")).await.expect(200).json();
        assert_eq!(list["total"], expected, "{filter}");
        let stats = employee.get(&format!("/kpis/stats?{filter}")).await.expect(200).json();
        assert_eq!(stats["total"], expected, "{filter}");
    }
    for column in [
        "id",
        "title",
        "category",
        "user_name",
        "department_name",
        "period",
        "year",
        "quarter",
        "target",
        "weight",
        "current_value",
        "progress_percentage",
        "score",
        "band",
        "pace",
        "status",
        "due_date",
        "created_at",
        "submitted_at",
        "updated_at",
    ] {
        let ids = |list: Value| -> Vec<i64> {
            list["items"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
        };
        let up = ids(employee.get(&format!("/kpis?sort={column}")).await.expect(200).json());
        let mut down = ids(employee.get(&format!("/kpis?sort=-{column}")).await.expect(200).json());
        down.reverse();
        assert_eq!(up, down, "{column}");
    }
    let weights = employee.get("/kpis?sort=-weight").await.column("weight");
    assert_eq!(weights, [json!(20.0), json!(9.0), json!(5.0)]);
}

#[tokio::test]
async fn pages_do_not_overlap() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    for number in 0..5 {
        employee.draft(&format!("KPI {number}")).await;
    }
    let mut seen = Vec::new();
    for page in 1..=3 {
        let list = employee.get(&format!("/kpis?per_page=2&page={page}")).await.expect(200);
        assert_eq!(list.json()["total"], 5);
        seen.extend(list.column("id").into_iter().map(|id| id.as_i64().unwrap()));
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[tokio::test]
async fn bad_queries_name_what_is_wrong() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    for (query, fault) in [
        ("per_page=0", "per_page out_of_range"),
        ("per_page=101", "per_page out_of_range"),
        ("page=0", "page out_of_range"),
        ("sort=password", "sort unknown_value"),
        ("status=open", "status unknown_value"),
        ("format=pdf", "format unknown_value"),
        ("mine=true&user_id=1", "mine contradiction"),
    ] {
        employee.get(&format!("/kpis?{query}")).await.invalid(fault);
    }
    employee.get("/kpis?year=2026&year=2025").await.refused(400, "doubled_query_key");
    for query in ["colour=red", "year=soon", "quarter=Q5"] {
        employee.get(&format!("/kpis?{query}")).await.expect(400);
    }
}

#[tokio::test]
async fn the_database_computes_pace_as_the_function_does() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let elapsed = Period::containing(app.ctx.today(), 1).elapsed(app.ctx.today(), 1);
    for share in [0.0, 0.74, 0.75, 0.94, 0.95, 1.09, 1.10, 2.0] {
        // 200 is the target; rounding up keeps the value on the right side of its bound.
        let value = (200.0 * share * elapsed * 1e6).ceil() / 1e6;
        employee.records(&kpi, value).await.expect(201);
        let pace = Pace::of(Some(value / 200.0), elapsed);
        let found = employee.get(&format!("/kpis?pace={pace}")).await.expect(200);
        assert_eq!(found.column("pace"), [json!(pace.as_str())], "{share}");
        let stats = employee.get("/kpis/stats").await.json();
        let counted =
            stats["by_pace"].as_array().unwrap().iter().find(|row| row["pace"] == pace.as_str()).unwrap();
        assert_eq!(counted["count"], 1, "{share}");
    }
}

#[tokio::test]
async fn the_export_is_a_table_without_formulas() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    employee.draft("=HYPERLINK(\"evil\")").await;
    let csv = employee.get("/kpis?format=csv").await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.header("content-disposition").contains("kpis.csv"));
    let lines: Vec<String> = csv.text().lines().map(str::to_owned).collect();
    assert!(lines[0].starts_with("id,title,owner"));
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"evil\"\")\""), "{}", lines[1]);
}

#[tokio::test]
async fn copies_are_drafts_of_the_same_owner_told_item_by_item() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let own = kpi_in("closed", &employee, &manager).await;
    let foreign = app.outsider().await.draft("Not yours").await;
    let body = json!({ "ids": [own.id(), foreign.id()], "year": 2026, "quarter": "Q2" });
    let done = employee.post("/kpis/copy", body).await.expect(200).items();
    assert_eq!(
        (&done[0]["ok"], &done[1]["ok"], &done[1]["code"]),
        (&json!(true), &json!(false), &json!("not_found"))
    );
    let copy = employee.get(&format!("/kpis/{}", done[0]["new_id"])).await.expect(200).json();
    assert_eq!(
        (&copy["status"], &copy["quarter"], &copy["target"]),
        (&json!("draft"), &json!("Q2"), &json!(200.0))
    );
    assert_eq!(copy["current_value"], Value::Null);
    employee
        .post("/kpis/copy", json!({ "ids": [], "year": 2026, "quarter": "Q2" }))
        .await
        .invalid("ids required");
}

#[tokio::test]
async fn a_preview_scores_as_typed_and_stores_nothing() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let preview = employee
        .post("/kpis/preview", defined("As typed", json!({ "current_value": 100, "weight": 120 })))
        .await;
    preview.invalid("weight out_of_range");
    let preview = employee.post("/kpis/preview", defined("As typed", json!({ "current_value": 100 }))).await;
    let preview = preview.expect(200).json();
    assert_eq!((&preview["score"], &preview["band"]), (&json!(50.0), &json!("red")));
    let found = employee.post("/kpis/preview", defined("", json!({ "target": 0 }))).await.expect(200).json();
    let fields: Vec<_> = found["findings"].as_array().unwrap().iter().map(|f| f["field"].clone()).collect();
    assert_eq!(fields, [json!("title"), json!("target")]);
    assert_eq!(employee.get("/kpis").await.json()["total"], 0);
}
