//! Talking about a KPI.

use kpi::entity::{audit, outbox};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::support::{
    Actor, Response, TestApp,
    company::{COLLEAGUE, EMPLOYEE, HEAD, MANAGER},
    kpis::{definition, kpi_in},
};

impl Actor {
    async fn says(&self, kpi: &Response, body: &str) -> Response {
        self.post(&format!("/kpis/{}/comments", kpi.id()), json!({ "body": body })).await
    }

    async fn answers(&self, comment: &Response, body: &str) -> Response {
        let path = format!("/kpis/{}/comments", comment.json()["kpi_id"]);
        self.post(&path, json!({ "body": body, "parent_id": comment.id() })).await
    }

    async fn reads(&self, kpi: &Response) -> Response {
        self.get(&format!("/kpis/{}/comments", kpi.id())).await
    }
}

fn bodies(list: &Response) -> Vec<Value> {
    list.column("body")
}

/// What the events about comments tell, oldest first: name, and who is to be told.
async fn events(app: &TestApp) -> Vec<(String, Value)> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::Event.like("comment.%"))
        .order_by_asc(outbox::Column::Id)
        .all(app.ctx.db.read())
        .await
        .unwrap();
    rows.into_iter()
        .map(|row| {
            let payload: Value = serde_json::from_str(&row.payload).unwrap();
            assert_eq!((row.entity.as_str(), json!(row.entity_id)), ("kpi", payload["kpi_id"].clone()));
            (row.event, payload["mentions"].clone())
        })
        .collect()
}

#[tokio::test]
async fn answers_stand_in_their_thread_and_an_answer_to_an_answer_joins_it() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let first = manager.says(&kpi, "How is it going?").await.expect(201);
    employee.says(&kpi, "Something else").await.expect(201);
    let answer = employee.answers(&first, "Well").await.expect(201);
    let deeper = manager.answers(&answer, "Good").await.expect(201);
    assert_eq!(deeper.json()["parent_id"], first.id());
    let list = employee.reads(&kpi).await.expect(200);
    assert_eq!(bodies(&list), ["How is it going?", "Well", "Good", "Something else"]);
    assert_eq!(list.json()["count"], 4);
    assert_eq!(
        list.items()[0]["author"],
        json!({ "id": MANAGER, "name": "Mara Manager", "username": "manager" })
    );

    let other = kpi_in("draft", &employee, &manager).await;
    let stray = json!({ "body": "Hm", "parent_id": first.id() });
    employee.post(&format!("/kpis/{}/comments", other.id()), stray).await.invalid("parent_id unknown");
}

#[tokio::test]
async fn only_who_may_see_the_kpi_is_mentioned_and_told() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let text = "@Manager and @head. Not @outsider, @colleague, @nobody or mail@manager, but @manager again";
    let comment = employee.says(&kpi, text).await.expect(201);
    let named: Vec<Value> = comment.json()["mentions"].as_array().unwrap().clone();
    let ids: Vec<_> = named.iter().map(|person| person["id"].clone()).collect();
    assert_eq!(ids, [json!(MANAGER), json!(HEAD)]);
    assert_eq!(named[0]["username"], "Manager");
    assert_eq!(comment.json()["body"], text);

    // On an edit only those are told who were not named before.
    let path = format!("/comments/{}", comment.id());
    let edited = employee.patch(&path, 1, json!({ "body": "@head @admin @employee" })).await.expect(200);
    assert_eq!(edited.json()["mentions"].as_array().unwrap().len(), 3);
    employee.delete(&path, 2).await.expect(204);
    assert_eq!(
        events(&app).await,
        [
            ("comment.created".to_owned(), json!([MANAGER, HEAD])),
            ("comment.edited".to_owned(), json!([1, EMPLOYEE])),
            ("comment.deleted".to_owned(), json!([])),
        ]
    );
}

#[tokio::test]
async fn who_is_aligned_to_a_kpi_takes_part() {
    let app = TestApp::new().await;
    let (manager, head, colleague) = (app.manager().await, app.head().await, app.colleague().await);
    let parent = kpi_in("approved", &manager, &head).await;
    colleague.reads(&parent).await.refused(404, "not_found");
    let mut body = definition("My part");
    body["parent_id"] = json!(parent.id());
    colleague.post("/kpis", body).await.expect(201);
    colleague.says(&parent, "@head, I do my part").await.expect(201);
    let offered = manager.get(&format!("/kpis/{}/mentionable?q=coll", parent.id())).await.expect(200);
    assert_eq!(offered.column("id"), [json!(COLLEAGUE)]);
}

