//! Reminders: who hears what when, once per interval; rules that fail; and that a rehearsal says what will happen.

use std::{collections::BTreeSet, sync::Arc, time::Instant};

use kpi::{
    entity::{outbox, rule, rule_version, user},
    platform::signals::Topic,
    reminders::{self, Limit},
    rules::trouble,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};
use serde_json::{Value, json};

use crate::support::{
    Response, TestApp,
    company::{ADMIN, COLLEAGUE, CONTROLLER, EMPLOYEE, MANAGER, OUTSIDER},
    kpis::kpi_in,
};

/// Whom a reminder went to, about which KPI, why.
type Told = (i64, i64, String);

impl TestApp {
    /// Runs the reminders at seven on a day, and says who was told.
    async fn reminded_on(&self, day: &str) -> Vec<Told> {
        let before = self.events("reminder.due").await.len();
        self.run_jobs_at(&format!("{day}T07:00:00Z")).await;
        let events = self.events("reminder.due").await;
        events[before..]
            .iter()
            .map(|said| {
                let id = |key: &str| said[key].as_i64().unwrap();
                (id("user_id"), id("kpi_id"), said["reason"].as_str().unwrap().to_owned())
            })
            .collect()
    }

    async fn events(&self, name: &str) -> Vec<Value> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::Event.eq(name))
            .order_by_asc(outbox::Column::Id)
            .all(self.ctx.db.read())
            .await
            .unwrap();
        rows.iter().map(|row| serde_json::from_str(&row.payload).unwrap()).collect()
    }

    /// A KPI of the employee in a state, made at the instant every test begins.
    async fn kpi(&self, status: &str) -> Response {
        kpi_in(status, &self.employee().await, &self.manager().await).await
    }

    /// Publishes a reminder rule for everybody, version after version.
    async fn publish(&self, name: &str, sources: &[&str]) {
        let db = self.ctx.db.writer();
        let rule = rule::ActiveModel {
            name: Set(name.into()),
            kind: Set("remind".into()),
            scope: Set("global".into()),
            scope_id: Set(0),
            published_version: Set(sources.len() as i64),
            created_at: Set(0),
            ..Default::default()
        };
        let rule = rule.insert(db).await.unwrap();
        for (number, source) in (1..).zip(sources) {
            let version = rule_version::ActiveModel {
                rule_id: Set(rule.id),
                version: Set(number),
                source: Set((*source).into()),
                tests: Set(String::new()),
                checksum: Set(kpi_engine::checksum(source)),
                engine: Set(kpi_engine::ENGINE_VERSION.into()),
                note: Set(String::new()),
                created_at: Set(0),
                ..Default::default()
            };
            version.insert(db).await.unwrap();
        }
        self.ctx.signals.changed(Topic::Rules);
    }

    /// Takes the shipped reminders away, so that a test has the floor for itself.
    async fn silence_the_standard(&self) {
        let db = self.ctx.db.writer();
        let standard = rule::Entity::find().filter(rule::Column::Name.eq("remind/standard"));
        let standard = standard.one(db).await.unwrap().unwrap();
        rule_version::Entity::update_many()
            .col_expr(rule_version::Column::Source, Expr::value("fn remind(kpi, ctx) { [] }"))
            .filter(rule_version::Column::RuleId.eq(standard.id))
            .exec(db)
            .await
            .unwrap();
        self.ctx.signals.changed(Topic::Rules);
    }

    async fn rehearsed(&self, days: u16) -> Vec<(String, Told)> {
        let path = format!("/jobs/reminders/rehearsal?days={days}");
        let rehearsal = self.admin().await.get(&path).await.expect(200).json();
        assert_eq!(rehearsal["total"].as_u64(), rehearsal["items"].as_array().map(|all| all.len() as u64));
        assert_eq!(rehearsal["troubles"], json!([]));
        let item = |item: &Value| {
            let id = |key: &str| item[key]["id"].as_i64().unwrap();
            let reason = item["reason"].as_str().unwrap().to_owned();
            (item["on"].as_str().unwrap().to_owned(), (id("user"), id("kpi"), reason))
        };
        rehearsal["items"].as_array().unwrap().iter().map(item).collect()
    }
}

fn told(user: i64, kpi: &Response, reason: &str) -> Told {
    (user, kpi.id(), reason.into())
}

