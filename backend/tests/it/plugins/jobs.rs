//! The jobs of plugins run as the server's own ones do.

use serde_json::{Value, json};

use super::Plugin;
use crate::support::TestApp;

const NAME: &str = "plugin:weekly:digest";

fn weekly(script: &str) -> Plugin {
    Plugin::new(
        "weekly",
        "[permissions]\nread = [\"users\"]\nnotify = true\n[[jobs]]\ncron = \"0 8 * * Mon\"\nfunction = \"digest\"\n",
        script,
    )
}

const DIGEST: &str = "fn digest() {\n    for person in users(#{ role: \"manager\" }) { notify(person.id, \"The week\", \"All is well.\", \"/\"); }\n    log(\"told\");\n}";

#[tokio::test]
async fn a_job_is_listed_runs_at_its_time_and_by_hand() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.installs(&weekly(DIGEST)).await.expect(201);
    let listed = async || {
        let jobs = admin.get("/jobs").await.expect(200).items();
        jobs.into_iter().find(|job| job["name"] == NAME)
    };
    assert_eq!(listed().await, None);
    admin.enables("weekly").await.expect(200);
    let job = listed().await.unwrap();
    assert_eq!(
        (&job["schedule"], &job["next_run"]),
        (&json!("0 8 * * Mon"), &json!("2026-02-23T08:00:00.000Z"))
    );
    app.run_jobs().await;
    assert_eq!(app.runs(NAME).await, []);
    app.run_jobs_at("2026-02-23T08:00:00Z").await;
    app.run_jobs().await;
    assert_eq!(app.runs(NAME).await.len(), 1);
    assert_eq!(listed().await.unwrap()["last_run"]["result"]["text"], "told");
    app.all_news().await;
    let told = app.manager().await.get("/notifications").await.expect(200).items();
    assert_eq!(told.iter().filter(|notice| notice["kind"] == "plugin").count(), 1);

    admin.request("POST", "/jobs/plugin%3Aweekly%3Adigest/run").send().await.expect(202);
    admin.post("/jobs/plugin:weekly:digest/run", Value::Null).await.refused(409, "job_running");
    app.run_jobs().await;
    assert_eq!(app.runs(NAME).await.last().unwrap().1, "hand");
    assert_eq!(admin.get("/jobs/plugin:weekly:digest/runs").await.expect(200).items().len(), 2);
    admin.request("POST", "/jobs/plugin:weekly:nothing/run").send().await.refused(404, "not_found");
}

#[tokio::test]
async fn times_that_went_by_while_it_was_disabled_are_not_made_up_for() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.runs_plugin(&weekly(DIGEST)).await;
    app.run_jobs().await;
    app.run_jobs_at("2026-02-23T08:00:00Z").await;
    admin.disables("weekly").await.expect(200);
    app.run_jobs_at("2026-03-09T09:00:00Z").await;
    admin.enables("weekly").await.expect(200);
    app.run_jobs().await;
    app.run_jobs().await;
    assert_eq!(app.runs(NAME).await.len(), 1);
    app.run_jobs_at("2026-03-16T08:00:00Z").await;
    assert_eq!(app.runs(NAME).await.len(), 2);
}

#[tokio::test]
async fn a_job_that_fails_says_so() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.runs_plugin(&weekly("fn digest() {\n    throw \"no letters\";\n}")).await;
    app.run_jobs().await;
    app.run_jobs_at("2026-02-23T08:00:00Z").await;
    assert_eq!(app.runs(NAME).await[0].2, "failed");
    let runs = admin.get("/jobs/plugin:weekly:digest/runs").await.expect(200).items();
    assert!(runs[0]["result"]["text"].as_str().unwrap().contains("no letters"), "{runs:?}");
    let view = admin.plugin("weekly").await;
    assert_eq!(view["health"]["failures"], 1);
    assert!(admin.plugin_log("weekly").await[0].1.contains("no letters"));
}

#[tokio::test]
async fn a_safe_start_has_no_plugin_at_all() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let mut plugin = weekly(DIGEST);
    plugin.manifest.push_str("[[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n[[widgets]]\nslot = \"dashboard\"\nfunction = \"card\"\ntitle = \"Card\"\n");
    plugin.script.push_str(
        "\nfn heard(event) {}\nfn card(viewer) { #{ kind: \"text\", data: #{ text: \"Hello\" } } }",
    );
    admin.runs_plugin(&plugin).await;
    assert_eq!(admin.get("/dashboard/widgets").await.expect(200).items().len(), 1);

    let safe = app.safely().await;
    let admin = safe.admin().await;
    let list = admin.get("/plugins").await.expect(200).json();
    assert_eq!(list["safe_mode"], true);
    let health = safe.page("/health").await;
    assert_eq!(health.json(), json!({ "status": "ok", "safe_mode": true }));
    safe.employee().await.draft("Visits").await;
    assert_eq!(safe.tells_plugins().await, 0);
    assert_eq!(admin.get("/dashboard/widgets").await.expect(200).items().len(), 0);
    let jobs = admin.get("/jobs").await.expect(200).column("name");
    assert!(!jobs.contains(&json!(NAME)));
    admin.post("/plugins/weekly/test", json!({ "event": "kpi.created" })).await.refused(409, "safe_mode");
    admin.disables("weekly").await.expect(200);
}