#[tokio::test]
async fn an_edit_leaves_what_was_said_before_and_a_deletion_a_stub() {
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let comment = employee.says(&kpi, "One").await.expect(201);
    let path = format!("/comments/{}", comment.id());
    for (version, body) in [(1, "Two"), (2, "Three")] {
        app.clock.set(format!("2026-02-16T09:0{version}:00Z").parse().unwrap());
        employee.patch(&path, version, json!({ "body": body })).await.expect(200);
    }
    let row = &manager.reads(&kpi).await.items()[0];
    assert_eq!(
        (&row["body"], &row["revisions"], &row["may_edit"]),
        (&json!("Three"), &json!(2), &json!(false))
    );
    let before = manager.get(&format!("{path}/revisions")).await.expect(200);
    assert_eq!(bodies(&before), ["Two", "One"]);
    assert_eq!(before.column("replaced_at"), ["2026-02-16T09:02:00.000Z", "2026-02-16T09:01:00.000Z"]);
    assert_eq!(before.column("written_at"), ["2026-02-16T09:01:00.000Z", "2026-02-16T09:00:00.000Z"]);

    // Nobody speaks for somebody else; an administrator may delete.
    admin.patch(&path, 3, json!({ "body": "Nice" })).await.refused(403, "not_allowed");
    manager.delete(&path, 3).await.refused(403, "not_allowed");
    manager.answers(&comment, "So be it").await.expect(201);
    admin.delete(&path, 3).await.expect(204);
    let list = employee.reads(&kpi).await;
    let stub = &list.items()[0];
    assert_eq!(
        (
            stub.get("body"),
            &stub["deleted_at"],
            &stub["revisions"],
            &stub["may_delete"],
            &list.json()["count"]
        ),
        (None, &json!("2026-02-16T09:02:00.000Z"), &json!(0), &json!(false), &json!(1))
    );
    assert!(employee.get(&format!("{path}/revisions")).await.items().is_empty());
    employee.patch(&path, 4, json!({ "body": "Again" })).await.refused(409, "wrong_state");
    employee.delete(&path, 4).await.refused(409, "wrong_state");
    employee.answers(&comment, "Still here").await.expect(201);

    // The history is about the KPI; the audit log is about everything.
    let history = employee.get(&format!("/kpis/{}/history", kpi.id())).await.column("act");
    assert_eq!(history, ["approve", "submit", "create"]);
    assert_eq!(employee.sees(&kpi).await.version(), kpi.version());
    let audited = audit::Entity::find()
        .filter(audit::Column::Entity.eq("comment"))
        .order_by_asc(audit::Column::Id)
        .all(app.ctx.db.read())
        .await
        .unwrap();
    let actions: Vec<_> = audited.iter().map(|row| row.action.as_str()).collect();
    let expected = ["created", "edited", "edited", "created", "deleted", "created"];
    assert_eq!(actions, expected.map(|what| format!("comment.{what}")));
    let edit: Value = serde_json::from_str(&audited[1].detail).unwrap();
    assert_eq!((&edit["old"], &edit["new"]), (&json!("One"), &json!("Two")));
}

#[tokio::test]
async fn a_comment_changes_only_from_the_version_that_was_read() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let comment = employee.says(&kpi, "One").await.expect(201);
    assert_eq!(comment.header("etag"), "\"1\"");
    let path = format!("/comments/{}", comment.id());
    let bare = employee.request("PATCH", &path).json(json!({ "body": "Two" })).send().await;
    bare.refused(428, "version_missing");
    employee.patch(&path, 1, json!({ "body": "Two" })).await.expect(200);
    employee.patch(&path, 1, json!({ "body": "Lost" })).await.refused(412, "stale_version");
    employee.delete(&path, 1).await.refused(412, "stale_version");
}

