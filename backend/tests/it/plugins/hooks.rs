//! What plugins are told: at least once, in order, later, and never in anybody's request.

use kpi::{
    auth::setup,
    entity::{audit, plugin, plugin_delivery, plugin_setting, plugin_store},
    platform::{db::work::By, secret::Secret},
    plugins::service::{self, Source},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};

use super::{Answer, Plugin, Receiver};
use crate::support::{
    TestApp,
    company::{EMPLOYEE, MANAGER},
    kpis::kpi_in,
};

/// Posts the names of its events.
fn poster() -> Plugin {
    Plugin::new(
        "poster",
        "[permissions]\nhttp = [\"setting:url\"]\n\
         [[settings]]\nkey = \"url\"\ntype = \"url\"\nlabel = \"Address\"\n\
         [[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n\
         [[hooks]]\nevent = \"kpi.submitted\"\nfunction = \"heard\"\n\
         [[hooks]]\nevent = \"kpi.approved\"\nfunction = \"heard\"\n",
        "fn heard(event) {\n    let answer = http_post(setting(\"url\"), #{}, #{ event: event.name, kpi: event.kpi.id });\n    if !answer.ok { throw \"it answered \" + answer.status; }\n}",
    )
}

async fn posting(app: &TestApp) -> Receiver {
    let receiver = Receiver::open().await;
    let admin = app.admin().await;
    admin.allows_private_addresses().await;
    admin.installs(&poster()).await.expect(201);
    admin.sets("poster", json!({ "url": receiver.url })).await.expect(200);
    admin.enables("poster").await.expect(200);
    receiver
}

fn names(receiver: &Receiver) -> Vec<(String, i64)> {
    let read = |body: &String| {
        let body: Value = serde_json::from_str(body).unwrap();
        (body["event"].as_str().unwrap().to_owned(), body["kpi"].as_i64().unwrap())
    };
    receiver.bodies().iter().map(read).collect()
}

async fn waiting(app: &TestApp) -> u64 {
    plugin_delivery::Entity::find()
        .filter(plugin_delivery::Column::State.eq("waiting"))
        .count(app.ctx.db.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn events_reach_a_plugin_in_order_and_after_the_commit() {
    let app = TestApp::new().await;
    let receiver = posting(&app).await;
    let kpi = kpi_in("approved", &app.employee().await, &app.manager().await).await;
    assert_eq!(names(&receiver), [], "nothing is sent in a request");
    assert_eq!(app.tells_plugins().await, 3);
    let id = kpi.id();
    let expected = ["kpi.created", "kpi.submitted", "kpi.approved"].map(|name| (name.to_owned(), id));
    assert_eq!(names(&receiver), expected);
    assert_eq!((waiting(&app).await, app.tells_plugins().await), (0, 0));
    let health = app.admin().await.plugin("poster").await["health"].clone();
    assert_eq!(
        (&health["calls"], &health["failures"], &health["waiting"]),
        (&json!(3), &json!(0), &json!(0))
    );
}

#[tokio::test]
async fn what_fails_is_told_again_and_keeps_its_place() {
    let app = TestApp::new().await;
    let receiver = posting(&app).await;
    receiver.answers(Answer::Status(500));
    let owner = app.employee().await;
    let kpi = owner.draft("Visits").await;
    owner.does("submit", &kpi).await.expect(200);
    assert_eq!(app.tells_plugins().await, 1);
    assert_eq!(app.tells_plugins().await, 1, "eleven seconds later, and the first one alone");
    assert_eq!(names(&receiver), vec![("kpi.created".to_owned(), kpi.id()); 2]);
    let admin = app.admin().await;
    let health = admin.plugin("poster").await["health"].clone();
    assert_eq!((&health["failures_in_a_row"], &health["waiting"]), (&json!(2), &json!(2)));
    assert!(health["last_error"].as_str().unwrap().contains("it answered 500"), "{health}");
    let (level, text) = &admin.plugin_log("poster").await[0];
    assert_eq!(level, "error");
    assert!(text.contains("it answered 500"), "{text}");

    receiver.answers(Answer::Status(204));
    assert_eq!(app.tells_plugins().await, 2);
    let told: Vec<String> = names(&receiver).into_iter().map(|(name, _)| name).collect();
    assert_eq!(told, ["kpi.created", "kpi.created", "kpi.created", "kpi.submitted"]);
    assert_eq!(admin.plugin("poster").await["health"]["failures_in_a_row"], 0);
}

#[tokio::test]
async fn a_delivery_that_was_cut_off_is_told_again_by_the_next_server() {
    let app = TestApp::new().await;
    let receiver = posting(&app).await;
    receiver.answers(Answer::Nothing);
    app.employee().await.draft("Visits").await;
    app.all_news().await;
    let ctx = app.ctx.clone();
    let calling = tokio::spawn(async move { kpi::plugins::hooks::work_off(&ctx).await });
    receiver.heard().await;
    // The other server has it; here nobody wrote that down.
    calling.abort();
    assert!(calling.await.unwrap_err().is_cancelled());
    assert_eq!(waiting(&app).await, 1);
    receiver.answers(Answer::Status(200));
    let again = app.again().await;
    assert_eq!(kpi::plugins::hooks::work_off(&again.ctx).await.unwrap(), 1);
    assert_eq!((names(&receiver).len(), waiting(&again).await), (2, 0));
}

#[tokio::test]
async fn a_call_that_fails_leaves_nothing_behind() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let script = "fn heard(event) {\n    notify(event.kpi.owner.id, \"Hello\", \"World\", \"/kpis/\" + event.kpi.id);\n    store_set(\"seen\", event.kpi.title);\n    if event.kpi.title == \"Bad\" { throw \"no\"; }\n}";
    let manifest = "[permissions]\nnotify = true\nstore = true\n[[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n";
    admin.runs_plugin(&Plugin::new("greeter", manifest, script)).await;
    let owner = app.employee().await;
    owner.draft("Bad").await;
    app.tells_plugins().await;
    app.all_news().await;
    let told = async || {
        let all = owner.get("/notifications").await.expect(200).items();
        all.into_iter().filter(|notice| notice["kind"] == "plugin").collect::<Vec<_>>()
    };
    assert_eq!(told().await.len(), 0);
    assert_eq!(plugin_store::Entity::find().count(app.ctx.db.read()).await.unwrap(), 0);

    let good = owner.draft("Good").await;
    // The one that failed goes first, and then behind the other.
    for _ in 0..2 {
        app.tells_plugins().await;
    }
    app.all_news().await;
    let told = told().await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["data"]["title"]["text"], &told[0]["data"]["name"]),
        (&json!("Hello"), &json!("Test plugin"))
    );
    assert_eq!(told[0]["link"], format!("/kpis/{}", good.id()));
    let kept = plugin_store::Entity::find().one(app.ctx.db.read()).await.unwrap().unwrap();
    assert_eq!((kept.key.as_str(), kept.value.as_str()), ("seen", "\"Good\""));
}