#[tokio::test]
async fn an_owner_hears_of_a_late_check_in_once_a_week() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    let kpi = app.kpi("approved").await;
    // Approved on 16 February, every 14 days.
    assert_eq!(app.reminded_on("2026-03-02").await, []);
    assert_eq!(app.reminded_on("2026-03-03").await, [told(EMPLOYEE, &kpi, "check_in")]);
    let said = &app.events("reminder.due").await[0];
    assert_eq!(said["title"]["text"], "Units sold waits for its first value");
    assert_eq!(said["text"]["pattern"], "It was agreed {days} days ago, and there is no value yet.");
    assert_eq!((&said["text"]["values"]["days"], &said["kpi_title"]), (&json!("15"), &json!("Units sold")));
    for day in 4..10 {
        assert_eq!(app.reminded_on(&format!("2026-03-{day:02}")).await, [], "{day}");
    }
    assert_eq!(app.reminded_on("2026-03-10").await, [told(EMPLOYEE, &kpi, "check_in")]);
    // By hand on the same day, nobody hears it again.
    app.clock.set("2026-03-10T12:00:00Z".parse().unwrap());
    app.admin().await.request("POST", "/jobs/reminders/run").send().await.expect(202);
    app.run_jobs().await;
    assert_eq!(app.events("reminder.due").await.len(), 2);
    // A value quiets it.
    app.employee().await.records(&app.employee().await.sees(&kpi).await, 20.0).await.expect(201);
    assert_eq!(app.reminded_on("2026-03-17").await, []);
}

#[tokio::test]
async fn who_decides_hears_of_what_has_waited_and_a_delegate_in_their_place() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    let kpi = app.kpi("submitted").await;
    assert_eq!(app.reminded_on("2026-02-19").await, []);
    assert_eq!(app.reminded_on("2026-02-20").await, [told(MANAGER, &kpi, "decision")]);
    assert_eq!(app.reminded_on("2026-02-22").await, []);
    assert_eq!(app.reminded_on("2026-02-23").await, [told(MANAGER, &kpi, "decision")]);
    let away = json!({ "delegate_id": CONTROLLER, "from": "2026-02-24", "to": "2026-02-27" });
    app.manager().await.post("/delegations", away).await.expect(201);
    assert_eq!(app.reminded_on("2026-02-24").await, [told(CONTROLLER, &kpi, "decision")]);
    assert_eq!(app.reminded_on("2026-02-27").await, [told(CONTROLLER, &kpi, "decision")]);
    assert_eq!(app.reminded_on("2026-02-28").await, [told(MANAGER, &kpi, "decision")]);
}

#[tokio::test]
async fn what_was_sent_back_and_left_alone_is_said_with_its_reason() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    let kpi = app.kpi("rejected").await;
    assert_eq!(app.reminded_on("2026-02-18").await, []);
    assert_eq!(app.reminded_on("2026-02-19").await, [told(EMPLOYEE, &kpi, "sent_back")]);
    assert_eq!(
        app.events("reminder.due").await[0]["text"]["text"],
        "Nothing has changed for 3 days. The reason given: because"
    );
}

#[tokio::test]
async fn nobody_inactive_and_nobody_who_may_not_see_it_is_told() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    app.silence_the_standard().await;
    let kpi = app.kpi("approved").await;
    let everybody: Vec<String> = (1..=7).map(|id| format!("remind({id}, \"Look\", \"Look.\")")).collect();
    app.publish("remind/everybody", &[&format!("fn remind(kpi, ctx) {{ [{}] }}", everybody.join(", "))])
        .await;
    let users: BTreeSet<i64> = app.reminded_on("2026-02-17").await.into_iter().map(|told| told.0).collect();
    assert_eq!(users, BTreeSet::from([ADMIN, 2, MANAGER, EMPLOYEE]));
    assert!(!users.contains(&COLLEAGUE) && !users.contains(&OUTSIDER));

    user::Entity::update_many()
        .col_expr(user::Column::IsActive, Expr::value(false))
        .filter(user::Column::Id.eq(EMPLOYEE))
        .exec(app.ctx.db.writer())
        .await
        .unwrap();
    app.ctx.signals.changed(Topic::People);
    let users: Vec<i64> = app.reminded_on("2026-02-24").await.into_iter().map(|told| told.0).collect();
    assert_eq!(users, [ADMIN, 2, MANAGER]);
    assert_eq!(app.events("reminder.due").await[0]["kpi_id"], kpi.id());
}

#[tokio::test]
async fn a_broken_rule_falls_back_and_stops_no_other() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    app.silence_the_standard().await;
    app.kpi("approved").await;
    let good =
        "fn remind(kpi, ctx) { [remind(\"owner\", \"Good\", \"Still here.\", #{}, #{ reason: \"good\" })] }";
    let broken = "fn remind(kpi, ctx) { throw \"no\" }";
    app.publish("remind/fallen_back", &[good, broken]).await;
    app.publish("remind/without_any", &[broken]).await;
    app.publish("remind/does_not_compile", &["fn remind(kpi, ctx) {"]).await;
    let other =
        "fn remind(kpi, ctx) { [remind(\"owner\", \"Other\", \"Here too.\", #{}, #{ reason: \"other\" })] }";
    app.publish("remind/other", &[other]).await;

    let reasons: Vec<String> =
        app.reminded_on("2026-02-17").await.into_iter().map(|(_, _, reason)| reason).collect();
    assert_eq!(reasons, ["good", "other"]);
    assert_eq!(app.runs("reminders").await[0].2, "failed");
    trouble::tell(&app.ctx).await.unwrap();
    let failed: BTreeSet<(String, i64)> = app
        .events("rule.failed")
        .await
        .iter()
        .map(|said| (said["name"].as_str().unwrap().to_owned(), said["version"].as_i64().unwrap()))
        .collect();
    let expected = [("remind/does_not_compile", 1), ("remind/fallen_back", 2), ("remind/without_any", 1)];
    assert_eq!(failed, expected.map(|(name, version)| (name.to_owned(), version)).into());

    let rehearsal = app.admin().await.get("/jobs/reminders/rehearsal?days=7").await.expect(200).json();
    assert_eq!(rehearsal["troubles"].as_array().unwrap().len(), 3);
    assert_eq!(rehearsal["total"], 2);
}

