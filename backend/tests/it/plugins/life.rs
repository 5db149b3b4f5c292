//! Installing, granting, settings, updates, and going.

use kpi::entity::{audit, plugin_setting};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::Plugin;
use crate::support::{TestApp, files, kpis::defined};

fn plain(id: &'static str) -> Plugin {
    Plugin::new(
        id,
        "[permissions]\nnotify = true\nread = [\"kpis\"]\n[[hooks]]\nevent = \"kpi.approved\"\nfunction = \"heard\"\n",
        "fn heard(event) { log(event.name) }",
    )
}

fn with_templates(id: &'static str) -> Plugin {
    Plugin::new(id, "[[templates]]\nfile = \"templates.toml\"\n", "").file(
        "templates.toml",
        "[[template]]\nkey = \"base\"\nname = \"Perspective\"\n[template.fields]\nunit = \"%\"\n\
         [[template]]\nkey = \"customers\"\nname = \"Customers\"\nextends = \"base\"\n[template.fields]\ntarget = 90.0\n",
    )
}

#[tokio::test]
async fn a_bundle_is_looked_at_before_it_is_installed() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let check = admin.sends_bundle("/plugins/check", &plain("news").archive()).await.expect(200).json();
    assert_eq!(check["problems"], json!([]));
    assert_eq!(check["plugin"]["permissions"], json!([{ "code": "read_kpis" }, { "code": "notify" }]));
    assert_eq!(check["plugin"]["adds"]["hooks"][0]["event"], "kpi.approved");
    assert_eq!(check["more_permissions"], check["plugin"]["permissions"]);
    assert_eq!(check["replaces"], Value::Null);
    let ids = admin.get("/plugins").await.expect(200).column("id");
    assert!(!ids.contains(&json!("news")), "nothing was installed: {ids:?}");
}

#[tokio::test]
async fn faults_are_told_by_line_and_column_and_nothing_is_installed() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let bad = Plugin::new("news", "color = 3\n", "fn a( {");
    let check = admin.sends_bundle("/plugins/check", &bad.archive()).await.expect(200).json();
    assert_eq!(check["plugin"], Value::Null);
    assert_eq!(
        (&check["problems"][0]["file"], &check["problems"][0]["line"], &check["problems"][0]["code"]),
        (&json!("plugin.toml"), &json!(7), &json!("bad_toml"))
    );
    let refused = admin.installs(&bad).await;
    refused.invalid("plugin.toml:7:1 bad_toml");
    admin.sends_bundle("/plugins/install", b"no archive").await.invalid(" not_an_archive");
    let no_file = admin.request("POST", "/plugins/install").form(&[files::field("file2", "x")]).send().await;
    no_file.invalid("file2 unknown_field");
    admin.post("/plugins/install", json!({ "id": "nowhere" })).await.invalid("id unknown");
    admin.get("/plugins/news").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_plugin_runs_once_its_permissions_are_granted_as_they_are() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let installed = admin.installs(&plain("news")).await.expect(201);
    assert_eq!(installed.header("location"), "/api/v1/plugins/news");
    let view = installed.json();
    assert_eq!((&view["state"], &view["granted"]), (&json!("disabled"), &json!(false)));
    let less = json!({ "granted": [{ "code": "notify" }] });
    admin.act("/plugins/news/enable", 1, less).await.refused(409, "permissions_differ");
    let more = json!({ "granted": [{ "code": "notify" }, { "code": "read_kpis" }, { "code": "store" }] });
    admin.act("/plugins/news/enable", 1, more).await.refused(409, "permissions_differ");
    admin.act("/plugins/news/enable", 7, json!({ "granted": [] })).await.refused(412, "stale_version");
    // The order in which they stand says nothing.
    let all = json!({ "granted": [{ "code": "notify" }, { "code": "read_kpis" }] });
    let enabled = admin.act("/plugins/news/enable", 1, all).await.expect(200);
    assert_eq!((enabled.header("etag"), &enabled.json()["state"]), ("\"2\"", &json!("enabled")));
    admin.enables("news").await.refused(409, "plugin_state");
    assert_eq!(admin.disables("news").await.expect(200).json()["state"], "disabled");
    admin.disables("news").await.refused(409, "plugin_state");

    let acts: Vec<String> = audit::Entity::find()
        .filter(audit::Column::Entity.eq("plugin"))
        .all(app.ctx.db.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.action)
        .collect();
    assert_eq!(acts, ["plugin.install", "plugin.enable", "plugin.disable"]);
}