#[tokio::test]
async fn an_event_that_never_goes_well_is_given_up_and_keeps_nobody_waiting() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let manifest = "[[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n\
        [[hooks]]\nevent = \"comment.created\"\nfunction = \"heard\"\n";
    let script = "fn heard(event) { if event.kpi.title == \"Bad\" { throw \"never\" } log(event.text) }";
    admin.runs_plugin(&Plugin::new("picky", manifest, script)).await;
    let owner = app.employee().await;
    owner.draft("Bad").await;
    let good = owner.draft("Good").await;
    for round in 0..10 {
        let comment = json!({ "body": format!("Round {round}") });
        owner.post(&format!("/kpis/{}/comments", good.id()), comment).await.expect(201);
        app.tells_plugins().await;
        app.clock.set(app.clock.now().plus_seconds(300));
        app.tells_plugins().await;
        let said = admin.plugin_log("picky").await;
        assert!(said.iter().any(|(_, text)| *text == format!("Round {round}")), "{said:?}");
    }
    let failed = plugin_delivery::Entity::find().all(app.ctx.db.read()).await.unwrap();
    assert_eq!(failed.len(), 1);
    assert_eq!((failed[0].state.as_str(), failed[0].attempts), ("failed", 10));
    let view = admin.plugin("picky").await;
    assert_eq!((&view["state"], &view["health"]["given_up"]), (&json!("enabled"), &json!(1)));
}

#[tokio::test]
async fn who_keeps_failing_is_switched_off_and_administrators_are_told() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let manifest = "[[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n";
    admin.runs_plugin(&Plugin::new("wrong", manifest, "fn heard(event) { throw \"no\" }")).await;
    let owner = app.employee().await;
    for title in ["One", "Two", "Three"] {
        owner.draft(title).await;
    }
    let mut calls = 0;
    for _ in 0..40 {
        app.clock.set(app.clock.now().plus_seconds(300));
        calls += app.tells_plugins().await;
    }
    assert_eq!(calls, 10);
    let view = admin.plugin("wrong").await;
    assert_eq!(view["state"], "switched_off");
    assert!(view["trouble"].as_str().unwrap().contains("no"), "{view}");
    assert_eq!(waiting(&app).await, 0);
    app.all_news().await;
    let told = admin.get("/notifications").await.expect(200).items();
    let told: Vec<&Value> = told.iter().filter(|notice| notice["kind"] == "plugin_trouble").collect();
    assert_eq!((told.len(), &told[0]["link"]), (1, &json!("/admin/plugins/wrong")));
    owner.draft("Four").await;
    assert_eq!(app.tells_plugins().await, 0);
    admin.enables("wrong").await.expect(200);
    let row = plugin::Entity::find().one(app.ctx.db.read()).await.unwrap().unwrap();
    assert_eq!((row.state.as_str(), row.failures_in_a_row), ("enabled", 0));
}

