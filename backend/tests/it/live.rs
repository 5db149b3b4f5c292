//! Open pages hear of what happens, while they may, and go on where they were interrupted.

use kpi::{
    background,
    platform::{
        db::work::{By, Event},
        lifecycle::Lifecycle,
    },
};
use serde_json::{Value, json};

use crate::support::{
    Actor, Listener, TestApp,
    company::EMPLOYEE,
    kpis::{defined, kpi_in},
};

impl Actor {
    /// A new stream, greeted.
    async fn tuned_in(&self) -> Listener {
        let mut listener = self.listens(None).await;
        listener.expect("hello").await;
        listener
    }
}

#[tokio::test]
async fn pages_hear_of_what_their_people_may_see() {
    let app = TestApp::new().await;
    let (owner, manager, outsider) = (app.employee().await, app.manager().await, app.outsider().await);
    let (mut at_owner, mut at_manager) = (owner.tuned_in().await, manager.tuned_in().await);
    let mut at_outsider = outsider.tuned_in().await;
    let draft = owner.draft("Visits").await;
    owner.does("submit", &draft).await.expect(200);
    app.news().await;

    assert_eq!(at_owner.expect("kpi").await["change"], "kpi.created");
    let change = at_owner.expect("kpi").await;
    assert_eq!(
        change,
        json!({ "kpi_id": draft.id(), "change": "kpi.submitted", "version": 2, "actor_id": EMPLOYEE })
    );
    assert_eq!(at_manager.expect("kpi").await["change"], "kpi.created");
    let told = at_manager.expect("notification").await;
    assert_eq!((&told["notification"]["kind"], &told["unread_count"]), (&json!("submitted"), &json!(1)));
    assert_eq!(at_manager.expect("kpi").await["change"], "kpi.submitted");

    // The outsider has heard nothing of it: the first they hear is their own.
    let own = outsider.draft("Costs").await;
    app.news().await;
    assert_eq!(at_outsider.expect("kpi").await["kpi_id"], own.id());
}

#[tokio::test]
async fn who_is_aligned_below_hears_of_it_too() {
    let app = TestApp::new().await;
    let (head, outsider) = (app.head().await, app.outsider().await);
    let above = head.draft("Growth").await;
    let mut listening = outsider.tuned_in().await;
    let edit = async |target: i64, version: i64| {
        head.patch(&format!("/kpis/{}", above.id()), version, json!({ "target": target })).await.expect(200);
        app.news().await;
    };
    edit(300, 1).await;
    let own = outsider.draft("Costs").await;
    let row = kpi::entity::kpi::ActiveModel {
        id: sea_orm::ActiveValue::Set(own.id()),
        parent_id: sea_orm::ActiveValue::Set(Some(above.id())),
        ..Default::default()
    };
    sea_orm::ActiveModelTrait::update(row, app.ctx.db.writer()).await.unwrap();
    edit(400, 2).await;
    assert_eq!(listening.expect("kpi").await["kpi_id"], own.id());
    let change = listening.expect("kpi").await;
    assert_eq!((&change["kpi_id"], &change["version"]), (&json!(above.id()), &json!(3)));
}

#[tokio::test]
async fn rules_and_jobs_are_for_administrators() {
    let app = TestApp::new().await;
    let (manager, admin) = (app.manager().await, app.admin().await);
    let (mut at_manager, mut at_admin) = (manager.tuned_in().await, admin.tuned_in().await);
    let mut work = app.ctx.begin(By::system("test")).await.unwrap();
    for (name, entity, payload) in [
        ("job.finished", "job", json!({ "job": "reminders", "state": "done", "took_ms": 3 })),
        (
            "rule.failed",
            "rule",
            json!({ "rule_id": 1, "version": 1, "line": 2, "message": "no", "kpi_id": null }),
        ),
    ] {
        work.emit(Event { name, entity, entity_id: 1, payload }).await.unwrap();
    }
    work.commit(&()).await.unwrap();
    app.news().await;
    assert_eq!(at_admin.expect("job").await, json!({ "job": "reminders", "state": "done" }));
    assert_eq!(at_admin.expect("notification").await["notification"]["kind"], "rule_trouble");
    assert_eq!(at_admin.expect("rule").await, json!({ "rule_id": 1, "change": "rule.failed" }));
    manager.draft("Own").await;
    app.news().await;
    assert_eq!(at_manager.expect("kpi").await["change"], "kpi.created");
}

#[tokio::test]
async fn an_interrupted_stream_goes_on_where_it_was() {
    let app = TestApp::new().await;
    let (owner, manager) = (app.employee().await, app.manager().await);
    let mut listening = manager.tuned_in().await;
    owner.draft("A").await;
    app.news().await;
    listening.expect("kpi").await;
    let known = listening.last_id;
    drop(listening);
    let missed = owner.draft("B").await;
    owner.does("submit", &missed).await.expect(200);
    app.outsider().await.draft("Unseen").await;
    app.news().await;
    let mut again = manager.listens(known).await;
    again.expect("hello").await;
    assert_eq!(again.expect("kpi").await["change"], "kpi.created");
    assert_eq!(again.expect("notification").await["notification"]["kpi_id"], missed.id());
    assert_eq!(again.expect("kpi").await["change"], "kpi.submitted");
    let next = owner.draft("C").await;
    app.news().await;
    assert_eq!(again.expect("kpi").await["kpi_id"], next.id());

    // Nothing was missed: no event but the next.
    let known = again.last_id;
    let mut quiet = manager.listens(known).await;
    quiet.expect("hello").await;
    let next = owner.draft("D").await;
    app.news().await;
    assert_eq!(quiet.expect("kpi").await["kpi_id"], next.id());
}