#[tokio::test]
async fn the_same_request_installs_once() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let send = async |key: &str, plugin: &Plugin| {
        let part = files::part("file", "plugin.zip", &plugin.archive());
        admin.request("POST", "/plugins/install").key(key).form(&[part]).send().await
    };
    let first = send("a", &plain("news")).await.expect(201).json();
    assert_eq!(send("a", &plain("news")).await.expect(201).json(), first);
    send("a", &plain("other")).await.refused(409, "idempotency_mismatch");
    send("b", &plain("news")).await.refused(409, "duplicate");
}

#[tokio::test]
async fn secrets_are_kept_encrypted_and_never_told() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let manifest = "[[settings]]\nkey = \"token\"\ntype = \"secret\"\nlabel = \"Token\"\nrequired = true\n\
        [[settings]]\nkey = \"room\"\ntype = \"text\"\nlabel = \"Room\"\ndefault = \"general\"\n\
        [[settings]]\nkey = \"pace\"\ntype = \"select\"\nlabel = \"Pace\"\noptions = [\"slow\", \"fast\"]\n\
        [[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n";
    let script = "fn heard(event) { log(setting(\"token\") + \" in \" + setting(\"room\")) }";
    admin.installs(&Plugin::new("chat", manifest, script)).await.expect(201);
    assert_eq!(admin.plugin("chat").await["settings_missing"], json!(["token"]));
    admin.enables("chat").await.invalid("settings.token required");

    admin.sets("chat", json!({ "color": 1 })).await.invalid("values.color unknown_field");
    admin.sets("chat", json!({ "pace": "medium" })).await.invalid("values.pace invalid");
    admin.sets("chat", json!({ "token": 5 })).await.invalid("values.token invalid");
    let set = admin.sets("chat", json!({ "token": "hush-hush", "pace": "fast" })).await.expect(200);
    assert!(!set.text().contains("hush-hush"));
    let of = |items: &Value, key: &str| {
        items.as_array().unwrap().iter().find(|item| item["key"] == key).unwrap().clone()
    };
    let items = &set.json()["items"];
    assert_eq!((&of(items, "token")["value"], &of(items, "token")["is_set"]), (&Value::Null, &json!(true)));
    assert_eq!(
        (&of(items, "room")["value"], &of(items, "room")["is_set"]),
        (&json!("general"), &json!(false))
    );
    assert_eq!(of(items, "pace")["value"], "fast");
    let kept = plugin_setting::Entity::find()
        .filter(plugin_setting::Column::Key.eq("token"))
        .one(app.ctx.db.read())
        .await
        .unwrap()
        .unwrap();
    assert!(kept.is_sealed && !kept.value.contains("hush"), "{}", kept.value);

    admin.enables("chat").await.expect(200);
    admin.sets("chat", json!({ "token": null })).await.invalid("values.token required");
    app.employee().await.draft("Visits").await;
    app.tells_plugins().await;
    // The plugin has its secret, and its log has it not.
    let log = admin.plugin_log("chat").await;
    assert!(log[0].1.ends_with(" in general") && !log[0].1.contains("hush"), "{log:?}");
    let rows = audit::Entity::find().all(app.ctx.db.read()).await.unwrap();
    assert!(rows.iter().all(|row| !row.detail.contains("hush")));
}

