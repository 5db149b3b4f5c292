//! A template given to many people: who gets what and who does not, all of them or nobody, and taking it back.

use kpi::entity::period;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use crate::support::{
    Actor, Response, TestApp,
    company::{ADMIN, COLLEAGUE, COMPANY, EMPLOYEE, FINANCE, MANAGER, OUTSIDER, SALES},
};

async fn make(app: &TestApp, body: Value) -> i64 {
    app.admin().await.post("/templates", body).await.expect(201).id()
}

async fn visits(app: &TestApp) -> i64 {
    make(app, json!({ "name": "Visits", "fields": { "target": 10.0, "unit": "visits", "weight": 30.0 } }))
        .await
}

fn to(people: Value) -> Value {
    let mut body = json!({ "year": 2026, "quarter": "Q1" });
    body.as_object_mut().unwrap().extend(people.as_object().unwrap().clone());
    body
}

async fn assign(actor: &Actor, template: i64, body: Value) -> Response {
    actor.post(&format!("/templates/{template}/assign"), body).await
}

async fn rehearse(actor: &Actor, template: i64, body: Value) -> Response {
    actor.post(&format!("/templates/{template}/assign?dry_run=true"), body).await
}

/// Each person with their outcome and why.
fn outcomes(answer: &Response) -> Vec<String> {
    let people = answer.json()["people"].as_array().unwrap().clone();
    let said = |person: &Value, field: &str| person[field].as_str().unwrap_or_default().to_owned();
    people
        .iter()
        .map(|person| {
            let line = format!(
                "{} {} {}",
                said(person, "user_name"),
                said(person, "outcome"),
                said(person, "reason")
            );
            line.trim().to_owned()
        })
        .collect()
}

async fn kpis(actor: &Actor, template: i64) -> u64 {
    actor.get(&format!("/kpis?template_id={template}")).await.expect(200).json()["total"].as_u64().unwrap()
}

#[tokio::test]
async fn a_rehearsal_says_who_gets_what_and_stores_nothing() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let template = visits(&app).await;
    let body = to(json!({ "department_id": COMPANY, "role": "employee", "user_ids": [MANAGER] }));
    let plan = rehearse(&admin, template, body).await.expect(200);
    let names = ["Cleo Colleague gets", "Emil Employee gets", "Mara Manager gets", "Otto Outsider gets"];
    assert_eq!(outcomes(&plan), names);
    let first = &plan.json()["people"][0];
    assert_eq!(first["draft"]["title"], "Visits", "the template's name stands in for a title");
    assert_eq!((&first["draft"]["target"], &first["draft"]["period_weight"]), (&json!(10.0), &json!(30.0)));
    assert_eq!((&plan.json()["id"], &plan.json()["gets"]), (&Value::Null, &json!(4)));
    assert_eq!(kpis(&admin, template).await, 0);

    let alone = to(json!({ "department_id": COMPANY, "with_below": false }));
    assert_eq!(outcomes(&rehearse(&admin, template, alone).await), ["Hanna Head gets"]);
}

#[tokio::test]
async fn who_is_skipped_is_told_why() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let body = json!({ "name": "Visits", "department_id": SALES, "role": "employee" });
    let template = make(&app, body).await;
    let one = json!({ "template_id": template, "title": "Mine", "year": 2026, "quarter": "Q1" });
    let mine = app.employee().await.post("/kpis", one).await.expect(201);
    let left = admin.get("/users/6").await.expect(200);
    admin.patch("/users/6", left.version(), json!({ "is_active": false })).await.expect(200);

    let people = json!([{ "user_id": COLLEAGUE, "leave_out": true }]);
    let everybody = json!([EMPLOYEE, COLLEAGUE, MANAGER, OUTSIDER, ADMIN, 7]);
    let body = to(json!({ "user_ids": everybody, "people": people }));
    let plan = rehearse(&admin, template, body.clone()).await.expect(200);
    let expected = [
        "Ada Admin skipped not_for_role",
        "Cleo Colleague skipped left_out",
        "Cora Controller skipped not_for_role",
        "Emil Employee skipped has_one",
        "Mara Manager skipped not_for_role",
        "Otto Outsider skipped inactive",
    ];
    assert_eq!(outcomes(&plan), expected);
    assert_eq!(plan.json()["people"][3]["kpi_id"], mine.id());
    assign(&admin, template, body).await.invalid("user_ids nobody");

    let finance = make(&app, json!({ "name": "Audits", "department_id": FINANCE })).await;
    let plan = rehearse(&admin, finance, to(json!({ "user_ids": [EMPLOYEE, 7] }))).await;
    assert_eq!(outcomes(&plan), ["Cora Controller gets", "Emil Employee skipped not_for_department"]);
}

