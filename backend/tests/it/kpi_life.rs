//! The life of a KPI: who may do what in which state, and what each act leaves behind.

use serde_json::json;

use crate::support::{TestApp, company, kpis::kpi_in};

#[tokio::test]
async fn a_kpi_goes_from_draft_to_a_score_that_explains_itself() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let closed = kpi_in("closed", &employee, &manager).await;
    let kpi = closed.json();
    assert_eq!(
        (&kpi["status"], &kpi["score"], &kpi["band"]),
        (&json!("closed"), &json!(75.0), &json!("amber"))
    );
    assert_eq!(kpi["closed_by"], json!(company::MANAGER));

    let receipt = employee.get(&format!("/kpis/{}/receipt", closed.id())).await.expect(200).json();
    assert_eq!(receipt["rule"]["name"], "score/standard");
    assert_eq!(receipt["rule"]["version"], 1);
    assert_eq!(receipt["score"], 75.0);
    assert!(!receipt["steps"].as_array().unwrap().is_empty());
    let target =
        receipt["inputs"].as_array().unwrap().iter().find(|input| input["name"] == "target").unwrap();
    assert_eq!(target["value"], 200.0);
}

#[tokio::test]
async fn every_act_from_every_state_does_what_the_table_says() {
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let states = ["draft", "submitted", "rejected", "approved", "in_review", "closed"];
    // act, who, [(from, to)]; anything else is refused with 409 and changes nothing.
    type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
    let table: [Row; 9] = [
        ("submit", "owner", &[("draft", "submitted"), ("rejected", "submitted")]),
        ("recall", "owner", &[("submitted", "draft"), ("in_review", "approved")]),
        ("approve", "manager", &[("submitted", "approved")]),
        ("reject", "manager", &[("submitted", "rejected")]),
        ("submit-result", "owner", &[("approved", "in_review")]),
        ("accept", "manager", &[("in_review", "closed")]),
        ("return", "manager", &[("in_review", "approved")]),
        ("revise", "owner", &[("approved", "submitted")]),
        ("reopen", "manager", &[("closed", "approved")]),
    ];
    for (act, who, moves) in table {
        for from in states {
            let mut kpi = kpi_in(from, &employee, &manager).await;
            if act == "submit-result" && from == "approved" {
                employee.records(&kpi, 100.0).await.expect(201);
                kpi = employee.sees(&kpi).await;
            }
            let actor = if who == "owner" { &employee } else { &manager };
            let done = actor.does(act, &kpi).await;
            let after = admin.sees(&kpi).await.json();
            match moves.iter().find(|(state, _)| *state == from) {
                Some((_, to)) => {
                    assert_eq!((done.status, &after["status"]), (200, &json!(to)), "{act} from {from}");
                    assert_eq!(after["version"].as_i64().unwrap(), kpi.version() + 1);
                }
                None => {
                    done.refused(409, "wrong_state");
                    assert_eq!(after, admin.sees(&kpi).await.json(), "{act} from {from}");
                    assert_eq!(
                        (&after["status"], after["version"].as_i64()),
                        (&json!(from), Some(kpi.version()))
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn check_ins_are_taken_only_while_approved() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    for state in ["draft", "submitted", "rejected", "in_review", "closed"] {
        let kpi = kpi_in(state, &employee, &manager).await;
        employee.records(&kpi, 1.0).await.refused(409, "wrong_state");
    }
}

#[tokio::test]
async fn nobody_decides_their_own_and_strangers_see_nothing() {
    let app = TestApp::new().await;
    let (employee, colleague, manager) = (app.employee().await, app.colleague().await, app.manager().await);
    let (outsider, controller, head) = (app.outsider().await, app.controller().await, app.head().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    employee.does("approve", &kpi).await.refused(403, "own_kpi");
    for stranger in [&colleague, &outsider, &controller] {
        stranger.does("approve", &kpi).await.refused(404, "not_found");
        stranger.sees(&kpi).await.refused(404, "not_found");
    }
    manager.does("recall", &kpi).await.refused(403, "not_allowed");
    head.does("approve", &kpi).await.expect(200);

    let own = kpi_in("submitted", &manager, &head).await;
    manager.does("approve", &own).await.refused(403, "own_kpi");
    controller.does("approve", &own).await.refused(404, "not_found");
    head.does("approve", &own).await.expect(200);
}

#[tokio::test]
async fn what_one_aligns_to_may_be_seen_but_not_touched() {
    let app = TestApp::new().await;
    let (employee, manager, head) = (app.employee().await, app.manager().await, app.head().await);
    let parent = kpi_in("approved", &manager, &head).await;
    employee.sees(&parent).await.refused(404, "not_found");
    let mut body = crate::support::kpis::definition("My part");
    body["parent_id"] = json!(parent.id());
    let child = employee.post("/kpis", body).await.expect(201);
    let seen = employee.sees(&parent).await.expect(200).json();
    assert!(
        seen["actions"]
            .as_array()
            .unwrap()
            .iter()
            .all(|action| { !action["allowed"].as_bool().unwrap() || action["name"] == "copy" })
    );
    employee.does("recall", &parent).await.refused(403, "not_allowed");
    let children = manager.sees(&parent).await.json()["children"].clone();
    assert_eq!(children[0]["id"], child.id());
}

#[tokio::test]
async fn a_rejection_needs_a_reason_and_tells_it() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    let path = format!("/kpis/{}/reject", kpi.id());
    for reason in [json!({}), json!({ "reason": "  " })] {
        manager.act(&path, kpi.version(), reason).await.invalid("reason required");
    }
    let rejected = manager.act(&path, kpi.version(), json!({ "reason": "Too easy" })).await.expect(200);
    assert_eq!(rejected.json()["returned_reason"], "Too easy");
    let history = employee.get(&format!("/kpis/{}/history", kpi.id())).await.items();
    assert_eq!((&history[0]["act"], &history[0]["reason"]), (&json!("reject"), &json!("Too easy")));
}

#[tokio::test]
async fn a_stale_or_missing_version_changes_nothing() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let kpi = employee.draft("Calls answered").await;
    let path = format!("/kpis/{}", kpi.id());
    let changed = employee.patch(&path, kpi.version(), json!({ "title": "Calls taken" })).await.expect(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    employee.patch(&path, kpi.version(), json!({ "title": "Lost" })).await.refused(412, "stale_version");
    let bare = employee.request("PATCH", &path).json(json!({ "title": "Lost" })).send().await;
    bare.refused(428, "version_missing");
    assert_eq!(employee.get(&path).await.json()["title"], "Calls taken");
}

#[tokio::test]
async fn a_revision_waits_for_approval_and_keeps_values_and_old_definition() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    employee.records(&kpi, 100.0).await.expect(201);
    let kpi = employee.sees(&kpi).await;
    let body = json!({ "reason": "The market grew", "changes": { "target": 400 } });
    let path = format!("/kpis/{}", kpi.id());
    let revised = employee.act(&format!("{path}/revise"), kpi.version(), body).await.expect(200);
    assert_eq!(revised.json()["score"], 25.0);
    let row = &manager.get("/approvals").await.items()[0];
    assert_eq!((&row["reason"], &row["comment"]), (&json!("revised"), &json!("The market grew")));
    let target = row["changes"].as_array().unwrap().iter().find(|c| c["field"] == "target").unwrap();
    assert_eq!((&target["old"], &target["new"]), (&json!(200.0), &json!(400.0)));
    let history = employee.get(&format!("{path}/history")).await.items();
    let before = history.iter().find(|row| row["act"] == "check_in").unwrap();
    let receipt = employee.get(&format!("{path}/receipt?at={}", before["id"])).await.expect(200).json();
    assert_eq!(receipt["score"], 50.0);
    manager.does("approve", &revised).await.expect(200);
    assert_eq!(employee.get(&format!("{path}/check-ins")).await.items().len(), 1);
}

#[tokio::test]
async fn only_what_was_never_approved_can_be_deleted() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let draft = employee.draft("A thought").await;
    manager.delete(&format!("/kpis/{}", draft.id()), 1).await.refused(403, "not_allowed");
    employee.delete(&format!("/kpis/{}", draft.id()), 1).await.expect(204);
    employee.sees(&draft).await.refused(404, "not_found");

    let approved = kpi_in("approved", &employee, &manager).await;
    employee
        .delete(&format!("/kpis/{}", approved.id()), approved.version())
        .await
        .refused(409, "wrong_state");
    let revised = employee.does("revise", &approved).await.expect(200);
    let recalled = employee.does("recall", &revised).await.expect(200);
    assert_eq!(recalled.json()["status"], "draft");
    employee
        .delete(&format!("/kpis/{}", recalled.id()), recalled.version())
        .await
        .refused(409, "wrong_state");
}

#[tokio::test]
async fn every_act_leaves_history_audit_and_an_event() {
    use kpi::entity::{audit, kpi_history, outbox};
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let kpi = kpi_in("closed", &employee, &manager).await;
    let db = app.ctx.db.read();
    let acts =
        kpi_history::Entity::find().filter(kpi_history::Column::KpiId.eq(kpi.id())).all(db).await.unwrap();
    let names: Vec<_> = acts.iter().map(|row| row.act.as_str()).collect();
    assert_eq!(names, ["create", "submit", "approve", "check_in", "submit_result", "accept"]);
    let audit = audit::Entity::find().filter(audit::Column::Entity.eq("kpi")).all(db).await.unwrap();
    assert_eq!(audit.len(), acts.len());
    let events = outbox::Entity::find().filter(outbox::Column::EntityId.eq(kpi.id())).all(db).await.unwrap();
    let events: Vec<_> = events.iter().map(|row| row.event.as_str()).collect();
    assert_eq!(
        events,
        ["kpi.created", "kpi.submitted", "kpi.approved", "kpi.checked_in", "kpi.in_review", "kpi.closed"]
    );
    assert_eq!(admin.get("/audit-log/verify").await.expect(200).json()["ok"], true);
}

#[tokio::test]
async fn a_closed_quarter_takes_nothing_and_only_an_admin_reopens_in_it() {
    use kpi::entity::period;
    use sea_orm::{ActiveValue::Set, EntityTrait};
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let approved = kpi_in("approved", &employee, &manager).await;
    let closed = kpi_in("closed", &employee, &manager).await;
    let row = period::ActiveModel {
        period: Set(2026 * 4),
        is_closed: Set(true),
        revision: Set(1),
        ..Default::default()
    };
    period::Entity::insert(row).exec_without_returning(app.ctx.db.writer()).await.unwrap();
    employee.records(&approved, 1.0).await.refused(409, "period_closed");
    employee.post("/kpis", crate::support::kpis::definition("Late")).await.refused(409, "period_closed");
    manager.does("reopen", &closed).await.refused(409, "period_closed");
    admin.does("reopen", &closed).await.expect(200);
}