#[tokio::test]
async fn a_rule_that_fails_everywhere_is_not_asked_a_thousand_times() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    app.silence_the_standard().await;
    let employee = app.employee().await;
    for number in 0..12 {
        employee.draft(&format!("KPI {number}")).await;
    }
    // Loops until its limit, which costs time for each KPI that it is asked about.
    app.publish("remind/endless", &["fn remind(kpi, ctx) { let n = 0; while true { n += 1; } [] }"]).await;
    let began = std::time::Instant::now();
    app.run_jobs_at("2026-02-17T07:00:00Z").await;
    let first = began.elapsed();
    trouble::tell(&app.ctx).await.unwrap();
    assert_eq!(app.events("rule.failed").await.len(), 1);
    assert_eq!(app.runs("reminders").await[0].2, "failed");
    assert!(first.as_secs() < 10, "{first:?}");
}

#[tokio::test]
async fn a_rehearsal_says_what_then_happens_and_writes_nothing() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    for state in ["draft", "submitted", "approved", "rejected", "in_review", "closed"] {
        kpi_in(state, &employee, &manager).await;
    }
    let weekly = json!({ "title": "Calls", "year": 2026, "quarter": "Q1", "target": 5 });
    let colleague = app.colleague().await;
    let calls = colleague.post("/kpis", weekly).await.expect(201);
    let calls = colleague.does("submit", &calls).await.expect(200);
    let calls = manager.does("approve", &calls).await.expect(200);
    colleague.records(&calls, 2.0).await.expect(201);
    let away = json!({ "delegate_id": CONTROLLER, "from": "2026-02-25", "to": "2026-03-09" });
    manager.post("/delegations", away).await.expect(201);
    // Some have been told before the rehearsal.
    let before = app.reminded_on("2026-02-20").await;
    assert!(!before.is_empty());

    const DAYS: u16 = 60;
    let rehearsed = app.rehearsed(DAYS).await;
    assert_eq!(rehearsed, app.rehearsed(DAYS).await, "a rehearsal leaves no trace");
    let days: BTreeSet<&str> = rehearsed.iter().map(|(on, _)| on.as_str()).collect();
    assert!(days.len() > 10 && rehearsed.len() > 20, "{rehearsed:?}");

    let mut happened = Vec::new();
    let mut day = time::macros::date!(2026 - 02 - 20);
    for _ in 0..DAYS {
        day = day.next_day().unwrap();
        let mut told = app.reminded_on(&day.to_string()).await;
        told.sort();
        happened.extend(told.into_iter().map(|told| (day.to_string(), told)));
    }
    let mut rehearsed = rehearsed;
    rehearsed.sort();
    assert_eq!(rehearsed, happened);
}

#[tokio::test]
async fn a_rehearsal_begins_with_the_next_round() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    let kpi = app.kpi("submitted").await;
    app.clock.set("2026-02-20T06:00:00Z".parse().unwrap());
    let today = ("2026-02-20".to_owned(), told(MANAGER, &kpi, "decision"));
    assert_eq!(app.rehearsed(1).await, [today]);
    app.reminded_on("2026-02-20").await;
    assert_eq!(app.rehearsed(2).await, []);
    let next = ("2026-02-23".to_owned(), told(MANAGER, &kpi, "decision"));
    assert_eq!(app.rehearsed(3).await, [next]);
}

#[tokio::test]
async fn a_rehearsal_ends_in_time_and_says_what_it_left_out() {
    let app = TestApp::new().await;
    app.kpi("submitted").await;
    let place = Arc::new(app.ctx.jobs.rehearsing().acquire_owned().await.unwrap());
    let limit = Limit { until: Instant::now(), place };
    let days = [time::macros::date!(2026 - 02 - 20)];
    let rehearsal = reminders::rehearse(&app.ctx, &days, limit).await.unwrap();
    assert_eq!(rehearsal.total, 0);
    assert_eq!(rehearsal.troubles, ["The rules take too long: 0 of 1 open KPIs were looked at."]);
    assert_eq!(app.ctx.jobs.rehearsing().available_permits(), 1);
}