#[tokio::test]
async fn everybody_gets_a_draft_of_their_own_and_hears_of_it() {
    let app = TestApp::new().await;
    let (admin, owner) = (app.admin().await, app.employee().await);
    let template = visits(&app).await;
    let people = json!([{ "user_id": EMPLOYEE, "overrides": { "target": 25 } }]);
    let body = to(json!({
        "user_ids": [EMPLOYEE, COLLEAGUE], "overrides": { "title": "Visits in spring", "target": 12 },
        "people": people,
    }));
    let done = assign(&admin, template, body).await.expect(200);
    assert_eq!(done.json()["gets"], 2);
    let kpi = done.json()["people"][1]["kpi_id"].as_i64().unwrap();
    let draft = owner.get(&format!("/kpis/{kpi}")).await.expect(200).json();
    assert_eq!((&draft["title"], &draft["target"]), (&json!("Visits in spring"), &json!(25.0)));
    assert_eq!((&draft["status"], &draft["template_version"]), (&json!("draft"), &json!(1)));
    assert_eq!((&draft["created_by"], &draft["user_id"]), (&json!(ADMIN), &json!(EMPLOYEE)));
    let acts = owner.get(&format!("/kpis/{kpi}/history")).await.column("act");
    assert_eq!(acts, ["create"]);

    app.all_news().await;
    let told = owner.get("/notifications").await.expect(200).items();
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["kind"], &told[0]["link"]),
        (&json!("assigned"), &json!(format!("/kpis/{kpi}/edit")))
    );
    assert_eq!(told[0]["data"]["actor_name"], "Ada Admin");

    let listed = admin.get(&format!("/templates/{template}/assignments")).await.expect(200).items();
    assert_eq!((&listed[0]["made"], &listed[0]["by_name"]), (&json!(2), &json!("Ada Admin")));
    assert!(listed[0]["undo_until"].is_string());
}

#[tokio::test]
async fn one_refused_draft_means_none_for_anybody() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let template = visits(&app).await;
    let people = json!([{ "user_id": COLLEAGUE, "overrides": { "weight": 101, "decimals": 9 } }]);
    let body = to(json!({ "user_ids": [EMPLOYEE, COLLEAGUE], "people": people }));
    let plan = rehearse(&admin, template, body.clone()).await.expect(200);
    assert_eq!(outcomes(&plan), ["Cleo Colleague refused", "Emil Employee gets"]);
    assert_eq!(plan.json()["people"][0]["findings"][0]["field"], "decimals");
    let refused = assign(&admin, template, body).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["field"], format!("people.{COLLEAGUE}.decimals"));
    assert_eq!(kpis(&admin, template).await, 0);
    assert!(admin.get(&format!("/templates/{template}/assignments")).await.items().is_empty());
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let template = visits(&app).await;
    for (body, fault) in [
        (to(json!({})), "user_ids required"),
        (to(json!({ "user_ids": [99] })), "user_ids.0 unknown"),
        (to(json!({ "department_id": 99 })), "department_id unknown"),
        (to(json!({ "user_ids": [EMPLOYEE], "overrides": { "year": 2027 } })), "overrides contradiction"),
        (
            to(json!({ "user_ids": [4], "people": [{ "user_id": 4 }, { "user_id": 4 }] })),
            "people.1.user_id doubled",
        ),
        (to(json!({ "user_ids": [EMPLOYEE], "colour": "red" })), "colour unknown_field"),
    ] {
        rehearse(&admin, template, body).await.invalid(fault);
    }
    let one = || to(json!({ "user_ids": [EMPLOYEE] }));
    rehearse(&admin, 99, one()).await.refused(404, "not_found");
    admin.patch(&format!("/templates/{template}"), 1, json!({ "is_active": false })).await.expect(200);
    rehearse(&admin, template, one()).await.invalid("template_id inactive");
    app.manager()
        .await
        .post(&format!("/templates/{template}/assign"), one())
        .await
        .refused(403, "not_allowed");
}