#[tokio::test]
async fn too_much_missed_and_numbers_of_another_life_ask_for_everything_anew() {
    let app = TestApp::new().await;
    let owner = app.employee().await;
    for _ in 0..2 {
        owner.draft("A").await;
    }
    let mut work = app.ctx.begin(By::system("test")).await.unwrap();
    for _ in 0..300 {
        work.emit(Event { name: "x", entity: "x", entity_id: 1, payload: json!({}) }).await.unwrap();
    }
    work.commit(&()).await.unwrap();
    app.news().await;
    for after in [1, 9_999, -1] {
        let mut listening = owner.listens(Some(after)).await;
        let seq = listening.expect("hello").await["seq"].clone();
        listening.expect("resync").await;
        owner.draft("B").await;
        app.news().await;
        listening.expect("kpi").await;
        assert!(json!(listening.last_id).as_i64() > seq.as_i64());
    }
    let wrong = owner.request("GET", "/events").header("last-event-id", "soon").send().await;
    wrong.invalid("Last-Event-ID wrong_type");
}

#[tokio::test]
async fn what_is_read_on_one_page_is_read_on_the_others() {
    let app = TestApp::new().await;
    let (owner, manager) = (app.employee().await, app.manager().await);
    kpi_in("submitted", &owner, &manager).await;
    app.all_news().await;
    let (mut mine, mut others) = (manager.tuned_in().await, owner.tuned_in().await);
    manager.request("POST", "/notifications/read-all").send().await.expect(200);
    assert_eq!(mine.expect("unread").await, json!({ "unread_count": 0 }));
    owner.draft("A").await;
    app.news().await;
    others.expect("kpi").await;
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_with_the_person_it_was_for() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let staying = app.manager().await;
    let mut stays = staying.tuned_in().await;

    let owner = app.employee().await;
    let mut listening = owner.tuned_in().await;
    let mut elsewhere = app.employee().await.tuned_in().await;
    owner.request("POST", "/auth/logout").send().await.expect(204);
    assert_eq!(listening.next().await, None);

    let colleague = app.colleague().await;
    let mut of_colleague = colleague.tuned_in().await;
    let change = async |id: i64, version: i64, patch: Value| {
        admin.patch(&format!("/users/{id}"), version, patch).await.expect(200);
    };
    change(crate::support::company::COLLEAGUE, 1, json!({ "is_active": false })).await;
    assert_eq!(of_colleague.next().await, None);

    change(EMPLOYEE, 1, json!({ "role": "manager" })).await;
    assert_eq!(elsewhere.next().await, None);

    let script = json!({ "name": "script", "scope": "read", "expires_in_days": 1 });
    let token = staying.post("/auth/tokens", script).await.expect(201);
    let mut by_token = app.with_token(token.json()["secret"].as_str().unwrap()).tuned_in().await;
    staying.delete(&format!("/auth/tokens/{}", token.id()), 1).await.expect(204);
    assert_eq!(by_token.next().await, None);

    // All this time the manager's own stream went on.
    let own = staying.draft("A").await;
    app.news().await;
    assert_eq!(stays.expect("kpi").await["kpi_id"], own.id());
}

#[tokio::test]
async fn nobody_holds_more_streams_than_they_need() {
    let app = TestApp::new().await;
    let owner = app.employee().await;
    let mut held = Vec::new();
    for _ in 0..20 {
        held.push(owner.tuned_in().await);
    }
    let refused = owner.get("/events").await;
    refused.refused(429, "too_many");
    assert_eq!(refused.header("retry-after"), "30");
    app.manager().await.tuned_in().await;
    held.pop();
    // The place is free as soon as the server has noticed that nobody reads any more.
    while app.ctx.live.open() >= 20 {
        tokio::task::yield_now().await;
    }
    owner.tuned_in().await;
}

#[tokio::test]
async fn a_stop_ends_all_streams_and_news_of_a_commit_come_within_a_second() {
    let app = TestApp::new().await;
    let lifecycle = Lifecycle::new();
    let tasks = background::start(&app.ctx, &lifecycle);
    let (owner, manager) = (app.employee().await, app.manager().await);
    let mut listening = manager.tuned_in().await;
    let draft = owner.post("/kpis", defined("Visits", json!({}))).await.expect(201);
    listening.expect("kpi").await;
    let began = std::time::Instant::now();
    owner.does("submit", &draft).await.expect(200);
    let told = listening.expect("notification").await;
    assert_eq!(told["notification"]["data"]["actor_id"], EMPLOYEE);
    assert!(began.elapsed() < std::time::Duration::from_secs(1), "{:?}", began.elapsed());
    listening.expect("kpi").await;
    lifecycle.stop();
    assert_eq!(listening.next().await, None);
    tasks.ended(std::time::Duration::from_secs(5)).await;
    assert_eq!(manager.listens(None).await.next().await, None);
}
