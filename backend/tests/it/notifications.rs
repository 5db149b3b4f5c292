//! Who is told what: nobody twice, nobody of their own acts, nobody of what they may not see; and every link opens.

use kpi::{
    entity::{notification, outbox},
    notifications::service::forget_old,
    platform::db::work::{By, Event},
};
use kpi_api::notification::NotificationKind;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::{
    Actor, Response, TestApp,
    company::{ADMIN, COLLEAGUE, EMPLOYEE, HEAD, MANAGER, OUTSIDER},
    kpis::{defined, kpi_in},
};

impl Actor {
    async fn told(&self) -> Vec<Value> {
        self.get("/notifications").await.expect(200).items()
    }

    async fn reads_all(&self) -> Response {
        self.request("POST", "/notifications/read-all").send().await.expect(200)
    }

    /// Kinds of what they were told, newest first.
    async fn kinds(&self) -> Vec<String> {
        self.told().await.iter().map(|told| told["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// The newest, whose link has to open for them.
    async fn newest(&self) -> Value {
        let told = self.told().await.swap_remove(0);
        self.opens(told["link"].as_str().unwrap()).await;
        told
    }

    /// Asks for whatever the page behind a link shows.
    async fn opens(&self, link: &str) {
        let (path, rest) = link.split_once(['?', '#']).unwrap_or((link, ""));
        let asked: Vec<String> = match path.split('/').skip(1).collect::<Vec<_>>().as_slice() {
            ["kpis", id] | ["kpis", id, "edit"] => vec![format!("/kpis/{id}")],
            ["approvals"] => {
                let kpi = rest.strip_prefix("kpi=").map(|id| format!("/kpis/{id}"));
                ["/approvals".to_owned()].into_iter().chain(kpi).collect()
            }
            ["admin", "rules", id] => vec![format!("/rules/{id}")],
            _ => panic!("a link to nowhere: {link}"),
        };
        for path in asked {
            self.get(&path).await.expect(200);
        }
    }
}

/// Puts an event into the outbox as a feature would, and delivers it.
async fn happens(app: &TestApp, by: Option<i64>, name: &str, kpi: i64, payload: Value) {
    let by = By { user_id: by.map(Into::into), ..By::system("test") };
    let mut work = app.ctx.begin(by).await.unwrap();
    work.emit(Event { name, entity: "kpi", entity_id: kpi, payload }).await.unwrap();
    work.commit(&()).await.unwrap();
    app.news().await;
}

async fn says(
    app: &TestApp,
    who: i64,
    kpi: &Response,
    parent: Option<i64>,
    body: &str,
    mentions: &[i64],
) -> i64 {
    let comment = kpi::entity::comment::ActiveModel {
        kpi_id: Set(kpi.id()),
        parent_id: Set(parent),
        author_id: Set(who),
        body: Set(body.into()),
        mentions: Set("[]".into()),
        created_at: Set(app.clock.now().0),
        version: Set(1),
        ..Default::default()
    };
    let id = comment.insert(app.ctx.db.writer()).await.unwrap().id;
    let payload = json!({ "kpi_id": kpi.id(), "comment_id": id, "parent_id": parent, "mentions": mentions });
    happens(app, Some(who), "comment.created", kpi.id(), payload).await;
    id
}

#[tokio::test]
async fn the_life_of_a_kpi_is_told_to_whose_turn_it_is() {
    let app = TestApp::new().await;
    let (owner, manager, head) = (app.employee().await, app.manager().await, app.head().await);
    let draft = owner.draft("Visits").await;
    let submitted = owner.does("submit", &draft).await.expect(200);
    app.all_news().await;
    let told = manager.newest().await;
    assert_eq!(
        (&told["kind"], &told["link"]),
        (&json!("submitted"), &json!(format!("/approvals?kpi={}", draft.id())))
    );
    assert_eq!(told["data"]["actor_name"], "Emil Employee");
    assert_eq!(told["data"]["kpi_title"], "Visits");

    let rejected = manager.does("reject", &submitted).await.expect(200);
    app.all_news().await;
    let told = owner.newest().await;
    assert_eq!((&told["kind"], &told["data"]["reason"]), (&json!("rejected"), &json!("because")));
    let submitted = owner.does("submit", &rejected).await.expect(200);
    let approved = manager.does("approve", &submitted).await.expect(200);
    app.all_news().await;
    assert_eq!(owner.newest().await["kind"], "approved");
    owner.records(&approved, 150.0).await.expect(201);
    let in_review = owner.does("submit-result", &owner.sees(&approved).await).await.expect(200);
    app.all_news().await;
    assert_eq!(manager.newest().await["data"]["event"], "kpi.in_review");
    let returned = manager.does("return", &in_review).await.expect(200);
    app.all_news().await;
    assert_eq!(owner.newest().await["kind"], "returned");
    let in_review = owner.does("submit-result", &returned).await.expect(200);
    let closed = manager.does("accept", &in_review).await.expect(200);
    app.all_news().await;
    assert_eq!(owner.newest().await["kind"], "accepted");
    manager.does("reopen", &closed).await.expect(200);
    app.all_news().await;
    assert_eq!(owner.newest().await["kind"], "reopened");

    assert_eq!(owner.kinds().await, ["reopened", "accepted", "returned", "approved", "rejected"]);
    assert_eq!(manager.kinds().await, ["submitted"; 4]);
    for other in [head, app.colleague().await, app.outsider().await, app.admin().await] {
        assert_eq!(other.kinds().await, [""; 0]);
    }
}

#[tokio::test]
async fn where_no_manager_decides_the_administrators_are_told() {
    let app = TestApp::new().await;
    let (head, admin) = (app.head().await, app.admin().await);
    let draft = head.draft("Growth").await;
    head.does("submit", &draft).await.expect(200);
    app.all_news().await;
    assert_eq!(admin.newest().await["kind"], "submitted");
    assert!(head.told().await.is_empty());
}

#[tokio::test]
async fn a_comment_reaches_owner_thread_and_mentioned_but_nobody_who_may_not_see_it() {
    let app = TestApp::new().await;
    let (owner, manager, colleague) = (app.employee().await, app.manager().await, app.colleague().await);
    let kpi = kpi_in("approved", &owner, &manager).await;
    app.all_news().await;
    for actor in [&owner, &manager] {
        actor.reads_all().await;
    }
    let first = says(&app, MANAGER, &kpi, None, "How does it  go?\n@outsider", &[OUTSIDER, MANAGER]).await;
    let told = owner.newest().await;
    assert_eq!(
        (&told["kind"], &told["data"]["excerpt"]),
        (&json!("commented"), &json!("How does it go? @outsider"))
    );
    assert_eq!(told["link"], format!("/kpis/{}?tab=comments#comment-{first}", kpi.id()));
    assert!(app.outsider().await.told().await.is_empty());

    // The head may see it as well, and is mentioned: told once, as mentioned.
    says(&app, EMPLOYEE, &kpi, Some(first), "Well. @head", &[HEAD, COLLEAGUE]).await;
    assert_eq!(app.head().await.newest().await["kind"], "mentioned");
    assert_eq!(manager.kinds().await[0], "commented");
    assert!(colleague.told().await.is_empty());
    let before = owner.told().await.len();
    let answer = says(&app, HEAD, &kpi, Some(first), "@manager @employee look", &[MANAGER, EMPLOYEE]).await;
    assert_eq!(
        (manager.kinds().await[0].as_str(), owner.kinds().await[0].as_str()),
        ("mentioned", "mentioned")
    );
    assert_eq!(owner.told().await.len(), before + 1);

    // An edit tells those who are newly mentioned, once.
    let edited =
        json!({ "kpi_id": kpi.id(), "comment_id": answer, "parent_id": first, "mentions": [MANAGER, ADMIN] });
    for _ in 0..2 {
        happens(&app, Some(HEAD), "comment.edited", kpi.id(), edited.clone()).await;
    }
    assert_eq!(app.admin().await.kinds().await, ["mentioned"]);
    assert_eq!(owner.told().await.len(), before + 1);
}

#[tokio::test]
async fn files_of_one_upload_are_told_as_one() {
    let app = TestApp::new().await;
    let (owner, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &owner, &manager).await;
    app.all_news().await;
    for name in ["a.pdf", "b.pdf", "c.pdf"] {
        let payload = json!({ "kpi_id": kpi.id(), "evidence_id": 1, "check_in_id": null, "name": name });
        happens(&app, Some(EMPLOYEE), "evidence.added", kpi.id(), payload).await;
    }
    let told = manager.newest().await;
    assert_eq!((&told["data"]["count"], &told["data"]["name"]), (&json!(3), &json!("c.pdf")));
    assert_eq!(manager.kinds().await, ["evidence_added", "submitted"]);
    manager.reads_all().await;
    let payload = json!({ "kpi_id": kpi.id(), "evidence_id": 2, "check_in_id": null, "name": "d.pdf" });
    happens(&app, Some(EMPLOYEE), "evidence.added", kpi.id(), payload).await;
    assert_eq!(manager.newest().await["data"]["count"], 1);
}

#[tokio::test]
async fn reminders_delegations_and_broken_rules_reach_whom_they_concern() {
    let app = TestApp::new().await;
    let (owner, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let kpi = kpi_in("approved", &owner, &manager).await;
    let said = json!({ "text": "14 days", "pattern": "{n} days", "values": { "n": "14" } });
    let due = json!({ "user_id": EMPLOYEE, "kpi_id": kpi.id(), "rule_id": 1, "title": said, "text": said, "reason": "rhythm" });
    happens(&app, None, "reminder.due", kpi.id(), due.clone()).await;
    let told = owner.newest().await;
    assert_eq!((&told["kind"], &told["data"]["title"]["values"]["n"]), (&json!("reminder"), &json!("14")));
    // Somebody who may not see it is not reminded of it.
    let mut stray = due;
    stray["user_id"] = json!(OUTSIDER);
    happens(&app, None, "reminder.due", kpi.id(), stray).await;
    assert!(app.outsider().await.told().await.is_empty());

    let days = json!({ "delegation_id": 1, "manager_id": MANAGER, "delegate_id": HEAD, "from": "2026-02-16", "to": "2026-02-20" });
    happens(&app, Some(MANAGER), "delegation.created", 1, days).await;
    let told = app.head().await.newest().await;
    assert_eq!((&told["kind"], &told["data"]["owner_name"]), (&json!("delegated"), &json!("Mara Manager")));
    assert_eq!((&told["data"]["from"], &told["data"]["to"]), (&json!("2026-02-16"), &json!("2026-02-20")));

    let rule = admin.get("/rules").await.items()[0]["id"].as_i64().unwrap();
    let broken = json!({ "rule_id": rule, "version": 1, "line": 3, "message": "no", "kpi_id": kpi.id(), "name": "score/x" });
    happens(&app, None, "rule.failed", rule, broken).await;
    let told = admin.newest().await;
    assert_eq!((&told["kind"], &told["data"]["text"]["text"]), (&json!("rule_trouble"), &json!("no")));
    assert!(manager.kinds().await.iter().all(|kind| kind != "rule_trouble"));
}

#[tokio::test]
async fn what_goes_with_its_kpi_is_not_told_any_more() {
    let app = TestApp::new().await;
    let (owner, manager) = (app.employee().await, app.manager().await);
    let rejected = kpi_in("rejected", &owner, &manager).await;
    app.all_news().await;
    assert_eq!(owner.kinds().await, ["rejected"]);
    owner.delete(&format!("/kpis/{}", rejected.id()), rejected.version()).await.expect(204);
    app.all_news().await;
    assert!(owner.told().await.is_empty() && manager.told().await.is_empty());
    // An event whose KPI has gone before it was delivered tells nobody, and does not stay.
    let draft = owner.draft("Short").await;
    owner.delete(&format!("/kpis/{}", draft.id()), draft.version()).await.expect(204);
    app.all_news().await;
    let waiting = outbox::Entity::find().filter(outbox::Column::DeliveredAt.is_null());
    assert_eq!(waiting.count(app.ctx.db.read()).await.unwrap(), 0);
}

#[tokio::test]
async fn read_and_unread_are_counted_and_belong_to_one_person() {
    let app = TestApp::new().await;
    let (owner, manager) = (app.employee().await, app.manager().await);
    for title in ["A", "B", "C"] {
        let kpi = owner.post("/kpis", defined(title, json!({}))).await.expect(201);
        owner.does("submit", &kpi).await.expect(200);
    }
    app.all_news().await;
    let page = manager.get("/notifications?per_page=2").await.expect(200).json();
    assert_eq!(
        (&page["total"], &page["unread_count"], page["items"].as_array().unwrap().len()),
        (&json!(3), &json!(3), 2)
    );
    let id = page["items"][0]["id"].as_i64().unwrap();
    let read = format!("/notifications/{id}/read");
    owner.request("POST", &read).send().await.refused(404, "not_found");
    for _ in 0..2 {
        assert_eq!(manager.request("POST", &read).send().await.expect(200).json()["unread_count"], 2);
    }
    let unread = manager.get("/notifications?unread=true").await.expect(200).json();
    assert_eq!((&unread["total"], &unread["unread_count"]), (&json!(2), &json!(2)));
    assert!(
        unread["items"].as_array().unwrap().iter().all(|told| told["id"] != id && told["read_at"].is_null())
    );
    let all = manager.reads_all().await.json();
    assert_eq!(all["unread_count"], 0);
    manager.get("/notifications?seen=true").await.refused(400, "malformed");
}

#[tokio::test]
async fn everybody_chooses_what_they_are_told() {
    let smtp =
        [("SMTP_ENABLED", "true"), ("SMTP_HOST", "mail.example.com"), ("SMTP_FROM", "kpi@example.com")];
    let app = TestApp::configured(&smtp).await;
    let (owner, manager) = (app.employee().await, app.manager().await);
    let shown = manager.get("/notifications/preferences").await.expect(200);
    assert_eq!(shown.json()["kinds"].as_array().unwrap().len(), NotificationKind::ALL.len());
    assert_eq!((&shown.json()["mail_rhythm"], &shown.json()["daily_hour"]), (&json!("soon"), &json!(8)));
    assert_eq!((&shown.json()["mail_enabled"], shown.version()), (&json!(true), 1));

    let put = async |version: i64, body: Value| {
        manager.request("PUT", "/notifications/preferences").version(version).json(body).send().await
    };
    let quiet = json!({ "kinds": [{ "kind": "submitted", "app": false, "mail": true }], "mail_rhythm": "daily", "daily_hour": 17 });
    let stored = put(1, quiet.clone()).await.expect(200);
    assert_eq!((stored.version(), stored.header("etag")), (2, "\"2\""));
    assert_eq!(manager.get("/notifications/preferences").await.json(), stored.json());
    put(1, quiet.clone()).await.refused(412, "stale_version");
    let bare = manager.request("PUT", "/notifications/preferences").json(quiet).send().await;
    bare.refused(428, "version_missing");
    let wrong = |body: Value| put(2, body);
    wrong(json!({ "kinds": [], "mail_rhythm": "soon", "daily_hour": 24 }))
        .await
        .invalid("daily_hour out_of_range");
    let twice = json!({ "kind": "approved", "app": true, "mail": true });
    let body = json!({ "kinds": [twice, twice], "mail_rhythm": "soon", "daily_hour": 1 });
    wrong(body).await.invalid("kinds.1.kind duplicate");

    let draft = owner.draft("Visits").await;
    let submitted = owner.does("submit", &draft).await.expect(200);
    app.all_news().await;
    assert!(manager.told().await.is_empty());
    let states = async |user: i64| -> Vec<(bool, String)> {
        let rows = notification::Entity::find().filter(notification::Column::UserId.eq(user));
        rows.all(app.ctx.db.read())
            .await
            .unwrap()
            .into_iter()
            .map(|row| (row.in_app, row.mail_state))
            .collect()
    };
    assert_eq!(states(MANAGER).await, [(false, "waiting".to_owned())]);

    let nothing = json!({ "kinds": [{ "kind": "submitted", "app": false, "mail": false }], "mail_rhythm": "soon", "daily_hour": 8 });
    put(2, nothing).await.expect(200);
    let never = json!({ "kinds": [], "mail_rhythm": "never", "daily_hour": 8 });
    owner.request("PUT", "/notifications/preferences").version(1).json(never).send().await.expect(200);
    let recalled = owner.does("recall", &submitted).await.expect(200);
    let submitted = owner.does("submit", &recalled).await.expect(200);
    manager.does("approve", &submitted).await.expect(200);
    app.all_news().await;
    assert_eq!(states(MANAGER).await.len(), 1);
    assert_eq!(states(EMPLOYEE).await, [(true, "none".to_owned())]);
}

#[tokio::test]
async fn what_is_old_is_forgotten_and_what_is_unread_stays() {
    let app = TestApp::new().await;
    let day = 24 * 3600 * 1000;
    let make = async |age: i64, read: bool, mail: &str| {
        let at = app.clock.now().0 - age * day;
        let row = notification::ActiveModel {
            user_id: Set(EMPLOYEE),
            kind: Set("approved".into()),
            data: Set("{}".into()),
            link: Set("/kpis/1".into()),
            created_at: Set(at),
            read_at: Set(read.then_some(at)),
            in_app: Set(true),
            mail_state: Set(mail.into()),
            ..Default::default()
        };
        row.insert(app.ctx.db.writer()).await.unwrap().id
    };
    let kept =
        [make(10, true, "none").await, make(100, false, "none").await, make(100, true, "waiting").await];
    make(100, true, "mailed").await;
    make(500, false, "none").await;
    assert_eq!(forget_old(&app.ctx, 90).await.unwrap(), 2);
    assert_eq!(forget_old(&app.ctx, 90).await.unwrap(), 0);
    let left = app.employee().await.told().await;
    let mut ids: Vec<i64> = left.iter().map(|told| told["id"].as_i64().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, kept);
}