#[tokio::test]
async fn templates_come_with_the_plugin_and_go_with_it() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let active = async || {
        let all = admin.get("/templates").await.expect(200).items();
        all.iter()
            .filter(|t| t["is_active"] == true)
            .map(|t| t["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    admin.installs(&with_templates("scorecard")).await.expect(201);
    assert_eq!(active().await, Vec::<String>::new());
    let enabled = admin.enables("scorecard").await.expect(200).json();
    assert_eq!(active().await, ["Customers", "Perspective"]);
    let template = enabled["adds"]["templates"][1]["template_id"].as_i64().unwrap();
    let seen = admin.get(&format!("/templates/{template}")).await.expect(200).json();
    assert_eq!((&seen["effective"]["unit"], &seen["effective"]["target"]), (&json!("%"), &json!(90.0)));

    let owner = app.employee().await;
    owner.post("/kpis", defined("Loyalty", json!({ "template_id": template }))).await.expect(201);
    admin.disables("scorecard").await.expect(200);
    assert_eq!(active().await, Vec::<String>::new());
    admin.enables("scorecard").await.expect(200);
    assert_eq!(active().await, ["Customers", "Perspective"]);

    let revision = admin.plugin("scorecard").await["revision"].as_i64().unwrap();
    let gone = admin.delete("/plugins/scorecard", revision).await.expect(200).json();
    assert_eq!(gone, json!({ "templates_deleted": 0, "templates_kept": 2, "rules_retired": 0 }));
    assert_eq!(active().await, Vec::<String>::new());
    assert_eq!(admin.get(&format!("/templates/{template}")).await.expect(200).json()["used_by"], 1);
    admin.get("/plugins/scorecard").await.refused(404, "not_found");
    assert!(!app.ctx.config.data_dir.join("plugins/scorecard").exists());

    // Nobody uses them: they are deleted.
    admin.runs_plugin(&with_templates("scorecard")).await;
    let revision = admin.plugin("scorecard").await["revision"].as_i64().unwrap();
    let gone = admin.delete("/plugins/scorecard", revision).await.expect(200).json();
    assert_eq!((&gone["templates_deleted"], &gone["templates_kept"]), (&json!(2), &json!(0)));
}

#[tokio::test]
async fn a_newer_version_takes_the_place_of_an_older_one() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.runs_plugin(&with_templates("scorecard")).await;
    let all = admin.get("/templates").await.expect(200).items();
    let touched = all.iter().find(|t| t["name"] == "Customers").unwrap();
    let (id, version) = (touched["id"].as_i64().unwrap(), touched["version"].as_i64().unwrap());
    admin.patch(&format!("/templates/{id}"), version, json!({ "description": "Ours" })).await.expect(200);

    let mut newer = with_templates("scorecard").version("1.1.0");
    newer.files[0].1 = newer.files[0].1.replace("\"%\"", "\"points\"").replace("90.0", "80.0");
    let updated = admin.installs(&newer).await.expect(201).json();
    assert_eq!((&updated["version"], &updated["state"]), (&json!("1.1.0"), &json!("enabled")));
    let seen = admin.get(&format!("/templates/{id}")).await.expect(200).json();
    // What somebody has changed stays as they left it; what nobody touched is brought up to date.
    assert_eq!((&seen["effective"]["target"], &seen["effective"]["unit"]), (&json!(90.0), &json!("points")));
    admin.installs(&with_templates("scorecard")).await.refused(409, "duplicate");

    let mut greedy = with_templates("scorecard").version("1.2.0");
    greedy.manifest.push_str("[permissions]\nstore = true\n");
    let check = admin.sends_bundle("/plugins/check", &greedy.archive()).await.expect(200).json();
    assert_eq!(
        (&check["replaces"], &check["more_permissions"]),
        (&json!("1.1.0"), &json!([{ "code": "store" }]))
    );
    // It asks for more: that has to be granted anew.
    let updated = admin.installs(&greedy).await.expect(201).json();
    assert_eq!((&updated["state"], &updated["granted"]), (&json!("disabled"), &json!(false)));
    admin.enables("scorecard").await.expect(200);
    let folder = app.ctx.config.data_dir.join("plugins/scorecard");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1, "older files are deleted");
}

#[tokio::test]
async fn a_plugin_whose_files_are_lost_is_broken_and_harms_nobody() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.runs_plugin(&plain("news")).await;
    std::fs::remove_dir_all(app.ctx.config.data_dir.join("plugins/news")).unwrap();
    let again = app.again().await;
    let admin = again.admin().await;
    let view = admin.plugin("news").await;
    assert_eq!(view["state"], "broken");
    assert!(view["trouble"].as_str().unwrap().starts_with("Its files"), "{view}");
    assert_eq!(admin.get("/dashboard/widgets").await.expect(200).items().len(), 0);
    admin.enables("news").await.refused(409, "plugin_state");
    // The same version mends it.
    admin.installs(&plain("news")).await.expect(201);
    assert_eq!(admin.plugin("news").await["state"], "enabled");
    admin.installs(&plain("news")).await.refused(409, "duplicate");
    let folder = again.ctx.config.data_dir.join("plugins/news");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
}

#[tokio::test]
async fn folders_of_the_operator_are_there_to_be_installed() {
    let folder = tempfile::tempdir().unwrap();
    let plugin = plain("news");
    for (id, manifest) in [("news", plugin.manifest()), ("odd", "id = 3".to_owned())] {
        let place = folder.path().join(id);
        std::fs::create_dir(&place).unwrap();
        std::fs::write(place.join("plugin.toml"), manifest).unwrap();
        std::fs::write(place.join("plugin.rhai"), &plugin.script).unwrap();
    }
    let app = TestApp::configured(&[("PLUGINS_DIR", folder.path().to_str().unwrap())]).await;
    let admin = app.admin().await;
    let seen = admin.plugin("news").await;
    assert_eq!(
        (&seen["state"], &seen["origin"], &seen["revision"]),
        (&json!("available"), &json!("folder"), &json!(0))
    );
    let odd = admin.plugin("odd").await;
    assert_eq!(odd["state"], "broken");
    assert!(odd["trouble"].as_str().unwrap().starts_with("plugin.toml:1"), "{odd}");
    admin.post("/plugins/install", json!({ "id": "news" })).await.expect(201);
    let newer = plugin.manifest().replace("1.0.0", "1.3.0");
    std::fs::write(folder.path().join("news/plugin.toml"), newer).unwrap();
    assert_eq!(admin.plugin("news").await["update_available"], "1.3.0");
}

