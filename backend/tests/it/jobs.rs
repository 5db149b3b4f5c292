//! The jobs: their times, their runs, asking for one, and what is made up for.

use kpi::{
    entity::{audit, idempotency_key, job_run, notification, outbox, password_reset, reminder, session},
    jobs::runs,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder,
};
use serde_json::{Value, json};

use crate::support::{Actor, TestApp, company};

impl TestApp {
    /// Lets everything run that is due.
    pub async fn run_jobs(&self) {
        runs::run_due(&self.ctx).await.unwrap();
    }

    /// Sets the clock and lets everything run that is due then.
    pub async fn run_jobs_at(&self, at: &str) {
        self.clock.set(at.parse().unwrap());
        self.run_jobs().await;
    }

    /// The runs of a job, oldest first: what for, why, and how it ended.
    pub async fn runs(&self, job: &str) -> Vec<(String, String, String)> {
        let rows = job_run::Entity::find()
            .filter(job_run::Column::Job.eq(job))
            .order_by_asc(job_run::Column::Id)
            .all(self.ctx.db.read())
            .await
            .unwrap();
        let at = |ms| kpi_api::time::Timestamp(ms).to_string().replace(":00.000Z", "");
        rows.into_iter().map(|row| (at(row.scheduled_for), row.cause, row.state)).collect()
    }
}

fn run(at: &str, cause: &str, state: &str) -> (String, String, String) {
    (at.into(), cause.into(), state.into())
}

async fn listed(admin: &Actor, name: &str) -> Value {
    let list = admin.get("/jobs").await.expect(200);
    list.items().iter().find(|job| job["name"] == name).unwrap().clone()
}

#[tokio::test]
async fn every_job_is_listed_with_its_times_before_it_ever_ran() {
    let app = TestApp::new().await;
    let job = listed(&app.admin().await, "reminders").await;
    assert_eq!((&job["schedule"], &job["zone"]), (&json!("0 7 * * *"), &json!("UTC")));
    assert_eq!(job["next_run"], "2026-02-17T07:00:00.000Z");
    assert_eq!((&job["running"], &job["last_run"]), (&json!(false), &Value::Null));
    assert!(!job["description"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn a_job_runs_at_its_time_and_once() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    assert_eq!(app.runs("clean_up").await, []);
    app.run_jobs_at("2026-02-17T03:09:59Z").await;
    assert_eq!(app.runs("clean_up").await, []);
    for at in ["2026-02-17T03:10:00Z", "2026-02-17T03:10:30Z", "2026-02-17T09:00:00Z"] {
        app.run_jobs_at(at).await;
        assert_eq!(app.runs("clean_up").await, [run("2026-02-17T03:10", "schedule", "done")], "{at}");
    }
    let job = listed(&app.admin().await, "clean_up").await;
    assert_eq!(job["next_run"], "2026-02-18T03:10:00.000Z");
    assert_eq!(job["last_run"]["state"], "done");
    assert_eq!(job["last_run"]["took_ms"], 0);
    assert!(job["last_run"]["result"]["text"].as_str().unwrap().starts_with("Removed: 0 notifications"));
}

#[tokio::test]
async fn the_hour_that_spring_leaves_out_and_the_one_autumn_repeats_run_once() {
    let app = TestApp::configured(&[("TZ_NAME", "Europe/Berlin")]).await;
    let admin = app.admin().await;
    admin.patch("/settings", 1, json!({ "jobs.night_hour": 2 })).await.expect(200);
    app.run_jobs().await;
    let minutes = async |from: &str| {
        let from: kpi_api::time::Timestamp = from.parse().unwrap();
        for quarter in 0..14 {
            app.clock.set(from.plus_seconds(quarter * 15 * 60));
            app.run_jobs().await;
        }
    };
    // The day before, so that nothing is made up for.
    app.run_jobs_at("2026-03-28T01:30:00Z").await;
    minutes("2026-03-29T00:00:00Z").await;
    assert_eq!(app.runs("audit_check").await[1..], [run("2026-03-29T01:00", "schedule", "done")]);
    app.run_jobs_at("2026-10-24T00:30:00Z").await;
    minutes("2026-10-24T23:30:00Z").await;
    let autumn = [run("2026-10-24T00:30", "schedule", "done"), run("2026-10-25T00:30", "schedule", "done")];
    // Those of spring have been cleaned up.
    assert_eq!(app.runs("audit_check").await, autumn);
    assert_eq!(listed(&admin, "audit_check").await["next_run"], "2026-10-26T01:30:00.000Z");
}

#[tokio::test]
async fn a_downtime_is_made_up_for_once() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    app.run_jobs_at("2026-02-17T03:10:00Z").await;
    // Down for a week.
    app.run_jobs_at("2026-02-24T11:00:00Z").await;
    app.run_jobs_at("2026-02-24T11:01:00Z").await;
    let expected = [run("2026-02-17T03:10", "schedule", "done"), run("2026-02-24T03:10", "catch_up", "done")];
    assert_eq!(app.runs("clean_up").await, expected);
}

#[tokio::test]
async fn a_time_that_was_moved_into_the_past_waits_for_tomorrow() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    let admin = app.admin().await;
    admin.patch("/settings", 1, json!({ "jobs.reminders_hour": 8 })).await.expect(200);
    app.run_jobs_at("2026-02-16T09:05:00Z").await;
    assert_eq!(app.runs("reminders").await, []);
    app.run_jobs_at("2026-02-17T08:00:00Z").await;
    assert_eq!(app.runs("reminders").await, [run("2026-02-17T08:00", "schedule", "done")]);
}

