//! Deciding about several KPIs at once.

use kpi::entity::idempotency_key as kept;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::{Actor, Response, TestApp, kpis::kpi_in};

fn decision(kpi: &Response, action: &str) -> Value {
    let reason = matches!(action, "reject" | "return").then_some("because");
    json!({ "kpi_id": kpi.id(), "version": kpi.version(), "action": action, "reason": reason })
}

impl Actor {
    async fn decides(&self, decisions: Vec<Value>) -> Response {
        self.post("/approvals/bulk", json!({ "decisions": decisions })).await
    }

    /// The history of a KPI, newest first.
    pub async fn history(&self, kpi: &Response) -> Vec<Value> {
        self.get(&format!("/kpis/{}/history", kpi.id())).await.items()
    }
}

/// Of each result whether it went well, or the code of its problem.
fn outcomes(answer: &Response) -> Vec<String> {
    let results = answer.json()["results"].as_array().cloned().unwrap();
    let outcome = |result: &Value| match result["ok"].as_bool().unwrap() {
        true => result["kpi"]["status"].as_str().unwrap().to_owned(),
        false => result["problem"]["code"].as_str().unwrap().to_owned(),
    };
    results.iter().map(outcome).collect()
}

#[tokio::test]
async fn each_decision_is_told_in_its_place_and_one_that_fails_stops_none() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let first = kpi_in("submitted", &employee, &manager).await;
    let stale = kpi_in("submitted", &employee, &manager).await;
    let draft = kpi_in("draft", &employee, &manager).await;
    let result = kpi_in("in_review", &employee, &manager).await;
    let own = kpi_in("submitted", &manager, &app.head().await).await;
    let unseen = kpi_in("submitted", &app.outsider().await, &manager).await;
    let mut old = decision(&stale, "approve");
    old["version"] = json!(1);
    let answer = manager
        .decides(vec![
            decision(&unseen, "approve"),
            decision(&first, "reject"),
            old,
            decision(&draft, "approve"),
            decision(&own, "approve"),
            decision(&result, "accept"),
        ])
        .await
        .expect(200);
    assert_eq!(
        outcomes(&answer),
        ["not_found", "rejected", "stale_version", "wrong_state", "own_kpi", "closed"]
    );
    let results = answer.json()["results"].clone();
    let ids: Vec<_> = results.as_array().unwrap().iter().map(|result| result["kpi_id"].clone()).collect();
    assert_eq!(ids, [&unseen, &first, &stale, &draft, &own, &result].map(|kpi| json!(kpi.id())));
    assert_eq!(results[1]["kpi"]["undo_until"], "2026-02-16T09:00:10.000Z");
    assert_eq!(results[0]["problem"]["status"], 404);
    assert_eq!(employee.history(&first).await[0]["reason"], "because");
}

#[tokio::test]
async fn what_was_asked_for_twice_is_done_once_and_answered_alike() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let (one, two) =
        (kpi_in("submitted", &employee, &manager).await, kpi_in("draft", &employee, &manager).await);
    let send = async |decisions: Vec<Value>| {
        let body = json!({ "decisions": decisions });
        manager.request("POST", "/approvals/bulk").key("once").json(body).send().await
    };
    let both = || vec![decision(&one, "approve"), decision(&two, "approve")];
    let answer = send(both()).await.expect(200);
    assert_eq!(outcomes(&answer), ["approved", "wrong_state"]);
    employee.does("submit", &two).await.expect(200);
    assert_eq!(send(both()).await.expect(200).body, answer.body);
    send(vec![decision(&one, "approve")]).await.refused(409, "idempotency_mismatch");
    assert_eq!(employee.history(&one).await.len(), 3);
}

#[tokio::test]
async fn a_request_that_was_cut_off_goes_on_where_it_stopped() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let (one, two) =
        (kpi_in("submitted", &employee, &manager).await, kpi_in("submitted", &employee, &manager).await);
    let body = json!({ "decisions": [decision(&one, "approve"), decision(&two, "approve")] });
    let send =
        async || manager.request("POST", "/approvals/bulk").key("once").json(body.clone()).send().await;
    let whole = send().await.expect(200);
    // As if the server had died before it could keep the answer of the whole.
    let gone =
        kept::Entity::delete_many().filter(kept::Column::Key.eq("once")).exec(app.ctx.db.writer()).await;
    assert_eq!(gone.unwrap().rows_affected, 1);
    assert_eq!(send().await.expect(200).body, whole.body);
    assert_eq!(employee.history(&one).await.len(), 3);
}

#[tokio::test]
async fn bulk_decisions_are_checked_as_a_whole_first() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    let with = |change: Value| {
        let mut item = decision(&kpi, "approve");
        for (field, value) in change.as_object().unwrap() {
            item[field] = value.clone();
        }
        item
    };
    manager.decides(vec![]).await.invalid("decisions required");
    let twice = vec![decision(&kpi, "approve"), decision(&kpi, "reject")];
    manager.decides(twice).await.invalid("decisions.1.kpi_id doubled");
    manager.decides(vec![with(json!({ "action": "reject" }))]).await.invalid("decisions.0.reason required");
    let long = with(json!({ "reason": "x".repeat(1001) }));
    manager.decides(vec![long]).await.invalid("decisions.0.reason too_long");
    let many = (0..101).map(|id| with(json!({ "kpi_id": id }))).collect();
    manager.decides(many).await.invalid("decisions too_many");
    for item in [with(json!({ "action": "delete" })), with(json!({ "note": "x" })), json!(1)] {
        manager.decides(vec![item]).await.expect(422);
    }
    employee.decides(vec![decision(&kpi, "approve")]).await.refused(403, "not_allowed");
    assert_eq!(employee.sees(&kpi).await.json()["status"], "submitted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn decisions_together_and_alone_at_once_leave_one_winner_each() {
    let app = TestApp::new().await;
    let (employee, manager, head) = (app.employee().await, app.manager().await, app.head().await);
    let mut kpis = Vec::new();
    for _ in 0..8 {
        kpis.push(kpi_in("submitted", &employee, &manager).await);
    }
    let together = |who: &Actor, action: &'static str| {
        let (who, decisions) = (who.clone(), kpis.iter().map(|kpi| decision(kpi, action)).collect());
        async move { who.decides(decisions).await }
    };
    let alone = async {
        let mut won = 0;
        for kpi in &kpis {
            won += usize::from(head.does("approve", kpi).await.status == 200);
        }
        won
    };
    let (approved, rejected, single) =
        tokio::join!(together(&manager, "approve"), together(&head, "reject"), alone);
    let won =
        |answer: &Response| outcomes(answer).iter().filter(|outcome| *outcome != "stale_version").count();
    assert_eq!(won(&approved) + won(&rejected) + single, kpis.len());
    for kpi in &kpis {
        assert_eq!(employee.history(kpi).await.len(), 3);
    }
}

#[tokio::test]
async fn a_decision_in_bulk_is_taken_back_like_any_other() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let (one, two) =
        (kpi_in("submitted", &employee, &manager).await, kpi_in("submitted", &employee, &manager).await);
    let answer = manager.decides(vec![decision(&one, "approve"), decision(&two, "reject")]).await.expect(200);
    for result in answer.json()["results"].as_array().unwrap() {
        let path = format!("/kpis/{}/undo-decision", result["kpi_id"]);
        let version = result["kpi"]["version"].as_i64().unwrap();
        let back = manager.request("POST", &path).version(version).send().await.expect(200);
        assert_eq!(back.json()["status"], "submitted");
    }
    assert_eq!(manager.get("/approvals").await.json()["total"], 2);
}
