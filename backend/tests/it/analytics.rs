//! Figures over many KPIs: kept in memory, and never behind what was answered.

use serde_json::{Value, json};

use crate::support::{Actor, TestApp, kpis::kpi_in};

/// What the list says about a quarter, counted by the database.
async fn counted(who: &Actor, quarter: &str) -> Value {
    who.get(&format!("/kpis/stats?year=2026&quarter={quarter}")).await.expect(200).json()
}

/// The summary and the quarter's bar say the same as the list, for everybody who sees no more than they answer for.
async fn agrees(people: &[&Actor], quarter: &str) {
    for who in people {
        let counted = counted(who, quarter).await;
        let asked = format!("year=2026&quarter={quarter}");
        let summary = who.get(&format!("/analytics/summary?{asked}")).await.expect(200).json();
        assert_eq!(summary["stats"], counted, "{quarter}");
        let bars = who.get(&format!("/analytics/by-quarter?{asked}")).await.expect(200).items();
        let bar = bars.last().expect("eight quarters");
        assert_eq!((&bar["total"], &bar["score"]), (&counted["total"], &counted["score"]), "{quarter}");
    }
}

#[tokio::test]
async fn figures_follow_every_act_at_once() {
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let everybody = [&employee, &manager, &admin];
    agrees(&everybody, "Q1").await;
    let kpi = kpi_in("approved", &employee, &manager).await;
    let quarter = kpi.json()["quarter"].as_str().unwrap().to_owned();
    agrees(&everybody, &quarter).await;
    employee.records(&kpi, 150.0).await.expect(201);
    agrees(&everybody, &quarter).await;
    kpi_in("closed", &employee, &manager).await;
    agrees(&everybody, &quarter).await;
    app.outsider().await.draft("Of another department").await;
    agrees(&everybody, &quarter).await;

    let draft = employee.draft("On the move").await;
    agrees(&everybody, &quarter).await;
    let other = if quarter == "Q4" { "Q3" } else { "Q4" };
    let path = format!("/kpis/{}", draft.id());
    let moved = employee.patch(&path, draft.version(), json!({ "quarter": other })).await.expect(200);
    agrees(&everybody, &quarter).await;
    agrees(&everybody, other).await;
    employee.delete(&path, moved.version()).await.expect(204);
    agrees(&everybody, other).await;
}

#[tokio::test]
async fn figures_can_be_narrowed_to_a_person_or_a_department() {
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let (outsider, own) = (app.outsider().await, manager.draft("The manager's own").await.json());
    employee.draft("The employee's").await;
    outsider.draft("The outsider's").await;
    let total = async |who: &Actor, filter: String| {
        let summary = who.get(&format!("/analytics/summary?{filter}")).await.expect(200).json();
        (summary["stats"]["total"].clone(), summary["people"].clone())
    };
    let of_person = |id: &Value| format!("user_id={id}");
    assert_eq!(total(&admin, String::new()).await, (json!(3), json!(3)));
    assert_eq!(total(&manager, String::new()).await, (json!(2), json!(2)));
    assert_eq!(total(&manager, of_person(&own["user_id"])).await, (json!(1), json!(1)));
    assert_eq!(total(&admin, format!("department_id={}", own["department_id"])).await, (json!(2), json!(2)));
    let stranger = outsider.get("/auth/me").await.json()["id"].clone();
    assert_eq!(total(&manager, of_person(&stranger)).await, (json!(0), json!(0)));
    assert_eq!(total(&employee, of_person(&stranger)).await, (json!(0), json!(0)));
}

#[tokio::test]
async fn what_an_administrator_counts_are_the_rows_of_the_list() {
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let running = kpi_in("approved", &employee, &manager).await;
    kpi_in("closed", &employee, &manager).await;
    app.outsider().await.draft("Of another department").await;
    let owner = running.json()["user_id"].clone();
    let filters = [
        String::new(),
        "year=2026".into(),
        "year=2025".into(),
        "year=2026&quarter=Q1".into(),
        "quarter=Q1".into(),
        "status=approved,closed".into(),
        "year=2026&band=green".into(),
        "pace=none".into(),
        "department_id=2".into(),
        format!("user_id={owner}&status=approved"),
        "category=mission".into(),
        "q=another".into(),
    ];
    for value in [None, Some(150.0), Some(20.0)] {
        if let Some(value) = value {
            employee.records(&running, value).await.expect(201);
        }
        for filter in &filters {
            let list = admin.get(&format!("/kpis?per_page=100&{filter}")).await.expect(200).json();
            let rows = list["items"].as_array().unwrap();
            assert_eq!(list["total"], rows.len(), "{filter}");
            let stats = admin.get(&format!("/kpis/stats?{filter}")).await.expect(200).json();
            assert_eq!(stats["total"], rows.len(), "{filter}");
            for band in stats["by_band"].as_array().unwrap() {
                let of_band = rows.iter().filter(|row| row["band"] == band["band"]).count();
                assert_eq!(band["count"], of_band, "{filter}: {band}");
            }
        }
    }
}