#[tokio::test]
async fn people_are_told_of_to_those_who_may_read_them() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let hook = "[[hooks]]\nevent = \"kpi.approved\"\nfunction = \"heard\"\n";
    let script =
        "fn heard(event) { log(event.actor.name + \"|\" + event.actor.department + \"|\" + event.link) }";
    admin.runs_plugin(&Plugin::new("blind", hook, script)).await;
    let seeing = format!("[permissions]\nread = [\"users\"]\n{hook}");
    admin.runs_plugin(&Plugin::new("seeing", &seeing, script)).await;
    let kpi = kpi_in("approved", &app.employee().await, &app.manager().await).await;
    app.tells_plugins().await;
    let directory = app.ctx.directory().await.unwrap();
    let (name, link) = (directory.name(MANAGER.into()), format!("https://kpi.example.com/kpis/{}", kpi.id()));
    assert_eq!(admin.plugin_log("blind").await[0].1, format!("{name}||{link}"));
    let seen = &admin.plugin_log("seeing").await[0].1;
    assert!(seen.starts_with(&format!("{name}|Sales|")), "{seen}");
    assert!(!seen.contains('@'));
}

#[tokio::test]
async fn kpis_and_people_are_found_by_filter() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let manifest = "[permissions]\nread = [\"kpis\", \"users\"]\n[[hooks]]\nevent = \"kpi.approved\"\nfunction = \"heard\"\n";
    let script = "fn heard(event) {\n    let own = kpis(#{ owner: event.kpi.owner.id, status: [\"approved\", \"draft\"] });\n    let team = users(#{ manager_id: event.actor.id });\n    log(`${own.len()} ${team[0].id}`);\n}";
    admin.runs_plugin(&Plugin::new("finder", manifest, script)).await;
    let owner = app.employee().await;
    owner.draft("Another").await;
    kpi_in("approved", &owner, &app.manager().await).await;
    app.tells_plugins().await;
    let log = admin.plugin_log("finder").await;
    assert_eq!(log[0].1, format!("2 {EMPLOYEE}"));
}

#[tokio::test]
async fn owners_of_kpis_are_people_too() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let hook = "[[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n";
    let script =
        "fn heard(event) { let owner = kpis()[0].owner; log(owner.name + \"|\" + owner.department) }";
    for (id, read) in [("blind", "\"kpis\""), ("seeing", "\"kpis\", \"users\"")] {
        let manifest = format!("[permissions]\nread = [{read}]\n{hook}");
        admin.runs_plugin(&Plugin::new(id, &manifest, script)).await;
    }
    app.employee().await.draft("Visits").await;
    app.tells_plugins().await;
    let name = app.ctx.directory().await.unwrap().name(EMPLOYEE.into());
    assert_eq!(admin.plugin_log("blind").await[0].1, format!("{name}|"));
    assert_eq!(admin.plugin_log("seeing").await[0].1, format!("{name}|Sales"));
}

#[tokio::test]
async fn a_hook_is_tried_with_an_example() {
    let app = TestApp::new().await;
    let receiver = posting(&app).await;
    kpi_in("approved", &app.employee().await, &app.manager().await).await;
    let admin = app.admin().await;
    let tested =
        admin.post("/plugins/poster/test", json!({ "event": "kpi.approved" })).await.expect(200).json();
    assert_eq!((&tested["function"], &tested["error"]), (&json!("heard"), &Value::Null));
    assert_eq!(names(&receiver)[0].0, "kpi.approved");
    receiver.answers(Answer::Status(404));
    let tested =
        admin.post("/plugins/poster/test", json!({ "event": "kpi.approved" })).await.expect(200).json();
    assert_eq!((&tested["error"]["code"], &tested["error"]["line"]), (&json!("threw"), &json!(3)));
    admin.post("/plugins/poster/test", json!({ "event": "kpi.closed" })).await.invalid("event unknown_value");
}

