//! "My work", the queue and the figures.

use serde_json::{Value, json};

use crate::support::{TestApp, company, kpis::kpi_in};

fn titles(section: &Value) -> Vec<String> {
    section["rows"].as_array().unwrap().iter().map(|row| row["reason"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_kpi_stands_in_the_section_that_fits() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    kpi_in("draft", &employee, &manager).await;
    kpi_in("submitted", &employee, &manager).await;
    kpi_in("rejected", &employee, &manager).await;
    kpi_in("approved", &employee, &manager).await;
    kpi_in("closed", &employee, &manager).await;
    let in_review = kpi_in("in_review", &employee, &manager).await;
    manager.does("return", &in_review).await.expect(200);
    app.clock.set("2026-03-02T09:00:00Z".parse().unwrap());
    let work = employee.get("/my-work").await.expect(200).json();
    assert_eq!(titles(&work["due_now"]), ["never_checked_in"]);
    let mut returned = titles(&work["returned"]);
    returned.sort();
    assert_eq!(returned, ["rejected", "returned"]);
    let mut upcoming = titles(&work["upcoming"]);
    upcoming.sort();
    assert_eq!(upcoming, ["draft_waits", "in_decision"]);
    assert_eq!(work["to_decide"]["count"], 0);
    // Returned and closed have a score, the approved one has none: two of three.
    assert_eq!(
        (&work["glance"]["score"]["scored"], &work["glance"]["score"]["total"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(work["glance"]["score"]["score"], 75.0);

    let decide = manager.get("/my-work").await.json()["to_decide"].clone();
    assert_eq!((&decide["count"], titles(&decide)), (&json!(1), vec!["decide_new".to_owned()]));
}

#[tokio::test]
async fn a_row_is_due_again_when_its_rhythm_says_so() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    employee.records(&kpi, 10.0).await.expect(201);
    let work = employee.get("/my-work").await.json();
    assert_eq!(
        (titles(&work["due_now"]).len(), titles(&work["upcoming"])),
        (0, vec!["next_check_in".to_owned()])
    );
    app.clock.set("2026-03-02T09:00:00Z".parse().unwrap());
    let work = employee.get("/my-work").await.json();
    assert_eq!(titles(&work["due_now"]), ["check_in_due"]);
    assert_eq!(work["due_now"]["rows"][0]["link"], format!("/kpis/{}?act=check_in", kpi.id()));
}

#[tokio::test]
async fn the_queue_shows_what_one_may_decide_and_says_why() {
    let app = TestApp::new().await;
    let (employee, manager, head) = (app.employee().await, app.manager().await, app.head().await);
    let rejected = kpi_in("rejected", &employee, &manager).await;
    let path = format!("/kpis/{}", rejected.id());
    let better = employee.patch(&path, rejected.version(), json!({ "target": 300 })).await.expect(200);
    employee.does("submit", &better).await.expect(200);
    kpi_in("in_review", &employee, &manager).await;
    kpi_in("submitted", &manager, &head).await;

    let queue = manager.get("/approvals").await.expect(200).items();
    let reasons: Vec<_> = queue.iter().map(|row| row["reason"].clone()).collect();
    assert_eq!(reasons, [json!("resubmitted"), json!("result")]);
    assert_eq!(queue[0]["changes"][0]["field"], "target");
    assert_eq!(queue[0]["decisions"], json!(["approve", "reject"]));
    assert_eq!(queue[1]["decisions"], json!(["accept", "return"]));
    // Whoever stands higher may decide all of it, but only the manager's own waits for them first.
    assert_eq!(head.get("/approvals").await.json()["total"], 3);
    assert_eq!(head.get("/approvals?mine=true").await.json()["total"], 1);
    employee.get("/approvals").await.refused(403, "not_allowed");
}

#[tokio::test]
async fn warnings_of_the_rules_reach_the_decider() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    for _ in 0..6 {
        kpi_in("submitted", &employee, &manager).await;
    }
    let queue = manager.get("/approvals").await.items();
    assert_eq!(queue[0]["flags"][0]["field"], "weight");
}

#[tokio::test]
async fn figures_of_quarters_and_departments_carry_their_coverage() {
    let app = TestApp::new().await;
    let (employee, manager, outsider) = (app.employee().await, app.manager().await, app.outsider().await);
    kpi_in("closed", &employee, &manager).await;
    kpi_in("approved", &employee, &manager).await;
    outsider.draft("Elsewhere").await;
    let quarters = manager.get("/analytics/by-quarter").await.expect(200).items();
    assert_eq!(quarters.len(), 8);
    let now = quarters.last().unwrap();
    assert_eq!((&now["period"]["year"], &now["total"], &now["closed"]), (&json!(2026), &json!(2), &json!(1)));
    assert_eq!((&now["score"]["score"], &now["score"]["scored"]), (&json!(75.0), &json!(1)));
    let departments = app.admin().await.get("/analytics/by-department").await.expect(200).items();
    let ids: Vec<_> = departments.iter().map(|row| row["department_id"].clone()).collect();
    assert_eq!(ids, [json!(company::FINANCE), json!(company::SALES)]);
    employee.get("/analytics/by-department").await.refused(403, "not_allowed");
    let summary = manager.get("/analytics/summary").await.expect(200).json();
    assert_eq!((&summary["completion_rate"], &summary["people"]), (&json!(50.0), &json!(1)));
}

#[tokio::test]
async fn figures_leave_out_what_one_only_aligns_to() {
    let app = TestApp::new().await;
    let (employee, manager, head) = (app.employee().await, app.manager().await, app.head().await);
    let parent = kpi_in("approved", &manager, &head).await;
    let mut body = crate::support::kpis::definition("My part");
    body["parent_id"] = json!(parent.id());
    employee.post("/kpis", body).await.expect(201);
    assert_eq!(employee.get("/kpis").await.json()["total"], 2);
    assert_eq!(employee.get("/analytics/summary").await.json()["stats"]["total"], 1);
}
