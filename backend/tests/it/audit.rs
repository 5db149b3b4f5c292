//! The audit log and what stands in it.

use kpi::entity::audit;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use crate::support::{
    TestApp,
    company::{ADMIN, EMPLOYEE, SALES},
};

#[tokio::test]
async fn every_command_leaves_one_row_with_its_request_id() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let before = admin.get("/audit-log").await.expect(200).json()["total"].as_u64().unwrap();
    let changed =
        admin.patch(&format!("/users/{EMPLOYEE}"), 1, json!({ "position": "Buyer" })).await.expect(200);
    admin
        .patch(&format!("/users/{EMPLOYEE}"), 1, json!({ "position": "Seller" }))
        .await
        .refused(412, "stale_version");
    let log = admin.get("/audit-log").await.expect(200);
    assert_eq!(log.json()["total"], before + 1);
    let row = &log.items()[0];
    assert_eq!((&row["action"], &row["entity_id"]), (&json!("user.update"), &json!(EMPLOYEE)));
    assert_eq!((&row["user_id"], &row["user_name"]), (&json!(ADMIN), &json!("Ada Admin")));
    assert_eq!(row["detail"], json!({ "position": { "old": "", "new": "Buyer" } }));
    assert_eq!(row["request_id"], changed.header("x-request-id"));
}

#[tokio::test]
async fn the_log_is_filtered_sorted_and_paged() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.post("/departments", json!({ "name": "100% Field_" })).await.expect(201);
    app.clock.set("2026-02-17T12:00:00Z".parse().unwrap());
    admin.patch(&format!("/departments/{SALES}"), 1, json!({ "name": "Sales!" })).await.expect(200);
    let actions =
        async |query: &str| admin.get(&format!("/audit-log?{query}")).await.expect(200).column("action");
    assert_eq!(actions("entity=department").await, ["department.update", "department.create"]);
    assert_eq!(actions("entity=department&sort=at").await, ["department.create", "department.update"]);
    assert_eq!(actions("action=department.update&user_id=1").await, ["department.update"]);
    assert_eq!(actions("user_id=4").await, Vec::<serde_json::Value>::new());
    assert_eq!(actions("entity=department&from=2026-02-17").await, ["department.update"]);
    assert_eq!(actions("entity=department&to=2026-02-16").await, ["department.create"]);
    assert_eq!(actions("entity=department&to=2026-02-17T12:00:00Z").await, ["department.create"]);
    assert_eq!(actions("q=100%25").await, ["department.create"]);
    assert_eq!(actions("q=Field_").await, ["department.create"]);
    assert_eq!(actions("q=Fiel__").await, Vec::<serde_json::Value>::new());
    assert_eq!(actions("entity=department&per_page=1&page=2").await, ["department.create"]);
    admin.get("/audit-log?from=yesterday").await.invalid("from invalid_date");
    admin.get("/audit-log?sort=hash").await.invalid("sort unknown_value");
    for bad in ["format=pdf", "user_id=x"] {
        admin.get(&format!("/audit-log?{bad}")).await.refused(400, "malformed");
    }
}

#[tokio::test]
async fn an_export_starts_no_formula() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.patch("/auth/me", 1, json!({ "full_name": "=cmd()" })).await.expect(200);
    let csv = admin.get("/audit-log?format=csv&action=user.update_self").await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"audit-log-2026-02-16.csv\"");
    let text = csv.text();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id,at,user_id,user_name,action,entity,entity_id,detail,request_id"));
    let row = lines.next().unwrap();
    assert!(row.contains(",'=cmd(),user.update_self,user,1,"), "{row}");
    assert_eq!(lines.next(), None);
}

#[tokio::test]
async fn tampering_shows_at_the_first_row_that_does_not_fit() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    for name in ["One", "Two", "Three"] {
        admin.post("/departments", json!({ "name": name })).await.expect(201);
    }
    let verdict = admin.get("/audit-log/verify").await.expect(200).json();
    assert_eq!((&verdict["ok"], &verdict["first_bad"]), (&json!(true), &json!(null)));
    let rows = admin.get("/audit-log?action=department.create").await.items();
    let second = rows[1]["id"].as_i64().unwrap();
    let forged = audit::ActiveModel { id: Set(second), user_id: Set(Some(EMPLOYEE)), ..Default::default() };
    audit::Entity::update(forged).exec(app.ctx.db.writer()).await.unwrap();
    let verdict = admin.get("/audit-log/verify").await.expect(200).json();
    assert_eq!((&verdict["ok"], &verdict["first_bad"]), (&json!(false), &json!(second)));
}

#[tokio::test]
async fn no_secret_stands_in_the_log() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let new = json!({ "email": "b@firma.example", "username": "berta", "full_name": "B", "password": "violet-meadow-12" });
    admin.post("/users", new).await.expect(201);
    let token = json!({ "name": "script", "scope": "read", "expires_in_days": 1 });
    let secret =
        admin.post("/auth/tokens", token).await.expect(201).json()["secret"].as_str().unwrap().to_owned();
    let reset = admin.request("POST", &format!("/users/{EMPLOYEE}/reset-password")).send().await.expect(200);
    let temporary = reset.json()["temporary_password"].as_str().unwrap().to_owned();
    let log = admin.get("/audit-log?per_page=100").await.text();
    for hidden in ["violet-meadow-12", &secret, &temporary, "argon2"] {
        assert!(!log.contains(hidden), "{hidden}");
    }
}
