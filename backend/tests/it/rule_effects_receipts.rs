//! A receipt says why the score is another than the one before it.

use kpi_api::receipt_change::ReceiptView;
use serde_json::json;

use crate::support::{TestApp, kpis::kpi_in};

fn texts(answer: &serde_json::Value) -> Vec<&str> {
    let sentences = answer["changed_since"]["sentences"].as_array().unwrap();
    sentences.iter().map(|said| said["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_new_value_is_what_has_changed() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let receipt = format!("/kpis/{}/receipt", kpi.id());
    employee.records(&kpi, 100.0).await.expect(201);
    app.clock.set("2026-02-17T09:00:00Z".parse().unwrap());
    employee.records(&kpi, 150.0).await.expect(201);

    let answer = employee.get(&receipt).await.expect(200).json();
    assert_eq!((&answer["score"], &answer["changed_since"]["version"]), (&json!(75.0), &json!(1)));
    assert_eq!(answer["changed_since"]["at"], "2026-02-16T09:00:00.000Z");
    assert_eq!(
        texts(&answer),
        [
            "The score went from 50 to 75 points.",
            "That is amber now.",
            "The value went from 100 to 150.",
            "Recorded values: 2; before, there were 1."
        ]
    );
    // What a client reads is what was sent.
    let read: ReceiptView = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), answer);
}

#[tokio::test]
async fn an_older_receipt_is_compared_with_the_one_before_it_and_the_first_with_none() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    for value in [100.0, 150.0, 20.0] {
        employee.records(&kpi, value).await.expect(201);
    }
    let history = employee.get(&format!("/kpis/{}/history", kpi.id())).await.expect(200).items();
    let at = |act: &str, number: usize| {
        let rows: Vec<_> = history.iter().rev().filter(|row| row["act"] == act).collect();
        format!("/kpis/{}/receipt?at={}", kpi.id(), rows[number]["id"])
    };
    let second = employee.get(&at("check_in", 1)).await.expect(200).json();
    assert_eq!(texts(&second)[0], "The score went from 50 to 75 points.");
    let first = employee.get(&at("check_in", 0)).await.expect(200).json();
    assert_eq!(first.get("changed_since"), None);
    app.outsider().await.get(&at("check_in", 0)).await.refused(404, "not_found");
}
