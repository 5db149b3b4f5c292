//! Plugins that spin, throw, flood or hang: each is stopped within a second, and nobody else notices.

use std::time::{Duration, Instant};

use kpi::entity::plugin_log;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;

use super::{Answer, Plugin, Receiver};
use crate::support::{Actor, TestApp};

const LIMIT: Duration = Duration::from_millis(1000);

/// The time that one call may take here, with what is done around it on a machine that has other work.
const WITHIN: Duration = Duration::from_millis(2500);

fn hooked(id: &'static str, manifest: &str, body: &str) -> Plugin {
    let manifest = format!("{manifest}\n[[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n");
    Plugin::new(id, &manifest, &format!("fn heard(event) {{ {body} }}"))
}

/// Tries the hook; how long the plugin was let run.
async fn tried(admin: &Actor, id: &str, code: &str) -> Duration {
    let tested = admin.post(&format!("/plugins/{id}/test"), json!({ "event": "kpi.created" })).await;
    let tested = tested.expect(200).json();
    assert_eq!(tested["error"]["code"], code, "{tested}");
    Duration::from_millis(tested["took_ms"].as_u64().unwrap())
}

#[tokio::test]
async fn loops_throws_and_growth_are_stopped_within_a_second() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    for (id, body, code) in [
        ("spins", "loop { }", "limit"),
        ("recurses", "heard(event)", "limit"),
        ("grows", "let a = \"x\"; loop { a += a; }", "limit"),
        ("throws", "throw #{ a: 1 }", "threw"),
        ("peeks", "kpis()", "refused"),
    ] {
        admin.runs_plugin(&hooked(id, "", body)).await;
        let began = Instant::now();
        let took = tried(&admin, id, code).await;
        assert!(took <= LIMIT, "{id}: {took:?}");
        assert!(began.elapsed() < WITHIN, "{id}: {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_flood_of_its_log_is_cut_and_the_log_keeps_its_size() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.runs_plugin(&hooked("floods", "", "for i in 0..100000 { log(`line ${i}`) }")).await;
    for _ in 0..8 {
        let tested = admin.post("/plugins/floods/test", json!({ "event": "kpi.created" })).await;
        assert!(tested.expect(200).json()["log"].as_array().unwrap().len() <= 201);
    }
    let lines = plugin_log::Entity::find().count(app.ctx.db.read()).await.unwrap();
    assert!(lines <= 1000, "{lines}");
}

#[tokio::test]
async fn a_server_that_never_answers_holds_nobody_up() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.allows_private_addresses().await;
    let receiver = Receiver::open().await;
    receiver.answers(Answer::Nothing);
    let manifest = "[permissions]\nhttp = [\"setting:url\"]\n[[settings]]\nkey = \"url\"\ntype = \"url\"\nlabel = \"Address\"\n";
    admin.installs(&hooked("hangs", manifest, "http_post(setting(\"url\"), #{}, \"\")")).await.expect(201);
    admin.sets("hangs", json!({ "url": receiver.url })).await.expect(200);
    admin.enables("hangs").await.expect(200);
    admin.runs_plugin(&hooked("fine", "", "log(\"here\")")).await;
    let began = Instant::now();
    app.employee().await.draft("Visits").await;
    assert!(began.elapsed() < LIMIT, "the request does not wait");
    app.all_news().await;
    // Side by side, as in the running server.
    let lifecycle = kpi::platform::lifecycle::Lifecycle::new();
    let running = tokio::spawn(kpi::plugins::hooks::run(app.ctx.clone(), lifecycle.clone()));
    receiver.heard().await;
    let until = Instant::now() + WITHIN;
    while admin.plugin_log("fine").await.is_empty() {
        assert!(Instant::now() < until, "the other plugin waits");
        tokio::task::yield_now().await;
    }
    while admin.plugin_log("hangs").await.is_empty() {
        assert!(Instant::now() < until, "the plugin is not stopped");
        tokio::task::yield_now().await;
    }
    lifecycle.stop();
    running.await.unwrap();
    let log = admin.plugin_log("hangs").await;
    assert_eq!(log[0].0, "error");
    assert!(log[0].1.contains("127.0.0.1"), "{log:?}");
}

#[tokio::test]
async fn addresses_inside_are_refused_unless_they_are_allowed() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let receiver = Receiver::open().await;
    let manifest = "[permissions]\nhttp = [\"setting:url\"]\n[[settings]]\nkey = \"url\"\ntype = \"url\"\nlabel = \"Address\"\n";
    admin.installs(&hooked("inside", manifest, "http_post(setting(\"url\"), #{}, \"\")")).await.expect(201);
    admin.sets("inside", json!({ "url": receiver.url })).await.expect(200);
    admin.enables("inside").await.expect(200);
    tried(&admin, "inside", "threw").await;
    assert_eq!(receiver.bodies().len(), 0);
    admin.allows_private_addresses().await;
    let tested = admin.post("/plugins/inside/test", json!({ "event": "kpi.created" })).await.expect(200);
    assert_eq!((&tested.json()["error"], receiver.bodies().len()), (&json!(null), 1));
}

#[tokio::test]
async fn a_card_that_spins_breaks_no_dashboard() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let widget = "[[widgets]]\nslot = \"dashboard\"\nfunction = \"card\"\ntitle = \"Card\"\n";
    for id in ["spin-a", "spin-b", "spin-c"] {
        admin.runs_plugin(&Plugin::new(id, widget, "fn card(viewer) { loop { } }")).await;
    }
    let text = "fn card(viewer) { #{ kind: \"text\", data: #{ text: \"Here\" } } }";
    admin.runs_plugin(&Plugin::new("a-good-one", widget, text)).await;
    let began = Instant::now();
    let shown = admin.get("/dashboard/widgets").await.expect(200).items();
    assert!(began.elapsed() < LIMIT, "{:?}", began.elapsed());
    assert_eq!((shown.len(), &shown[0]["plugin_id"]), (1, &json!("a-good-one")));
}
