//! Deciding in somebody's place: for the days agreed, about the team, and nothing more.

use kpi::entity::outbox;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::support::{
    Actor, Response, TestApp,
    company::{ADMIN, CONTROLLER, EMPLOYEE, HEAD, MANAGER},
    kpis::kpi_in,
};

impl Actor {
    async fn delegates(&self, to: i64, from: &str, until: &str) -> Response {
        self.post("/delegations", json!({ "delegate_id": to, "from": from, "to": until })).await
    }
}

/// A KPI of the employee that waits, and what the controller gets of it.
async fn seen_by(who: &Actor, kpi: &Response) -> (u16, bool, u64, u64) {
    let view = who.sees(kpi).await;
    let may_approve = view.json()["actions"]
        .as_array()
        .is_some_and(|actions| actions.iter().any(|a| a["name"] == "approve" && a["allowed"] == true));
    let listed = who.get("/kpis").await.json()["total"].as_u64().unwrap();
    let queued = who.get("/approvals").await.json()["total"].as_u64().unwrap();
    (view.status, may_approve, listed, queued)
}

const ALL: (u16, bool, u64, u64) = (200, true, 1, 1);
const NOTHING: (u16, bool, u64, u64) = (404, false, 0, 0);

#[tokio::test]
async fn a_delegation_runs_from_its_first_day_through_its_last() {
    let app = TestApp::new().await;
    let (employee, manager, controller) = (app.employee().await, app.manager().await, app.controller().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    manager.delegates(CONTROLLER, "2026-02-18", "2026-02-20").await.expect(201);
    for (at, expected, state) in [
        ("2026-02-16T09:00:00Z", NOTHING, "planned"),
        ("2026-02-17T23:59:59Z", NOTHING, "planned"),
        ("2026-02-18T00:00:00Z", ALL, "running"),
        ("2026-02-20T23:59:59Z", ALL, "running"),
        ("2026-02-21T00:00:00Z", NOTHING, "over"),
    ] {
        app.clock.set(at.parse().unwrap());
        assert_eq!(seen_by(&controller, &kpi).await, expected, "{at}");
        assert_eq!(controller.get("/kpis/stats").await.json()["total"], expected.2, "{at}");
        let given = manager.get("/delegations").await.expect(200).json()["given"][0].clone();
        assert_eq!((&given["state"], &given["may_end"]), (&json!(state), &json!(state != "over")), "{at}");
    }
}

#[tokio::test]
async fn the_day_is_the_companys() {
    let app = TestApp::configured(&[("TZ_NAME", "Pacific/Auckland")]).await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    // In Auckland it is 22:00 of 16 February; two hours later it is the 17th there and noon of the 16th in UTC.
    manager.delegates(CONTROLLER, "2026-02-17", "2026-02-17").await.expect(201);
    for (at, expected) in [
        ("2026-02-16T10:59:59Z", NOTHING),
        ("2026-02-16T11:00:00Z", ALL),
        ("2026-02-17T10:59:59Z", ALL),
        ("2026-02-17T11:00:00Z", NOTHING),
    ] {
        app.clock.set(at.parse().unwrap());
        assert_eq!(seen_by(&app.controller().await, &kpi).await, expected, "{at}");
    }
}

#[tokio::test]
async fn a_delegate_sees_and_decides_and_the_history_names_both() {
    let app = TestApp::new().await;
    let (employee, manager, controller) = (app.employee().await, app.manager().await, app.controller().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    let own = kpi_in("submitted", &manager, &app.head().await).await;
    manager.delegates(CONTROLLER, "2026-02-16", "2026-02-20").await.expect(201);

    let queue = controller.get("/approvals?mine=true").await.expect(200).items();
    assert_eq!(queue.len(), 1);
    assert_eq!(queue[0]["on_behalf_of"]["id"], MANAGER);
    let work = controller.get("/my-work").await.expect(200).json();
    assert_eq!(work["to_decide"]["count"], 1);
    // The manager still decides too, in their own right.
    assert_eq!(manager.get("/approvals").await.items()[0]["on_behalf_of"], Value::Null);

    let approved = controller.does("approve", &kpi).await.expect(200);
    let row = employee.get(&format!("/kpis/{}/history", kpi.id())).await.items()[0].clone();
    assert_eq!(
        (&row["act"], &row["by_name"], &row["on_behalf_of_name"], &row["on_behalf_of"]),
        (&json!("approve"), &json!("Cora Controller"), &json!("Mara Manager"), &json!(MANAGER))
    );
    let event = outbox::Entity::find()
        .filter(outbox::Column::Event.eq("kpi.approved"))
        .order_by_desc(outbox::Column::Id)
        .one(app.ctx.db.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(serde_json::from_str::<Value>(&event.payload).unwrap()["on_behalf_of"], MANAGER);

    // To see and to decide is all: values, the definition and reopening are not a delegate's, nor is the manager's own.
    controller.records(&approved, 10.0).await.refused(403, "not_allowed");
    let path = format!("/kpis/{}", kpi.id());
    controller.patch(&path, approved.version(), json!({ "title": "Mine" })).await.refused(403, "not_allowed");
    controller.get(&format!("{path}/history")).await.expect(200);
    controller.get(&format!("{path}/evidence")).await.expect(200);
    controller.post(&format!("{path}/comments"), json!({ "body": "Well done" })).await.expect(201);
    controller.sees(&own).await.refused(404, "not_found");
    let closed = kpi_in("closed", &employee, &manager).await;
    controller.does("reopen", &closed).await.refused(403, "not_allowed");
    // Figures are of those one answers for.
    assert_eq!(controller.get("/analytics/summary").await.json()["stats"]["total"], 0);
}

#[tokio::test]
async fn nobody_decides_their_own_by_a_delegation() {
    let app = TestApp::new().await;
    let (manager, head) = (app.manager().await, app.head().await);
    let own = kpi_in("submitted", &manager, &head).await;
    head.delegates(MANAGER, "2026-02-16", "2026-02-20").await.expect(201);
    manager.does("approve", &own).await.refused(403, "own_kpi");
    assert_eq!(manager.get("/approvals").await.json()["total"], 0);
    // Whoever is the manager's approver anyway stays it, though the manager stands in for them.
    manager.delegates(HEAD, "2026-02-16", "2026-02-20").await.expect(201);
    let approved = head.does("approve", &own).await.expect(200);
    let row = manager.get(&format!("/kpis/{}/history", approved.id())).await.items()[0].clone();
    assert_eq!(row["on_behalf_of"], Value::Null);
}

#[tokio::test]
async fn a_delegation_is_not_passed_on() {
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    manager.delegates(ADMIN, "2026-02-16", "2026-02-20").await.expect(201);
    admin.delegates(CONTROLLER, "2026-02-16", "2026-02-20").await.expect(201);
    assert_eq!(seen_by(&app.controller().await, &kpi).await, NOTHING);
    let row = &admin.get("/approvals").await.items()[0];
    assert_eq!(row["on_behalf_of"]["id"], MANAGER);
}

#[tokio::test]
async fn whoever_loses_their_role_neither_gives_nor_has() {
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    manager.delegates(CONTROLLER, "2026-02-16", "2026-02-20").await.expect(201);
    let controller = app.controller().await;
    assert_eq!(controller.sees(&kpi).await.status, 200);
    let role = async |user: i64, version: i64, role: &str| {
        admin.patch(&format!("/users/{user}"), version, json!({ "role": role })).await.expect(200);
    };
    role(MANAGER, 1, "employee").await;
    assert_eq!(controller.sees(&kpi).await.status, 404);
    role(MANAGER, 2, "manager").await;
    assert_eq!(controller.sees(&kpi).await.status, 200);
    role(CONTROLLER, 1, "employee").await;
    assert_eq!(controller.sees(&kpi).await.status, 404);
}

#[tokio::test]
async fn a_delegation_ends_at_once_by_who_gave_it_or_an_admin() {
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let (controller, head) = (app.controller().await, app.head().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    let given = manager.delegates(CONTROLLER, "2026-02-16", "2026-02-20").await.expect(201);
    let path = format!("/delegations/{}", given.id());
    controller.delete(&path, 1).await.refused(403, "not_allowed");
    head.delete(&path, 1).await.refused(404, "not_found");
    manager.delete(&path, 7).await.refused(412, "stale_version");
    manager.request("DELETE", &path).send().await.refused(428, "version_missing");
    assert_eq!(seen_by(&controller, &kpi).await, ALL);
    manager.delete(&path, 1).await.expect(204);
    assert_eq!(seen_by(&controller, &kpi).await, NOTHING);
    controller.does("approve", &kpi).await.refused(404, "not_found");
    manager.delete(&path, 2).await.refused(409, "wrong_state");
    let received = controller.get("/delegations").await.expect(200).json()["received"][0].clone();
    assert_eq!(
        (&received["state"], &received["ended_at"], &received["manager"]["username"]),
        (&json!("over"), &json!("2026-02-16T09:00:00.000Z"), &json!("manager"))
    );

    // The days are free again.
    let again = manager.delegates(CONTROLLER, "2026-02-16", "2026-02-20").await.expect(201);
    admin.delete(&format!("/delegations/{}", again.id()), 1).await.expect(204);
    let told = outbox::Entity::find()
        .filter(outbox::Column::Event.like("delegation.%"))
        .order_by_asc(outbox::Column::Id)
        .all(app.ctx.db.read())
        .await
        .unwrap();
    let names: Vec<_> = told.iter().map(|row| row.event.as_str()).collect();
    let (created, ended) = ("delegation.created", "delegation.ended");
    assert_eq!(names, [created, ended, created, ended]);
    let payload: Value = serde_json::from_str(&told[0].payload).unwrap();
    assert_eq!(
        payload,
        json!({ "delegation_id": given.id(), "manager_id": MANAGER, "delegate_id": CONTROLLER,
            "from": "2026-02-16", "to": "2026-02-20" })
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let app = TestApp::new().await;
    let (manager, admin) = (app.manager().await, app.admin().await);
    admin.patch(&format!("/users/{HEAD}"), 1, json!({ "is_active": false })).await.expect(200);
    for (to, from, until, fault) in [
        (MANAGER, "2026-02-16", "2026-02-20", "delegate_id yourself"),
        (EMPLOYEE, "2026-02-16", "2026-02-20", "delegate_id unknown"),
        (HEAD, "2026-02-16", "2026-02-20", "delegate_id unknown"),
        (999, "2026-02-16", "2026-02-20", "delegate_id unknown"),
        (CONTROLLER, "2026-02-15", "2026-02-20", "from in_the_past"),
        (CONTROLLER, "2026-02-18", "2026-02-17", "to before_start"),
        (CONTROLLER, "2026-02-16", "2027-02-17", "to too_long"),
    ] {
        manager.delegates(to, from, until).await.invalid(fault);
    }
    for (from, until) in [("2026-02-30", "2026-03-01"), ("soon", "later"), ("", "")] {
        manager.delegates(CONTROLLER, from, until).await.expect(422);
    }
    manager.delegates(CONTROLLER, "2026-02-16", "2027-02-16").await.expect(201);
    manager.delegates(CONTROLLER, "2027-02-16", "2027-02-20").await.invalid("from overlaps");
    manager.delegates(CONTROLLER, "2027-02-17", "2027-02-20").await.expect(201);
    manager.delegates(ADMIN, "2026-02-16", "2026-02-20").await.expect(201);
    app.employee().await.delegates(CONTROLLER, "2026-02-16", "2026-02-20").await.refused(403, "not_allowed");
}

#[tokio::test]
async fn candidates_are_those_who_could_decide() {
    let app = TestApp::new().await;
    let names = app.manager().await.get("/delegations/candidates").await.expect(200).column("username");
    assert_eq!(names, ["admin", "controller", "head"]);
}

#[tokio::test]
async fn the_delegations_of_others_are_for_administrators() {
    let app = TestApp::new().await;
    let (manager, admin) = (app.manager().await, app.admin().await);
    let body = json!({ "delegate_id": CONTROLLER, "from": "2026-02-16", "to": "2026-02-20" });
    let send = async || manager.request("POST", "/delegations").key("once").json(body.clone()).send().await;
    let first = send().await.expect(201);
    assert_eq!(send().await.expect(201).body, first.body);
    let path = format!("/delegations?user_id={MANAGER}");
    let seen = admin.get(&path).await.expect(200).json();
    assert_eq!((seen["given"].as_array().unwrap().len(), &seen["given"][0]["may_end"]), (1, &json!(true)));
    app.head().await.get(&path).await.refused(403, "not_allowed");
    assert_eq!(manager.get(&path).await.expect(200).json()["given"][0]["id"], first.id());
    assert_eq!(app.head().await.get("/delegations").await.json(), json!({ "given": [], "received": [] }));
}
