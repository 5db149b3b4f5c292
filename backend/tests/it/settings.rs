//! What an administrator may tune.

use serde_json::{Value, json};

use crate::support::TestApp;

fn value(settings: &Value, key: &str) -> Value {
    let items = settings["items"].as_array().unwrap();
    items.iter().find(|item| item["key"] == key).unwrap()["value"].clone()
}

#[tokio::test]
async fn settings_are_changed_with_the_version_seen_and_act_at_once() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let shown = admin.get("/settings").await.expect(200);
    assert_eq!((value(&shown.json(), "scoring.cap"), shown.header("etag")), (json!(120.0), "\"1\""));

    let changed = admin
        .patch("/settings", 1, json!({ "scoring.cap": 150, "scoring.band_green": 95.5 }))
        .await
        .expect(200);
    assert_eq!((value(&changed.json(), "scoring.cap"), changed.version()), (json!(150.0), 2));
    let settings = app.ctx.settings().await.unwrap();
    assert_eq!((settings.cap, settings.bands.green, settings.bands.amber), (150.0, 95.5, 70.0));

    admin.patch("/settings", 1, json!({ "scoring.cap": 160 })).await.refused(412, "stale_version");
    let back = admin.patch("/settings", 2, json!({ "scoring.cap": null })).await.expect(200);
    assert_eq!(value(&back.json(), "scoring.cap"), json!(120.0));
    assert_eq!(app.ctx.settings().await.unwrap().cap, 120.0);
}

#[tokio::test]
async fn what_does_not_fit_is_named_and_changes_nothing() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let rows = [
        (json!({ "scoring.capp": 1 }), "scoring.capp unknown_field"),
        (json!({ "internal.demo": true }), "internal.demo unknown_field"),
        (json!({ "scoring.cap": "150" }), "scoring.cap wrong_type"),
        (json!({ "scoring.cap": 1001 }), "scoring.cap out_of_range"),
        (json!({ "check_in.default_days": 0.5 }), "check_in.default_days out_of_range"),
        (json!({ "scoring.band_amber": 95 }), "scoring.band_amber out_of_order"),
        (json!([1]), "body wrong_type"),
    ];
    for (body, fault) in rows {
        admin.patch("/settings", 1, body).await.invalid(fault);
    }
    let same = admin.patch("/settings", 1, json!({ "scoring.cap": 120 })).await.expect(200);
    assert_eq!(same.version(), 1);
}
