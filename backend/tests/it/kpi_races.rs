//! Many at once: exactly one wins, and nothing is written twice.

use serde_json::json;

use crate::support::{TestApp, kpis::kpi_in};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_32_approvals_at_once_exactly_one_wins() {
    let app = TestApp::new().await;
    let (employee, manager, head) = (app.employee().await, app.manager().await, app.head().await);
    let kpi = kpi_in("submitted", &employee, &manager).await;
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..32 {
        let who = if number % 2 == 0 { manager.clone() } else { head.clone() };
        let (path, version) = (format!("/kpis/{}/approve", kpi.id()), kpi.version());
        tries.spawn(async move { who.act(&path, version, json!({})).await });
    }
    let answers = tries.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 412)));
    let history = employee.get(&format!("/kpis/{}/history", kpi.id())).await.column("act");
    assert_eq!(history, [json!("approve"), json!("submit"), json!("create")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_approval_and_a_recall_at_once_leave_one_of_both() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    for _ in 0..8 {
        let kpi = kpi_in("submitted", &employee, &manager).await;
        let (approved, recalled) = tokio::join!(manager.does("approve", &kpi), employee.does("recall", &kpi));
        let won = [&approved, &recalled].into_iter().filter(|answer| answer.status == 200).count();
        assert_eq!(won, 1, "{} {}", approved.text(), recalled.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn check_ins_at_once_are_all_kept_and_versions_have_no_gap() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..16 {
        let employee = employee.clone();
        let path = format!("/kpis/{}/check-ins", kpi.id());
        tries.spawn(async move { employee.post(&path, json!({ "value": number, "note": "So far" })).await });
    }
    assert!(tries.join_all().await.iter().all(|answer| answer.status == 201));
    let versions = employee.get(&format!("/kpis/{}/history", kpi.id())).await.column("version");
    let expected: Vec<_> = (1..=kpi.version() + 16).rev().map(|version| json!(version)).collect();
    assert_eq!(versions, expected);
}
