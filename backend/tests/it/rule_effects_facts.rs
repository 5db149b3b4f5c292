//! What a stored score is told beside the KPI and its values: the same as a run in the studio, a preview and an impact
//! are told.

use kpi::{entity::kpi as row, rules::rescore};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    rule_effects_rescore::publish,
    support::{
        Actor, Response, TestApp, files,
        kpis::{defined, kpi_in},
    },
};

/// Half of the points until there is a file of it.
const PROVED: &str = r#"//! Proved
fn score(kpi, ctx) {
    let p = attainment(kpi);
    if p == () { return #{ score: () }; }
    let share = if kpi.evidence.count == 0 { 0.5 } else { 1.0 };
    #{ score: clamp(100 * share * p, 0, 120) }
}"#;

/// The points by which it is above the quarter before, and ten more for the right template.
const GROWTH: &str = r#"//! Growth
fn score(kpi, ctx) {
    if kpi.current == () { return #{ score: () }; }
    let before = if ctx.previous == () { 0 } else { ctx.previous.current };
    let known = if ctx.earlier.is_empty() { 0 } else { 1 };
    let named = if kpi.template != () && kpi.template.name == "Units" { 10 } else { 0 };
    #{ score: clamp(kpi.current - before + known + named, 0, 120) }
}"#;

async fn stored(app: &TestApp, kpi: &Response) -> row::Model {
    row::Entity::find_by_id(kpi.id()).one(app.ctx.db.read()).await.unwrap().unwrap()
}

async fn takes_effect(app: &TestApp, version: i64, source: &str) {
    publish(app, version, source, None).await;
    rescore::finish_all(&app.ctx).await.unwrap();
}

/// What the studio, the form and the impact say a KPI comes to by the published rule.
async fn told_elsewhere(admin: &Actor, owner: &Actor, kpi: &Response, source: &str) -> [Value; 3] {
    let rules = admin.get("/rules").await.expect(200).items();
    let rule = rules.iter().find(|rule| rule["name"] == "score/standard").unwrap()["id"].clone();
    let body = json!({ "source": source, "kpi_id": kpi.id() });
    let run = admin.post(&format!("/rules/{rule}/run"), body).await.expect(200).json();
    let known = owner.sees(kpi).await.json();
    let place = json!({ "id": kpi.id(), "year": known["year"], "quarter": known["quarter"] });
    let typed = defined("Units sold", place);
    let preview = owner.post("/kpis/preview", typed).await.expect(200).json();
    let impact = admin.post(&format!("/rules/{rule}/preview"), json!({ "source": source })).await;
    [run["receipt"]["score"].clone(), preview["score"].clone(), impact.expect(200).json()["changed"].clone()]
}

#[tokio::test]
async fn a_score_knows_the_files_of_its_kpi_and_follows_them() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    employee.records(&kpi, 100.0).await.expect(201);
    takes_effect(&app, 2, PROVED).await;
    let without = stored(&app, &kpi).await;
    assert_eq!(without.score, Some(25.0));

    let file = employee.attaches(&kpi, "proof.pdf", &files::pdf()).await.expect(201);
    let with = stored(&app, &kpi).await;
    assert_eq!((with.score, with.version), (Some(50.0), without.version + 1));
    let history = employee.get(&format!("/kpis/{}/history", kpi.id())).await.expect(200).items();
    let acts: Vec<&Value> = history.iter().take(2).map(|row| &row["act"]).collect();
    assert_eq!(acts, ["rescore", "evidence_added"]);
    let receipt = employee.get(&format!("/kpis/{}/receipt", kpi.id())).await.expect(200).json();
    assert_eq!(receipt["score"], 50.0);
    assert_eq!(told_elsewhere(&admin, &employee, &kpi, PROVED).await, [json!(50.0), json!(50.0), json!(0)]);

    // A second file changes nothing, and so does scoring it anew.
    employee.attaches(&kpi, "more.png", &files::png(9, 9)).await.expect(201);
    assert_eq!(stored(&app, &kpi).await.version, with.version);
    takes_effect(&app, 3, PROVED).await;
    assert_eq!(stored(&app, &kpi).await.score, Some(50.0));
    employee.records(&kpi, 200.0).await.expect(201);
    assert_eq!(stored(&app, &kpi).await.score, Some(100.0));

    employee.delete(&format!("/evidence/{}", file.id()), 1).await.expect(204);
    assert_eq!(stored(&app, &kpi).await.score, Some(100.0));
}

#[tokio::test]
async fn a_score_knows_the_quarters_before_and_the_template() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let fields = json!({ "kind": "number", "unit": "units", "target": 200 });
    let template = json!({ "name": "Units", "fields": fields });
    let template = admin.post("/templates", template).await.expect(201).id();
    let mut kpis = Vec::new();
    for (year, quarter) in [(2025, "Q4"), (2026, "Q1")] {
        let place = json!({ "template_id": template, "year": year, "quarter": quarter });
        let draft = employee.post("/kpis", defined("Units sold", place)).await.expect(201);
        let submitted = employee.does("submit", &draft).await.expect(200);
        let approved = manager.does("approve", &submitted).await.expect(200);
        employee.records(&approved, 30.0).await.expect(201);
        kpis.push(approved);
    }
    takes_effect(&app, 2, GROWTH).await;
    assert_eq!(stored(&app, &kpis[0]).await.score, Some(40.0));
    assert_eq!(stored(&app, &kpis[1]).await.score, Some(11.0));
    assert_eq!(
        told_elsewhere(&admin, &employee, &kpis[1], GROWTH).await,
        [json!(11.0), json!(11.0), json!(0)]
    );
    employee.records(&kpis[1], 50.0).await.expect(201);
    assert_eq!(stored(&app, &kpis[1]).await.score, Some(31.0));
}