#[tokio::test]
async fn a_run_by_hand_is_accepted_and_a_second_one_waits() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let begun = admin.request("POST", "/jobs/clean_up/run").key("once").send().await.expect(202).json();
    assert_eq!((&begun["state"], &begun["cause"]), (&json!("running"), &json!("hand")));
    assert_eq!(begun["by"]["full_name"], "Ada Admin");
    assert_eq!(listed(&admin, "clean_up").await["running"], true);
    admin.request("POST", "/jobs/clean_up/run").send().await.refused(409, "job_running");
    let again = admin.request("POST", "/jobs/clean_up/run").key("once").send().await.expect(202).json();
    assert_eq!(again["id"], begun["id"]);

    app.run_jobs().await;
    let job = listed(&admin, "clean_up").await;
    assert_eq!((&job["running"], &job["last_run"]["state"]), (&json!(false), &json!("done")));
    let runs = admin.get("/jobs/clean_up/runs?per_page=10").await.expect(200).json();
    assert_eq!((&runs["total"], &runs["items"][0]["id"]), (&json!(1), &begun["id"]));
    let audited = audit::Entity::find().filter(audit::Column::Action.eq("job.run"));
    assert_eq!(audited.count(app.ctx.db.read()).await.unwrap(), 1);
    // What is due by schedule is so all the same.
    app.run_jobs_at("2026-02-17T03:10:00Z").await;
    assert_eq!(app.runs("clean_up").await.len(), 2);
}

#[tokio::test]
async fn a_job_that_is_running_does_not_begin_again_when_its_time_comes() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    let admin = app.admin().await;
    admin.request("POST", "/jobs/clean_up/run").send().await.expect(202);
    app.clock.set("2026-02-17T03:10:00Z".parse().unwrap());
    let begun = runs::begin_due(&app.ctx).await.unwrap();
    let names: Vec<&str> = begun.iter().map(|begun| begun.job.name()).collect();
    assert_eq!(names, ["clean_up"], "only the one that was asked for");
    for begun in begun {
        runs::carry_out(&app.ctx, begun).await;
    }
    app.run_jobs().await;
    let states: Vec<String> = app.runs("clean_up").await.into_iter().map(|run| run.1).collect();
    assert_eq!(states, ["hand", "schedule"]);
}

#[tokio::test]
async fn what_a_killed_process_left_running_is_interrupted_and_made_up_for_once() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    app.clock.set("2026-02-17T03:10:00Z".parse().unwrap());
    // Begun, and nobody at work on it any more.
    drop(runs::begin_due(&app.ctx).await.unwrap());
    assert_eq!(app.runs("clean_up").await, [run("2026-02-17T03:10", "schedule", "running")]);
    app.clock.set("2026-02-17T03:20:00Z".parse().unwrap());
    drop(runs::begin_due(&app.ctx).await.unwrap());
    app.run_jobs_at("2026-02-17T03:21:00Z").await;
    let expected = [
        run("2026-02-17T03:10", "schedule", "interrupted"),
        run("2026-02-17T03:20", "catch_up", "interrupted"),
    ];
    assert_eq!(app.runs("clean_up").await, expected);
    app.run_jobs_at("2026-02-18T03:10:00Z").await;
    assert_eq!(app.runs("clean_up").await[2], run("2026-02-18T03:10", "schedule", "done"));
    let job = listed(&app.admin().await, "clean_up").await;
    assert_eq!(job["last_run"]["state"], "done");
}