#[tokio::test]
async fn nothing_is_assigned_for_a_closed_quarter() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let template = visits(&app).await;
    let row = period::ActiveModel {
        period: Set(2026 * 4),
        is_closed: Set(true),
        revision: Set(1),
        closed_at: Set(Some(0)),
        closed_by: Set(Some(ADMIN)),
        ..Default::default()
    };
    period::Entity::insert(row).exec_without_returning(app.ctx.db.writer()).await.unwrap();
    let body = || to(json!({ "user_ids": [EMPLOYEE] }));
    rehearse(&admin, template, body()).await.refused(409, "period_closed");
    assign(&admin, template, body()).await.refused(409, "period_closed");
}

/// Each gets a draft with history, audit and events of its own, as any other creation.
#[tokio::test]
async fn many_people_are_one_transaction() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let template = visits(&app).await;
    for number in 0..8 {
        let user = json!({
            "email": format!("p{number}@firma.example"), "username": format!("person{number}"),
            "full_name": format!("Person {number:02}"), "department_id": FINANCE,
        });
        admin.post("/users", user).await.expect(201);
    }
    let before = admin.get("/audit-log?entity=kpi").await.expect(200).json()["total"].as_u64().unwrap();
    let done = assign(&admin, template, to(json!({ "department_id": FINANCE }))).await.expect(200).json();
    assert_eq!((&done["gets"], &done["refused"]), (&json!(10), &json!(0)));
    let after = admin.get("/audit-log?entity=kpi").await.expect(200).json()["total"].as_u64().unwrap();
    assert_eq!(after - before, 10);
    assert_eq!(kpis(&admin, template).await, 10);
    let undone = admin.request("POST", &format!("/assignments/{}/undo", done["id"])).send().await.expect(200);
    assert_eq!(undone.json()["removed"], 10);
    assert_eq!(kpis(&admin, template).await, 0);
}

#[tokio::test]
async fn the_same_request_twice_makes_one_assignment() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let template = visits(&app).await;
    let ask = async || {
        let body = to(json!({ "user_ids": [EMPLOYEE] }));
        admin.request("POST", &format!("/templates/{template}/assign")).key("once").json(body).send().await
    };
    let first = ask().await.expect(200);
    let again = ask().await.expect(200);
    assert_eq!(first.json(), again.json());
    assert_eq!(kpis(&admin, template).await, 1);
}

#[tokio::test]
async fn untouched_drafts_are_taken_back_and_the_others_stay() {
    let app = TestApp::new().await;
    let (admin, owner) = (app.admin().await, app.employee().await);
    let template = visits(&app).await;
    let body = to(json!({ "user_ids": [EMPLOYEE, COLLEAGUE, OUTSIDER] }));
    let done = assign(&admin, template, body).await.expect(200).json();
    let of = |index: usize| done["people"][index]["kpi_id"].as_i64().unwrap();
    let (colleagues, own, outsiders) = (of(0), of(1), of(2));
    owner.patch(&format!("/kpis/{own}"), 1, json!({ "target": 11 })).await.expect(200);
    let said = json!({ "body": "Is this right?" });
    app.outsider().await.post(&format!("/kpis/{outsiders}/comments"), said).await.expect(201);

    let undo = format!("/assignments/{}/undo", done["id"]);
    app.manager().await.post(&undo, Value::Null).await.refused(403, "not_allowed");
    let undone = admin.request("POST", &undo).send().await.expect(200).json();
    assert_eq!(undone["removed"], 1);
    let reasons: Vec<&Value> =
        undone["kept"].as_array().unwrap().iter().map(|kept| &kept["reason"]).collect();
    assert_eq!(reasons, [&json!("changed"), &json!("commented")]);
    admin.get(&format!("/kpis/{colleagues}")).await.refused(404, "not_found");
    owner.get(&format!("/kpis/{own}")).await.expect(200);
    admin.request("POST", &undo).send().await.refused(409, "undo_over");
    admin.request("POST", "/assignments/99/undo").send().await.refused(404, "not_found");

    // Whoever lost the draft again is told nothing.
    app.all_news().await;
    assert!(app.colleague().await.get("/notifications").await.items().is_empty());
    let listed = admin.get(&format!("/templates/{template}/assignments")).await.items();
    assert!(listed[0]["undo_until"].is_null() && listed[0]["undone_at"].is_string());
}

#[tokio::test]
async fn after_ten_minutes_it_stands() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let template = visits(&app).await;
    let done = assign(&admin, template, to(json!({ "user_ids": [EMPLOYEE] }))).await.expect(200).json();
    app.clock.set(app.ctx.clock.now().plus_seconds(600));
    let undo = format!("/assignments/{}/undo", done["id"]);
    admin.request("POST", &undo).send().await.refused(409, "undo_over");
    assert_eq!(kpis(&admin, template).await, 1);
}
