//! What templates ask for, and what those who decide are told.

use kpi::evidence::service;
use serde_json::{Value, json};

use super::Scene;
use crate::support::{Actor, Response, TestApp, files, kpis::defined};

/// A KPI of a template that asks for evidence, with a value.
async fn asked(app: &TestApp, contract: Value) -> Response {
    let (owner, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let template = json!({ "name": "Revenue", "fields": { "evidence": contract } });
    let template = admin.post("/templates", template).await.expect(201).id();
    let draft = owner.post("/kpis", defined("Revenue", json!({ "template_id": template }))).await.expect(201);
    let submitted = owner.does("submit", &draft).await.expect(200);
    let approved = manager.does("approve", &submitted).await.expect(200);
    owner.records(&approved, 150.0).await.expect(201);
    owner.sees(&approved).await
}

#[tokio::test]
async fn a_result_needs_the_evidence_its_template_asks_for() {
    let app = TestApp::new().await;
    let kpi = asked(&app, json!({ "count": 2, "kinds": ["pdf"], "max_age_days": 10 })).await;
    let (owner, manager) = (app.employee().await, app.manager().await);
    let list = format!("/kpis/{}/evidence", kpi.id());
    let need = async || owner.get(&list).await.json()["need"].clone();
    let refused = owner.does("submit-result", &kpi).await;
    refused.refused(422, "invalid");
    assert_eq!(refused.faults(), ["evidence rule", "evidence rule"]);

    // The same picture twice is one file, and a file from long ago is none.
    app.clock.set("2026-02-16T09:00:00Z".parse().unwrap());
    owner.attaches(&kpi, "a.pdf", &files::pdf()).await.expect(201);
    app.clock.set("2026-03-16T09:00:00Z".parse().unwrap());
    owner.attaches(&kpi, "b.png", &files::png(8, 8)).await.expect(201);
    owner.attaches(&kpi, "c.png", &files::png(8, 8)).await.expect(201);
    assert_eq!(
        (need().await["counted"].clone(), need().await["missing_kinds"].clone()),
        (json!(1), json!(["pdf"]))
    );
    let refused = owner.does("submit-result", &kpi).await;
    assert!(
        refused.text().contains("of the last 10 days; files wanted: 2, attached: 1"),
        "{}",
        refused.text()
    );

    let second = owner.attaches(&kpi, "d.pdf", &files::pdf()).await.expect(201);
    assert_eq!(need().await["is_met"], true);
    let in_review = owner.does("submit-result", &kpi).await.expect(200);

    // The result rests on it: it goes only when the result is taken back.
    let path = format!("/evidence/{}", second.id());
    owner.request("DELETE", &path).send().await.refused(409, "evidence_needed");
    assert_eq!(owner.get(&path).await.json()["may_delete"]["reason"], "evidence_needed");
    let summary = service::summary_of(&app.ctx, app.ctx.db.read(), &[kpi.id()]).await.unwrap()[&kpi.id()];
    assert_eq!((summary.count, summary.is_complete, summary.reused), (4, true, 0));
    manager.sees(&kpi).await.expect(200);
    let recalled = owner.does("recall", &in_review).await.expect(200);
    owner.request("DELETE", &path).send().await.expect(204);
    owner.does("submit-result", &recalled).await.refused(422, "invalid");
}

#[tokio::test]
async fn a_file_used_twice_is_pointed_out_to_who_decides() {
    let scene = Scene::new().await;
    let (colleague, outsider) = (scene.app.colleague().await, scene.app.outsider().await);
    let png = files::png(8, 8);
    let own = scene.attaches("own.png", &png).await.expect(201).id();
    let path = format!("/evidence/{own}");
    assert_eq!(scene.manager.get(&path).await.json()["also_used_count"], 0);

    let theirs = colleague.draft("Calls").await;
    colleague.attaches(&theirs, "theirs.png", &png).await.expect(201);
    let elsewhere = outsider.draft("Invoices").await;
    outsider.attaches(&elsewhere, "elsewhere.png", &png).await.expect(201);

    let view = scene.manager.get(&path).await.json();
    assert_eq!(view["also_used_count"], 2);
    let seen = json!([{ "kpi_id": theirs.id(), "title": "Calls", "user_name": "Cleo Colleague" }]);
    assert_eq!(view["also_used_on"], seen);
    let view = scene.owner.get(&path).await.json();
    assert_eq!((view["also_used_on"].clone(), view["also_used_count"].clone()), (json!([]), Value::Null));
    let ids = [scene.kpi.id(), theirs.id(), 999_999];
    let summaries = service::summary_of(&scene.app.ctx, scene.app.ctx.db.read(), &ids).await.unwrap();
    assert_eq!(summaries.len(), 2);
    assert!(summaries.values().all(|summary| summary.reused == 1 && summary.is_complete));
}

#[tokio::test]
async fn files_are_not_for_those_who_only_align_to_a_kpi() {
    let scene = Scene::new().await;
    let added = scene.attaches("a.png", &files::png(8, 8)).await.expect(201);
    let outsider = scene.app.outsider().await;
    outsider.sees(&scene.kpi).await.refused(404, "not_found");
    let aligned = json!({ "parent_id": scene.kpi.id(), "user_id": kpi_owner(&outsider).await });
    let admin = scene.app.admin().await;
    admin.post("/kpis", defined("Aligned", aligned)).await.expect(201);
    outsider.sees(&scene.kpi).await.expect(200);
    outsider.get(&scene.path()).await.refused(403, "not_allowed");
    for path in ["", "/content", "/thumbnail", "/preview"] {
        outsider.get(&format!("/evidence/{}{path}", added.id())).await.refused(404, "not_found");
    }
    // Nor do they read the names of the files in the history.
    let acts =
        async |actor: &Actor| actor.history(&scene.kpi).await.into_iter().map(|row| row["act"].clone());
    assert!(acts(&scene.owner).await.any(|act| act == "evidence_added"));
    let mut told = acts(&outsider).await;
    assert!(told.len() > 0 && told.all(|act| act != "evidence_added"));
}

async fn kpi_owner(actor: &Actor) -> i64 {
    actor.get("/auth/me").await.json()["id"].as_i64().unwrap()
}
