//! What is written together is there together, and a row changed behind the application's back is found.

use kpi::admin::coherence::faults;
use sea_orm::ConnectionTrait;

use crate::support::{TestApp, kpis::kpi_in};

async fn found(app: &TestApp) -> Vec<String> {
    faults(app.ctx.db.read()).await.unwrap().into_iter().map(|fault| fault.what).collect()
}

#[tokio::test]
async fn every_way_through_a_quarter_leaves_its_traces() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    for status in ["draft", "rejected", "approved", "in_review", "closed"] {
        kpi_in(status, &employee, &manager).await;
    }
    let submitted = kpi_in("submitted", &employee, &manager).await;
    let approved = manager.does("approve", &submitted).await.expect(200);
    let undo = format!("/kpis/{}/undo-decision", approved.id());
    manager.request("POST", &undo).version(approved.version()).send().await.expect(200);
    let gone = employee.draft("Thought better of").await;
    employee.delete(&format!("/kpis/{}", gone.id()), gone.version()).await.expect(204);
    assert_eq!(found(&app).await, Vec::<String>::new());
    app.all_news().await;
    assert_eq!(found(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_was_changed_from_outside_is_named() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("closed", &employee, &manager).await;
    let id = kpi.id();
    for (change, fault) in [
        (format!("UPDATE kpis SET score = 120 WHERE id = {id}"), "standing"),
        (format!("UPDATE kpis SET is_flagged = 1 WHERE id = {id}"), "flag"),
        (format!("UPDATE kpis SET version = version + 1 WHERE id = {id}"), "gaps"),
        (format!("DELETE FROM check_ins WHERE kpi_id = {id}"), "values"),
        (format!("DELETE FROM outbox WHERE entity_id = {id}"), "event"),
        (format!("DELETE FROM kpi_history WHERE kpi_id = {id} AND act = 'approve'"), "audited"),
    ] {
        app.ctx.db.writer().execute_unprepared(&change).await.unwrap();
        let found = found(&app).await;
        let named = found.iter().any(|what| what.contains(fault) && what.ends_with(&format!("e.g. {id}")));
        assert!(named, "{change}: {found:?}");
    }
}
