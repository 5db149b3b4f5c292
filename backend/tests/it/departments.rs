//! The tree of departments.

use serde_json::{Value, json};

use crate::support::{
    TestApp,
    company::{COMPANY, EMPLOYEE, FINANCE, MANAGER, SALES},
};

#[tokio::test]
async fn everybody_sees_the_tree_each_department_before_those_below_it() {
    let app = TestApp::new().await;
    let list = app.outsider().await.get("/departments").await.expect(200);
    assert_eq!(list.column("name"), ["Company", "Finance", "Sales"]);
    assert_eq!(list.items()[2]["path"], json!(["Company", "Sales"]));
    assert_eq!(list.items()[2]["manager_name"], "Mara Manager");
    assert_eq!(list.items()[2]["people"], 3);
    assert_eq!(app.outsider().await.get("/departments?q=SAL").await.column("name"), ["Sales"]);
    assert_eq!(app.outsider().await.get("/departments?per_page=2").await.items().len(), 2);
}

#[tokio::test]
async fn a_department_is_made_changed_and_deleted() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let new = json!({ "name": " Field sales ", "parent_id": SALES, "manager_id": EMPLOYEE });
    let made = admin.post("/departments", new).await.expect(201);
    assert_eq!(made.json()["path"], json!(["Company", "Sales", "Field sales"]));
    let path = format!("/departments/{}", made.id());
    let changed = admin
        .patch(&path, 1, json!({ "name": "Field", "parent_id": null, "manager_id": null }))
        .await
        .expect(200);
    assert_eq!(
        (changed.json()["path"].clone(), changed.json()["manager_id"].clone()),
        (json!(["Field"]), Value::Null)
    );
    admin.delete(&path, 1).await.refused(412, "stale_version");
    admin.request("DELETE", &path).send().await.refused(428, "version_missing");
    admin.delete(&path, 2).await.expect(204);
    admin.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_department_never_stands_below_itself() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let below =
        admin.post("/departments", json!({ "name": "Field", "parent_id": SALES })).await.expect(201).id();
    for parent in [COMPANY, SALES, below] {
        let path = format!("/departments/{COMPANY}");
        admin.patch(&path, 1, json!({ "parent_id": parent })).await.invalid("parent_id cycle");
    }
    admin.patch(&format!("/departments/{below}"), 1, json!({ "parent_id": FINANCE })).await.expect(200);
}

#[tokio::test]
async fn what_is_unknown_is_named() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.post("/departments", json!({ "name": "A", "parent_id": 99 })).await.invalid("parent_id unknown");
    admin.post("/departments", json!({ "name": "A", "manager_id": 99 })).await.invalid("manager_id unknown");
    admin.post("/departments", json!({ "name": "" })).await.invalid("name required");
    admin.post("/departments", json!({})).await.invalid("name required");
    admin.patch("/departments/99", 1, json!({})).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_department_in_use_stays() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let in_use = admin.delete(&format!("/departments/{COMPANY}"), 1).await;
    in_use.refused(409, "in_use");
    let holders = json!([{ "what": "departments", "count": 2 }, { "what": "people", "count": 1 }]);
    assert_eq!(in_use.json()["holders"], holders);
    admin.delete(&format!("/departments/{SALES}"), 1).await.refused(409, "in_use");
    let empty = admin.post("/departments", json!({ "name": "Field" })).await.expect(201).id();
    admin.post("/templates", json!({ "name": "T", "department_id": empty })).await.expect(201);
    admin.delete(&format!("/departments/{empty}"), 1).await.refused(409, "in_use");
}

#[tokio::test]
async fn a_new_manager_leads_from_the_next_request_on() {
    let app = TestApp::new().await;
    let (admin, controller) = (app.admin().await, app.controller().await);
    let kpi = json!({ "title": "Visits", "year": 2026, "quarter": "Q1", "target": 10.0 });
    let kpi = app.employee().await.post("/kpis", kpi).await.expect(201).id();
    controller.get(&format!("/kpis/{kpi}")).await.refused(404, "not_found");
    let lead = json!({ "manager_id": crate::support::company::CONTROLLER });
    admin.patch(&format!("/departments/{SALES}"), 1, lead).await.expect(200);
    controller.get(&format!("/kpis/{kpi}")).await.expect(200);
    app.logged_in(MANAGER).await.get(&format!("/kpis/{kpi}")).await.refused(404, "not_found");
}