#[tokio::test]
async fn a_comment_sent_twice_is_said_once() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let path = format!("/kpis/{}/comments", kpi.id());
    let send = async |body: &str| {
        employee.request("POST", &path).key("once").json(json!({ "body": body })).send().await
    };
    let first = send("Hello").await.expect(201);
    assert_eq!(send("Hello").await.expect(201).body, first.body);
    send("Goodbye").await.refused(409, "idempotency_mismatch");
    assert_eq!(employee.reads(&kpi).await.items().len(), 1);
}

#[tokio::test]
async fn whatever_is_typed_is_cleaned_or_refused() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    for (typed, kept) in [
        (" a\u{0}b\r\nc\u{202e}d\u{2066} ".to_owned(), "ab\ncd".to_owned()),
        ("<script>alert(1)</script>".into(), "<script>alert(1)</script>".into()),
        ("'; drop table comments; --".into(), "'; drop table comments; --".into()),
        ("ж".repeat(4000), "ж".repeat(4000)),
        ("@".repeat(4000), "@".repeat(4000)),
    ] {
        let said = employee.says(&kpi, &typed).await.expect(201).json();
        assert_eq!((&said["body"], &said["mentions"]), (&json!(kept), &json!([])));
    }
    for (typed, fault) in
        [("", "body required"), (" \n\t\u{0}\u{202e}", "body required"), (&"ж".repeat(4001), "body too_long")]
    {
        employee.says(&kpi, typed).await.invalid(fault);
    }
    let path = format!("/kpis/{}/comments", kpi.id());
    for body in [json!({ "body": 1 }), json!({}), json!({ "body": "a", "author_id": 1 }), json!([])] {
        employee.post(&path, body).await.expect(422);
    }
    let unknown = json!({ "body": "a", "parent_id": 999_999 });
    employee.post(&path, unknown).await.invalid("parent_id unknown");
    let comment = employee.says(&kpi, "One").await.expect(201);
    employee
        .patch(&format!("/comments/{}", comment.id()), 1, json!({ "body": " " }))
        .await
        .invalid("body required");
}

#[tokio::test]
async fn names_are_offered_to_those_who_see_and_of_those_who_see() {
    let app = TestApp::new().await;
    let (employee, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let path = format!("/kpis/{}/mentionable", kpi.id());
    let names = async |q: &str| {
        let list = employee.get(&format!("{path}?q={q}")).await.expect(200);
        list.items().iter().map(|person| person["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("").await, ["admin", "head", "manager"]);
    assert_eq!(names("MAN").await, ["manager"]);
    assert_eq!(names("hanna").await, ["head"]);
    assert!(names("out").await.is_empty());
    assert!(names("%25").await.is_empty());
    admin.patch(&format!("/users/{HEAD}"), 1, json!({ "is_active": false })).await.expect(200);
    assert_eq!(names("").await, ["admin", "manager"]);
    assert_eq!(employee.says(&kpi, "@head").await.expect(201).json()["mentions"], json!([]));
    app.outsider().await.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_is_said_of_an_unseen_kpi_is_not_there() {
    let app = TestApp::new().await;
    let (employee, manager, outsider) = (app.employee().await, app.manager().await, app.outsider().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let comment = employee.says(&kpi, "Between us").await.expect(201);
    for id in [comment.id(), 999_999] {
        outsider.get(&format!("/comments/{id}/revisions")).await.refused(404, "not_found");
        outsider.patch(&format!("/comments/{id}"), 1, json!({ "body": "x" })).await.refused(404, "not_found");
        outsider.delete(&format!("/comments/{id}"), 1).await.refused(404, "not_found");
    }
    outsider.says(&kpi, "Hello").await.refused(404, "not_found");
}

#[tokio::test]
async fn comments_go_with_a_deleted_draft() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let draft = employee.draft("A thought").await;
    let comment = employee.says(&draft, "Maybe").await.expect(201);
    employee.answers(&comment, "Or not").await.expect(201);
    employee.patch(&format!("/comments/{}", comment.id()), 1, json!({ "body": "No" })).await.expect(200);
    employee.delete(&format!("/kpis/{}", draft.id()), draft.version()).await.expect(204);
    employee.get(&format!("/comments/{}/revisions", comment.id())).await.refused(404, "not_found");
}
