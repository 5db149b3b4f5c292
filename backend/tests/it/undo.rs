//! Taking a decision back while nobody has been told of it.

use kpi::entity::outbox;
use kpi_api::time::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use serde_json::{Value, json};

use crate::support::{Actor, NOW, Response, TestApp, files, kpis::kpi_in};

/// How long a decision can be taken back, in milliseconds.
const WINDOW: i64 = 10_000;

/// Moves the clock to so many milliseconds after the beginning.
fn later(app: &TestApp, milliseconds: i64) {
    let now: Timestamp = NOW.parse().unwrap();
    app.clock.set(Timestamp(now.0 + milliseconds));
}

impl Actor {
    async fn undoes(&self, kpi: &Response) -> Response {
        self.request("POST", &format!("/kpis/{}/undo-decision", kpi.id())).version(kpi.version()).send().await
    }
}

/// Names of the events about a KPI, oldest first, and whether they have been delivered.
async fn events(app: &TestApp, kpi: &Response) -> Vec<(String, bool)> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::Entity.eq("kpi"))
        .filter(outbox::Column::EntityId.eq(kpi.id()))
        .order_by_asc(outbox::Column::Id)
        .all(app.ctx.db.read())
        .await
        .unwrap();
    rows.into_iter().map(|row| (row.event, row.delivered_at.is_some())).collect()
}

/// The KPI as people see it, without what an undo has to move on.
fn as_it_was(kpi: &Response) -> Value {
    let mut view = kpi.json();
    view["version"] = Value::Null;
    view
}

#[tokio::test]
async fn every_decision_can_be_taken_back_and_leaves_the_kpi_as_it_was() {
    for (state, act, decided) in [
        ("submitted", "approve", "approved"),
        ("submitted", "reject", "rejected"),
        ("in_review", "accept", "closed"),
        ("in_review", "return", "approved"),
    ] {
        let app = TestApp::new().await;
        let (employee, manager) = (app.employee().await, app.manager().await);
        let kpi = kpi_in(state, &employee, &manager).await;
        let seen = manager.sees(&kpi).await;
        let told = events(&app, &kpi).await;
        later(&app, 60_000);
        let after = manager.does(act, &kpi).await.expect(200);
        assert_eq!((&after.json()["status"], after.version()), (&json!(decided), kpi.version() + 1));
        assert_eq!(after.json()["undo_until"], "2026-02-16T09:01:10.000Z");
        assert!(employee.sees(&kpi).await.json().get("undo_until").is_none());
        later(&app, 60_000 + WINDOW - 1);
        assert!(manager.sees(&kpi).await.json().get("undo_until").is_some());

        let back = manager.undoes(&after).await.expect(200);
        assert_eq!(back.version(), after.version() + 1, "{act}");
        assert_eq!(as_it_was(&back), as_it_was(&seen), "{act}");
        assert_eq!(as_it_was(&manager.sees(&kpi).await), as_it_was(&seen), "{act}");
        let rows = employee.history(&kpi).await;
        let row = &rows[0];
        assert_eq!(
            (&row["act"], &row["from_status"], &row["to_status"], &rows[1]["act"]),
            (&json!("undo"), &json!(decided), &json!(state), &json!(act))
        );
        // What nobody has been told of was never said.
        let mut expected = told;
        expected.push(("kpi.undone".to_owned(), false));
        let now = events(&app, &kpi).await;
        let names = |all: &[(String, bool)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&now), names(&expected), "{act}");
        // It can be decided anew.
        manager.does(act, &back).await.expect(200);
    }
}

#[tokio::test]
async fn taking_back_an_approved_revision_brings_the_question_back() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    employee.records(&kpi, 100.0).await.expect(201);
    let kpi = employee.sees(&kpi).await;
    let path = format!("/kpis/{}/revise", kpi.id());
    let body = json!({ "reason": "The market grew", "changes": { "target": 400 } });
    let revised = employee.act(&path, kpi.version(), body).await.expect(200);
    let row = async || {
        let mut row = manager.get("/approvals").await.expect(200).items()[0].clone();
        row["kpi"]["version"] = Value::Null;
        row
    };
    let asked = row().await;
    assert_eq!((&asked["reason"], &asked["changes"][0]["new"]), (&json!("revised"), &json!(400.0)));
    for act in ["approve", "reject"] {
        let revised = manager.sees(&revised).await;
        let decided = manager.does(act, &revised).await.expect(200);
        assert_eq!(manager.get("/approvals").await.json()["total"], 0);
        let back = manager.undoes(&decided).await.expect(200);
        assert_eq!((&back.json()["status"], &back.json()["score"]), (&json!("submitted"), &json!(25.0)));
        assert_eq!(row().await, asked, "{act}");
        assert_eq!(manager.get("/approvals?reason=revised").await.json()["total"], 1);
    }
    // Asked once more after a real rejection, the difference is that to what was rejected.
    let rejected = manager.does("reject", &manager.sees(&revised).await).await.expect(200);
    employee.does("submit", &rejected).await.expect(200);
    assert_eq!(row().await["changes"], json!([]));
}

#[tokio::test]
async fn a_rejection_taken_back_was_no_rejection() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    let total = async |reason: &str| {
        manager.get(&format!("/approvals?reason={reason}")).await.expect(200).json()["total"].clone()
    };
    let rejected = manager.does("reject", &kpi).await.expect(200);
    let back = manager.undoes(&rejected).await.expect(200);
    assert_eq!((total("new_kpi").await, total("resubmitted").await), (json!(1), json!(0)));
    assert_eq!(manager.get("/approvals").await.items()[0]["reason"], "new_kpi");
    let rejected = manager.does("reject", &back).await.expect(200);
    employee.does("submit", &rejected).await.expect(200);
    assert_eq!((total("new_kpi").await, total("resubmitted").await), (json!(0), json!(1)));
    assert_eq!(manager.get("/approvals").await.items()[0]["reason"], "resubmitted");
}

