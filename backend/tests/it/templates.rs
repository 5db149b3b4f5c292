//! Templates: chains, and who may use which.

use kpi::templates::service::effective;
use kpi_api::id::{TemplateId, UserId};
use serde_json::{Value, json};

use crate::support::{
    Actor, TestApp,
    company::{COMPANY, FINANCE, OUTSIDER, SALES},
};

async fn make(admin: &Actor, body: Value) -> i64 {
    admin.post("/templates", body).await.expect(201).id()
}

#[tokio::test]
async fn a_template_overrides_only_what_it_names() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let fields = json!({ "title": "Revenue", "unit": "EUR", "target": 100.0, "direction": "increase" });
    let base = make(&admin, json!({ "name": "Revenue", "fields": fields })).await;
    let own = json!({ "target": 50.0 });
    let sales =
        json!({ "name": "Revenue of Sales", "department_id": SALES, "extends_id": base, "fields": own });
    let sales = make(&admin, sales).await;

    let shown = app.employee().await.get(&format!("/templates/{sales}")).await.expect(200).json();
    assert_eq!(shown["own"], json!({ "target": 50.0 }));
    assert_eq!((&shown["effective"]["target"], &shown["effective"]["unit"]), (&json!(50.0), &json!("EUR")));
    assert_eq!(shown["extends_name"], "Revenue");

    admin.patch(&format!("/templates/{base}"), 1, json!({ "fields": { "unit": "kEUR" } })).await.expect(200);
    let shown = admin.get(&format!("/templates/{sales}")).await.json();
    assert_eq!(shown["effective"], json!({ "unit": "kEUR", "target": 50.0 }));
}

#[tokio::test]
async fn people_see_the_templates_of_their_role_and_department() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    make(&admin, json!({ "name": "All" })).await;
    make(&admin, json!({ "name": "Company", "department_id": COMPANY })).await;
    let sales = make(&admin, json!({ "name": "Sales", "department_id": SALES })).await;
    make(&admin, json!({ "name": "Managers", "role": "manager" })).await;
    let old = make(&admin, json!({ "name": "Old" })).await;
    admin.patch(&format!("/templates/{old}"), 1, json!({ "is_active": false })).await.expect(200);

    let names = async |actor: &Actor| actor.get("/templates").await.expect(200).column("name");
    assert_eq!(names(&admin).await, ["All", "Company", "Managers", "Old", "Sales"]);
    assert_eq!(names(&app.employee().await).await, ["All", "Company", "Sales"]);
    assert_eq!(names(&app.outsider().await).await, ["All", "Company"]);
    assert_eq!(names(&app.head().await).await, ["All", "Company", "Managers"]);
    app.outsider().await.get(&format!("/templates/{sales}")).await.refused(404, "not_found");
    app.employee().await.get(&format!("/templates/{old}")).await.refused(404, "not_found");

    let directory = app.ctx.directory().await.unwrap();
    let template = effective(app.ctx.db.read(), TemplateId(sales)).await.unwrap().unwrap();
    assert!(!template.usable_by(directory.person(UserId(OUTSIDER)).unwrap(), &directory));
    assert!(effective(app.ctx.db.read(), TemplateId(99)).await.unwrap().is_none());
}

#[tokio::test]
async fn the_list_is_filtered_and_sorted() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    make(&admin, json!({ "name": "Zeta", "department_id": FINANCE, "description": "Über alles" })).await;
    make(&admin, json!({ "name": "alpha", "role": "manager" })).await;
    let names =
        async |query: &str| admin.get(&format!("/templates?{query}")).await.expect(200).column("name");
    assert_eq!(names("sort=-name").await, ["Zeta", "alpha"]);
    assert_eq!(names("department_id=3").await, ["Zeta"]);
    assert_eq!(names("role=manager").await, ["alpha"]);
    assert_eq!(names("q=%C3%BCBER").await, ["Zeta"]);
    assert_eq!(names("per_page=1&page=2").await, ["Zeta"]);
    admin.get("/templates?sort=fields").await.invalid("sort unknown_value");
}

#[tokio::test]
async fn a_chain_never_bites_its_tail() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let one = make(&admin, json!({ "name": "One" })).await;
    let two = make(&admin, json!({ "name": "Two", "extends_id": one })).await;
    for base in [one, two] {
        let path = format!("/templates/{one}");
        admin.patch(&path, 1, json!({ "extends_id": base })).await.invalid("extends_id cycle");
    }
    admin.patch(&format!("/templates/{two}"), 1, json!({ "extends_id": null })).await.expect(200);
    admin.patch(&format!("/templates/{one}"), 1, json!({ "extends_id": two })).await.expect(200);
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let rows = [
        (json!({ "name": " " }), "name required"),
        (json!({ "name": "T", "department_id": 99 }), "department_id unknown"),
        (json!({ "name": "T", "extends_id": 99 }), "extends_id unknown"),
        (json!({ "name": "T", "role": "boss" }), "role unknown_value"),
        (json!({ "name": "T", "fields": { "weight": 101 } }), "fields.weight out_of_range"),
        (json!({ "name": "T", "fields": { "colour": "red" } }), "fields.colour unknown_field"),
    ];
    for (body, fault) in rows {
        admin.post("/templates", body).await.invalid(fault);
    }
}

#[tokio::test]
async fn a_template_in_use_stays() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let base = make(&admin, json!({ "name": "Base", "fields": { "target": 10.0 } })).await;
    let path = format!("/templates/{base}");
    let above = make(&admin, json!({ "name": "Above", "extends_id": base })).await;
    admin.delete(&path, 1).await.refused(409, "in_use");
    admin.delete(&format!("/templates/{above}"), 1).await.expect(204);
    let kpi = json!({ "title": "Calls", "year": 2026, "quarter": "Q1", "template_id": base });
    app.employee().await.post("/kpis", kpi).await.expect(201);
    assert_eq!(admin.get(&path).await.json()["used_by"], 1);
    admin.delete(&path, 1).await.refused(409, "in_use");
    admin.delete(&path, 2).await.refused(412, "stale_version");
    admin.delete("/templates/99", 1).await.refused(404, "not_found");
}