#[tokio::test]
async fn nobody_but_administrators_sees_plugins_or_changes_them() {
    let app = TestApp::new().await;
    app.admin().await.installs(&plain("news")).await.expect(201);
    for actor in [app.employee().await, app.manager().await] {
        actor.get("/plugins").await.refused(403, "not_allowed");
        actor.get("/plugins/news").await.refused(403, "not_allowed");
        actor.installs(&plain("mine")).await.refused(403, "not_allowed");
        actor.act("/plugins/news/enable", 1, json!({ "granted": [] })).await.refused(403, "not_allowed");
        actor.delete("/plugins/news", 1).await.refused(403, "not_allowed");
    }
    let count = kpi::entity::plugin::Entity::find().count(app.ctx.db.read()).await.unwrap();
    assert_eq!(count, 1);
}

#[tokio::test]
async fn settings_whose_kind_changes_are_settled_by_an_update() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let plugin = |version, settings: &[(&str, &str)]| {
        let settings = settings
            .iter()
            .map(|(key, rest)| format!("[[settings]]\nkey = \"{key}\"\nlabel = \"{key}\"\n{rest}\n"));
        Plugin::new("chat", &settings.collect::<String>(), "").version(version)
    };
    let first = plugin(
        "1.0.0",
        &[
            ("token", "type = \"secret\""),
            ("room", "type = \"text\""),
            ("count", "type = \"number\"\nrequired = true"),
            ("pace", "type = \"select\"\noptions = [\"slow\", \"fast\"]"),
            ("kept", "type = \"secret\""),
        ],
    );
    admin.installs(&first).await.expect(201);
    let values = json!({ "token": "hush-hush", "room": "attic-four", "count": 3, "pace": "fast", "kept": "as it was" });
    admin.sets("chat", values).await.expect(200);
    let second = plugin(
        "1.1.0",
        &[
            ("token", "type = \"text\""),
            ("room", "type = \"secret\""),
            ("count", "type = \"text\"\nrequired = true"),
            ("pace", "type = \"select\"\noptions = [\"slow\"]"),
            ("kept", "type = \"secret\""),
        ],
    );
    let updated = admin.installs(&second).await.expect(201);
    assert!(!updated.text().contains("hush-hush") && !updated.text().contains("attic-four"));
    assert_eq!(updated.json()["settings_missing"], json!(["count"]));
    let items = admin.get("/plugins/chat/settings").await.expect(200).items();
    let set: Vec<&str> = items
        .iter()
        .filter(|item| item["is_set"] == true)
        .map(|item| item["key"].as_str().unwrap())
        .collect();
    assert_eq!(set, ["room", "kept"]);
    let rows = plugin_setting::Entity::find().all(app.ctx.db.read()).await.unwrap();
    assert!(rows.iter().all(|row| row.is_sealed && !row.value.contains("attic")), "{rows:?}");
    let audited = audit::Entity::find().filter(audit::Column::Action.eq("plugin.update"));
    let audited = audited.one(app.ctx.db.read()).await.unwrap().unwrap();
    for key in ["token", "count", "pace"] {
        assert!(audited.detail.contains(&format!("\"{key}\"")), "{}", audited.detail);
    }
}

#[tokio::test]
async fn one_after_another_changes_the_files_of_plugins() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let files = app.ctx.fleet.files().await;
    let news = plain("news");
    let mut installing = std::pin::pin!(admin.installs(&news));
    let soon = std::time::Duration::from_millis(400);
    assert!(tokio::time::timeout(soon, &mut installing).await.is_err(), "it did not wait for its turn");
    assert!(!app.ctx.config.data_dir.join("plugins/news").exists());
    drop(files);
    installing.await.expect(201);
    let files = app.ctx.fleet.files().await;
    let mut going = std::pin::pin!(admin.delete("/plugins/news", 1));
    assert!(tokio::time::timeout(soon, &mut going).await.is_err(), "it did not wait for its turn");
    drop(files);
    going.await.expect(200);
}
