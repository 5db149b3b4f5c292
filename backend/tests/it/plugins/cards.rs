//! Cards on the dashboard.

use serde_json::{Value, json};

use super::Plugin;
use crate::support::{Actor, TestApp};

fn card(id: &'static str, permissions: &str, body: &str) -> Plugin {
    let manifest = format!(
        "[permissions]\n{permissions}\n[[widgets]]\nslot = \"dashboard\"\nfunction = \"card\"\ntitle = \"Progress\"\n"
    );
    Plugin::new(id, &manifest, &format!("fn card(viewer) {{ {body} }}"))
}

async fn cards(actor: &Actor) -> Vec<Value> {
    actor.get("/dashboard/widgets").await.expect(200).items()
}

#[tokio::test]
async fn a_card_shows_what_its_viewer_may_see() {
    let app = TestApp::new().await;
    let count = "#{ kind: \"stat\", data: #{ value: kpis().len(), hint: viewer.role } }";
    app.admin().await.runs_plugin(&card("counter", "read = [\"kpis\"]", count)).await;
    app.employee().await.draft("Visits").await;
    app.outsider().await.draft("Books").await;
    let value = async |actor: Actor| cards(&actor).await[0]["data"]["value"].clone();
    assert_eq!(value(app.employee().await).await, 1.0);
    assert_eq!(value(app.manager().await).await, 1.0);
    assert_eq!(value(app.admin().await).await, 2.0);
    let own = &cards(&app.employee().await).await[0];
    assert_eq!(
        (&own["plugin_id"], &own["title"], &own["kind"]),
        (&json!("counter"), &json!("Progress"), &json!("stat"))
    );
    assert_eq!(own["data"]["hint"], "employee");
}

#[tokio::test]
async fn every_shape_is_shown_and_what_is_none_is_left_out() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let shapes = [
        (
            "a-stat",
            "#{ kind: \"stat\", link: \"/kpis\", data: #{ value: \"7 of 9\", unit: \"KPIs\", tone: \"good\" } }",
        ),
        (
            "b-series",
            "#{ kind: \"series\", data: #{ labels: [\"Q1\", \"Q2\"], series: [#{ name: \"Sales\", values: [1, ()] }] } }",
        ),
        (
            "c-table",
            "#{ kind: \"table\", data: #{ columns: [\"Name\", \"Score\"], rows: [[\"Ada\", 93.5], [\"Ben\", ()]] } }",
        ),
        ("d-text", "#{ kind: \"text\", title: \"News\", data: #{ text: \"All is well.\" } }"),
        ("e-none", "()"),
        ("f-odd", "#{ kind: \"pie\", data: #{} }"),
        ("g-crooked", "#{ kind: \"table\", data: #{ columns: [\"A\"], rows: [[1, 2]] } }"),
        ("h-out", "#{ kind: \"text\", link: \"https://example.com\", data: #{ text: \"x\" } }"),
        ("i-throws", "throw \"no\""),
    ];
    for (id, body) in shapes {
        admin.runs_plugin(&card(id, "", body)).await;
    }
    let shown = cards(&admin).await;
    let kinds: Vec<&str> = shown.iter().map(|card| card["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["stat", "series", "table", "text"]);
    assert_eq!((&shown[0]["link"], &shown[3]["title"]), (&json!("/kpis"), &json!("News")));
    assert_eq!(shown[1]["data"]["series"][0]["values"], json!([1.0, null]));
    for (id, part) in [
        ("f-odd", "unknown variant"),
        ("g-crooked", "2 cells in 1 columns"),
        ("h-out", "its link"),
        ("i-throws", "no"),
    ] {
        let log = admin.plugin_log(id).await;
        assert!(log[0].1.contains(part), "{id}: {log:?}");
    }
    // Failures are not tried again at every look.
    cards(&admin).await;
    assert_eq!(admin.plugin_log("i-throws").await.len(), 1);
}

#[tokio::test]
async fn a_card_looks_and_changes_nothing() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    for (id, permissions, body) in [
        ("keeps", "store = true", "store_set(\"a\", 1)"),
        ("tells", "notify = true", "notify(viewer.id, \"a\", \"b\", \"/\")"),
        ("calls", "http = [\"example.com\"]", "http_post(\"https://example.com/\", #{}, \"\")"),
    ] {
        admin.runs_plugin(&card(id, permissions, body)).await;
        assert_eq!(cards(&admin).await.len(), 0, "{id}");
        let log = admin.plugin_log(id).await;
        assert!(log[0].1.contains("A card may not"), "{id}: {log:?}");
    }
}

#[tokio::test]
async fn a_card_that_went_well_ends_a_row_of_failures() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let body = "if viewer.role == \"employee\" { throw \"no\" } #{ kind: \"text\", data: #{ text: \"All is well.\" } }";
    admin.runs_plugin(&card("moody", "", body)).await;
    let in_a_row = async || admin.plugin("moody").await["health"]["failures_in_a_row"].clone();
    assert_eq!(cards(&app.employee().await).await.len(), 0);
    assert_eq!(in_a_row().await, 1);
    assert_eq!(cards(&admin).await.len(), 1);
    assert_eq!(in_a_row().await, 0);
}