#[tokio::test]
async fn tests_of_hooks_are_audited_and_need_a_plugin_that_runs() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let manifest = "[[settings]]\nkey = \"token\"\ntype = \"secret\"\nlabel = \"Token\"\n\
        [[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n";
    let script = "fn heard(event) { #{ token: [setting(\"token\")], text: \"with \" + setting(\"token\") } }";
    admin.runs_plugin(&Plugin::new("chat", manifest, script)).await;
    admin.sets("chat", json!({ "token": "hush-hush" })).await.expect(200);
    let test = async || admin.post("/plugins/chat/test", json!({ "event": "kpi.created" })).await;
    let tested = test().await.expect(200);
    assert!(!tested.text().contains("hush"), "{}", tested.text());
    assert_eq!(tested.json()["result"], json!({ "token": ["•••"], "text": "with •••" }));
    let audited = async || {
        let rows = audit::Entity::find().filter(audit::Column::Action.eq("plugin.test"));
        rows.all(app.ctx.db.read()).await.unwrap()
    };
    let rows = audited().await;
    assert_eq!(rows.len(), 1);
    assert!(rows[0].user_id.is_some() && rows[0].detail.contains("\"heard\""), "{}", rows[0].detail);
    admin.disables("chat").await.expect(200);
    test().await.refused(409, "plugin_state");
    assert_eq!(audited().await.len(), 1);
}

#[tokio::test]
async fn a_secret_that_cannot_be_read_is_a_failure_that_is_told() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let manifest = "[[settings]]\nkey = \"token\"\ntype = \"secret\"\nlabel = \"Token\"\n\
        [[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n";
    admin.runs_plugin(&Plugin::new("chat", manifest, "fn heard(event) { log(\"heard\") }")).await;
    admin.sets("chat", json!({ "token": "hush-hush" })).await.expect(200);
    // As after a restore without the server's own key.
    let sealed = plugin_setting::Entity::update_many().col_expr(
        plugin_setting::Column::Value,
        Expr::value("c2VhbGVkIHdpdGggYW5vdGhlciBrZXkgYWx0b2dldGhlcg"),
    );
    sealed.exec(app.ctx.db.writer()).await.unwrap();
    app.employee().await.draft("Visits").await;
    assert_eq!(app.tells_plugins().await, 1);
    let log = admin.plugin_log("chat").await;
    assert!(log[0].0 == "error" && log[0].1.contains("`token` cannot be read"), "{log:?}");
    assert_eq!(admin.plugin("chat").await["health"]["failures_in_a_row"], 1);
    // Entered anew, it goes on.
    admin.sets("chat", json!({ "token": "hush-hush" })).await.expect(200);
    let tested = admin.post("/plugins/chat/test", json!({ "event": "kpi.created" })).await.expect(200);
    assert_eq!(tested.json()["error"], Value::Null);
}

#[tokio::test]
async fn administrators_made_by_the_link_or_on_the_command_line_are_told_of_too() {
    let app = TestApp::bare().await;
    let manifest =
        "[permissions]\nread = [\"users\"]\n[[hooks]]\nevent = \"user.created\"\nfunction = \"heard\"\n";
    let script =
        "fn heard(event) { log(`${event.user.name} ${event.user.role} ${event.link} ${event.actor == ()}`) }";
    let plugin = Plugin::new("welcome", manifest, script);
    let by = || By::system("command line");
    service::install(&app.ctx, by(), Source::Zip(plugin.archive()), "en").await.unwrap();
    service::enable(&app.ctx, by(), "welcome", None, None, "en").await.unwrap();

    let link = setup::ensure_token(&app.ctx).await.unwrap().unwrap();
    let first = json!({
        "token": link.reveal().split_once("#token=").unwrap().1,
        "email": "first@firma.example",
        "username": "first",
        "full_name": "First Admin",
        "password": "violet-meadow-12",
    });
    let first =
        app.anonymous().post("/setup", first).await.expect(201).json()["user"]["id"].as_i64().unwrap();
    let second = setup::NewAdmin {
        email: "second@firma.example".into(),
        username: "second".into(),
        full_name: "Second Admin".into(),
        password: Secret::new("violet-meadow-12"),
    };
    let second = setup::create_admin(&app.ctx, second).await.unwrap();
    assert_eq!(app.tells_plugins().await, 2);
    let log = app.logged_in(first).await.plugin_log("welcome").await;
    let said: Vec<&str> = log.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(
        said,
        [
            format!("Second Admin admin https://kpi.example.com/admin/people/{second} true"),
            format!("First Admin admin https://kpi.example.com/admin/people/{first} true"),
        ]
    );
}