#[tokio::test]
async fn the_end_of_a_run_is_told() {
    let app = TestApp::new().await;
    app.admin().await.request("POST", "/jobs/optimise_database/run").send().await.expect(202);
    app.run_jobs().await;
    let told = outbox::Entity::find().filter(outbox::Column::Event.eq("job.finished"));
    let told: Value =
        serde_json::from_str(&told.one(app.ctx.db.read()).await.unwrap().unwrap().payload).unwrap();
    assert_eq!((&told["job"], &told["state"]), (&json!("optimise_database"), &json!("done")));
    assert!(told["took_ms"].is_i64());
}

#[tokio::test]
async fn a_name_that_no_job_has_is_not_there() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.request("POST", "/jobs/make_coffee/run").send().await.refused(404, "not_found");
    admin.get("/jobs/make_coffee/runs").await.refused(404, "not_found");
    admin.get("/jobs/clean_up/runs?per_page=0").await.invalid("per_page out_of_range");
    admin.get("/jobs/reminders/rehearsal?days=0").await.invalid("days out_of_range");
    admin.get("/jobs/reminders/rehearsal?days=93").await.invalid("days out_of_range");
}

#[tokio::test]
async fn cleaning_up_forgets_what_is_over_and_nothing_else() {
    let app = TestApp::new().await;
    let db = app.ctx.db.writer();
    let now = app.clock.now().0;
    let days = |days: i64| now - days * 24 * 3600 * 1000;
    let open_session = |ended: Option<i64>, expires: i64| session::ActiveModel {
        user_id: Set(company::EMPLOYEE),
        ip: Set(String::new()),
        user_agent: Set(String::new()),
        created_at: Set(days(100)),
        last_seen_at: Set(days(100)),
        expires_at: Set(expires),
        ended_at: Set(ended),
        ..Default::default()
    };
    for (ended, expires) in
        [(Some(days(31)), days(31)), (None, days(31)), (Some(days(29)), days(29)), (None, days(-1))]
    {
        open_session(ended, expires).insert(db).await.unwrap();
    }
    for (key, made) in [("old", now - 24 * 3600 * 1000 - 1), ("fresh", now - 3600 * 1000)] {
        let row = idempotency_key::ActiveModel {
            user_id: Set(company::EMPLOYEE),
            key: Set(key.into()),
            operation: Set("x".into()),
            body_hash: Set(String::new()),
            answer: Set("null".into()),
            created_at: Set(made),
            ..Default::default()
        };
        row.insert(db).await.unwrap();
    }
    for (hash, expires) in [("old", days(31)), ("fresh", days(1))] {
        let row = password_reset::ActiveModel {
            user_id: Set(company::EMPLOYEE),
            hash: Set(hash.into()),
            created_at: Set(days(40)),
            expires_at: Set(expires),
            ..Default::default()
        };
        row.insert(db).await.unwrap();
    }
    for seq in 1..=1100 {
        let row = outbox::ActiveModel {
            at: Set(days(20)),
            not_before: Set(days(20)),
            event: Set("test.event".into()),
            entity: Set("test".into()),
            entity_id: Set(1),
            payload: Set("{}".into()),
            attempts: Set(1),
            delivered_at: Set(Some(days(20))),
            delivered_seq: Set(Some(seq)),
            taken_by: Set(String::new()),
            ..Default::default()
        };
        row.insert(db).await.unwrap();
    }
    for read in [Some(days(91)), None] {
        let row = notification::ActiveModel {
            user_id: Set(company::EMPLOYEE),
            kind: Set("approved".into()),
            data: Set("{}".into()),
            link: Set("/".into()),
            created_at: Set(days(100)),
            read_at: Set(read),
            in_app: Set(true),
            mail_state: Set("none".into()),
            ..Default::default()
        };
        row.insert(db).await.unwrap();
    }
    db.execute_unprepared("PRAGMA foreign_keys = OFF").await.unwrap();
    for (kpi, on) in [(900, "2024-12-01"), (901, "2026-01-01")] {
        let row = reminder::ActiveModel {
            user_id: Set(company::EMPLOYEE),
            kpi_id: Set(kpi),
            reason: Set("check_in".into()),
            sent_on: Set(on.into()),
            sent_at: Set(now),
            ..Default::default()
        };
        row.insert(db).await.unwrap();
    }
    db.execute_unprepared("PRAGMA foreign_keys = ON").await.unwrap();

    let admin = app.admin().await;
    admin.request("POST", "/jobs/clean_up/run").send().await.expect(202);
    app.run_jobs().await;
    let said = listed(&admin, "clean_up").await["last_run"]["result"]["text"].clone();
    assert_eq!(
        said,
        "Removed: 1 notifications, 0 mails, 99 events, 2 sessions, 1 request keys, 0 runs of jobs."
    );
    let read = app.ctx.db.read();
    let keys = idempotency_key::Entity::find().all(read).await.unwrap();
    assert_eq!(keys.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["fresh"]);
    assert_eq!(password_reset::Entity::find().count(read).await.unwrap(), 1);
    assert_eq!(reminder::Entity::find().count(read).await.unwrap(), 1);
    assert_eq!(notification::Entity::find().count(read).await.unwrap(), 1);
    let oldest = outbox::Entity::find().order_by_asc(outbox::Column::Id).one(read).await.unwrap().unwrap();
    assert_eq!(oldest.delivered_seq, Some(100));
}