#[tokio::test]
async fn after_ten_seconds_a_decision_stands() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    let approved = manager.does("approve", &kpi).await.expect(200);
    later(&app, WINDOW);
    assert!(manager.sees(&kpi).await.json().get("undo_until").is_none());
    manager.undoes(&approved).await.refused(409, "undo_over");
    assert_eq!(employee.history(&kpi).await.len(), 3);
}

#[tokio::test]
async fn the_news_of_a_decision_wait_and_all_other_news_go_at_once() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    app.news().await;
    manager.does("approve", &kpi).await.expect(200);
    let delivered = async || {
        app.news().await;
        events(&app, &kpi).await.last().unwrap().1
    };
    assert!(!delivered().await);
    later(&app, WINDOW - 1);
    assert!(!delivered().await);
    later(&app, WINDOW);
    assert!(delivered().await);
}

#[tokio::test]
async fn what_happens_next_ends_the_waiting_so_that_news_keep_their_order() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    app.news().await;
    let approved = manager.does("approve", &kpi).await.expect(200);
    employee.records(&approved, 10.0).await.expect(201);
    app.news().await;
    let last = events(&app, &kpi).await.split_off(2);
    assert_eq!(last, [("kpi.approved".to_owned(), true), ("kpi.checked_in".to_owned(), true)]);
    manager.undoes(&approved).await.refused(412, "stale_version");
    let now = manager.sees(&approved).await;
    manager.undoes(&now).await.refused(409, "undo_over");
}

#[tokio::test]
async fn what_somebody_was_told_of_is_not_taken_back() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    let approved = manager.does("approve", &kpi).await.expect(200);
    // As if the clock of the delivery had been ahead.
    outbox::Entity::update_many()
        .col_expr(outbox::Column::NotBefore, Expr::value(0))
        .exec(app.ctx.db.writer())
        .await
        .unwrap();
    app.news().await;
    manager.undoes(&approved).await.refused(409, "undo_over");
    assert_eq!(employee.sees(&kpi).await.json()["status"], "approved");
    assert_eq!(employee.history(&kpi).await[0]["act"], "approve");
}

#[tokio::test]
async fn only_who_decided_takes_it_back() {
    let app = TestApp::new().await;
    let (employee, manager, head) = (app.employee().await, app.manager().await, app.head().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    let approved = manager.does("approve", &kpi).await.expect(200);
    head.undoes(&approved).await.refused(403, "not_allowed");
    employee.undoes(&approved).await.refused(403, "own_kpi");
    app.outsider().await.undoes(&approved).await.refused(404, "not_found");
    manager.undoes(&kpi).await.refused(412, "stale_version");
    let bare = manager.request("POST", &format!("/kpis/{}/undo-decision", kpi.id())).send().await;
    bare.refused(428, "version_missing");
    let back = manager.undoes(&approved).await.expect(200);
    // Twice is once too often, and a submission is not a decision.
    manager.undoes(&back).await.refused(409, "undo_over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_take_back_at_once_one_does() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    let approved = manager.does("approve", &kpi).await.expect(200);
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..24 {
        let (manager, employee, approved) = (manager.clone(), employee.clone(), approved.clone());
        tries.spawn(async move {
            // Some of them try to act on it meanwhile.
            if number % 3 == 0 {
                employee.does("revise", &approved).await
            } else {
                manager.undoes(&approved).await
            }
        });
    }
    let answers = tries.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(
        answers.iter().all(|answer| matches!(answer.status, 200 | 412)),
        "somebody else was told otherwise"
    );
    let now = employee.sees(&kpi).await;
    assert_eq!((now.version(), employee.history(&kpi).await.len()), (approved.version() + 1, 4));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_undo_and_the_delivery_at_once_leave_one_of_both() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    for round in 0..12 {
        let kpi = kpi_in("submitted", &employee, &manager).await;
        app.all_news().await;
        let approved = manager.does("approve", &kpi).await.expect(200);
        outbox::Entity::update_many()
            .col_expr(outbox::Column::NotBefore, Expr::value(0))
            .filter(outbox::Column::EntityId.eq(kpi.id()))
            .exec(app.ctx.db.writer())
            .await
            .unwrap();
        let (undone, _) = tokio::join!(manager.undoes(&approved), app.news());
        app.news().await;
        let events = events(&app, &kpi).await;
        let was_told = events.iter().any(|(name, delivered)| name == "kpi.approved" && *delivered);
        let status = employee.sees(&kpi).await.json()["status"].clone();
        match undone.status {
            200 => assert_eq!((was_told, status), (false, json!("submitted")), "round {round}"),
            409 => assert_eq!((was_told, status), (true, json!("approved")), "round {round}"),
            other => panic!("{other}: {}", undone.text()),
        }
    }
}

#[tokio::test]
async fn a_file_that_comes_or_goes_ends_the_time_to_take_a_decision_back() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("in_review", &employee, &manager).await;
    let proof = employee.attaches(&kpi, "proof.png", &files::png(8, 8)).await.expect(201).id();
    let returned = manager.does("return", &kpi).await.expect(200);
    employee.request("DELETE", &format!("/evidence/{proof}")).send().await.expect(204);
    manager.undoes(&returned).await.refused(409, "undo_over");
    assert_eq!(manager.sees(&kpi).await.json()["undo_until"], Value::Null);
}