#[tokio::test]
async fn the_audit_check_walks_what_is_new_and_once_a_week_all() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let checked = async |at: &str| {
        app.run_jobs_at(at).await;
        let last = listed(&admin, "audit_check").await["last_run"].clone();
        (last["state"].clone(), last["result"]["text"].as_str().unwrap().to_owned())
    };
    app.run_jobs().await;
    let (state, said) = checked("2026-02-17T03:30:00Z").await;
    assert!(state == "done" && said.starts_with("All "), "{said}");
    admin.patch("/settings", 1, json!({ "scoring.cap": 130 })).await.expect(200);
    let (state, said) = checked("2026-02-18T03:30:00Z").await;
    assert_eq!(
        (state, said.as_str()),
        (json!("done"), "1 new entries of the audit log fit to those before.")
    );

    // Somebody with the file in hand changes an old entry: the weekly walk finds it.
    let sql = "UPDATE audit_log SET action = 'rule.forged' WHERE id = 1";
    app.ctx.db.writer().execute_unprepared(sql).await.unwrap();
    let (state, _) = checked("2026-02-19T03:30:00Z").await;
    assert_eq!(state, "done");
    let (state, said) = checked("2026-02-24T03:30:00Z").await;
    assert_eq!(state, "failed");
    assert!(said.contains("from entry 1 on"), "{said}");
    // Administrators are told, where the runs are to be seen.
    kpi::background::deliver_due(&app.ctx).await.unwrap();
    let told = admin.get("/notifications").await.expect(200).items();
    let told: Vec<&Value> = told.iter().filter(|told| told["kind"] == "server_trouble").collect();
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["data"]["name"], &told[0]["link"]), (&json!("audit_check"), &json!("/admin/jobs")));
    assert_eq!(told[0]["data"]["text"]["text"], said);
}

#[tokio::test]
async fn an_entry_taken_from_the_end_of_the_audit_log_is_missed() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.patch("/settings", 1, json!({ "scoring.cap": 130 })).await.expect(200);
    app.run_jobs().await;
    app.run_jobs_at("2026-02-17T03:30:00Z").await;
    let sql = "DELETE FROM audit_log WHERE id = (SELECT MAX(id) FROM audit_log)";
    app.ctx.db.writer().execute_unprepared(sql).await.unwrap();
    app.run_jobs_at("2026-02-18T03:30:00Z").await;
    assert_eq!(app.runs("audit_check").await[1].2, "failed");
}

#[tokio::test]
async fn what_was_asked_for_runs_though_the_times_cannot_be_read() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    app.admin().await.request("POST", "/jobs/clean_up/run").send().await.expect(202);
    let db = app.ctx.db.writer();
    db.execute_unprepared("ALTER TABLE job_schedules RENAME TO away").await.unwrap();
    app.run_jobs().await;
    db.execute_unprepared("ALTER TABLE away RENAME TO job_schedules").await.unwrap();
    assert_eq!(app.runs("clean_up").await[0].2, "done");
}

#[tokio::test]
async fn a_clock_that_was_set_back_stops_no_job() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    app.run_jobs_at("2026-02-20T03:10:00Z").await;
    app.run_jobs_at("2026-02-17T03:10:00Z").await;
    let runs = ["2026-02-20T03:10", "2026-02-17T03:10"].map(|at| run(at, "schedule", "done"));
    assert_eq!(app.runs("clean_up").await, runs);
}
