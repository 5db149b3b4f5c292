//! Publishing a rule with a re-score: open quarters are scored anew, exactly once, and closed ones never.

use kpi::{
    admin::coherence,
    entity::{kpi as row, period, rescore as job, rule, rule_version},
    platform::{db::work::By, ledger, signals::Topic},
    rules::rescore,
};
use kpi_api::id::{RuleId, UserId, Version};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter,
};
use serde_json::{Value, json};

use crate::support::{
    Actor, Response, TestApp,
    company::{ADMIN, EMPLOYEE, OUTSIDER},
    kpis::kpi_in,
};

const HALF: &str = r#"//! Half of it
fn score(kpi, ctx) {
    let p = attainment(kpi);
    if p == () { return #{ score: () }; }
    #{ score: clamp(50 * p, 0, 120) }
}"#;

/// Publishes a source as the next version of the standard rule and asks for a re-score from a quarter on.
pub async fn publish(app: &TestApp, version: i64, source: &str, from: Option<i64>) -> i64 {
    let by = By { user_id: Some(UserId(ADMIN)), request_id: "publish".into(), idempotency_key: None };
    let mut work = app.ctx.begin(by).await.unwrap();
    let named = rule::Column::Name.eq("score/standard");
    let found = rule::Entity::find().filter(named).one(work.tx()).await.unwrap().unwrap();
    let fresh = rule_version::ActiveModel {
        rule_id: Set(found.id),
        version: Set(version),
        source: Set(source.to_owned()),
        tests: Set(String::new()),
        checksum: Set(kpi_engine::checksum(source)),
        engine: Set(kpi_engine::ENGINE_VERSION.to_owned()),
        note: Set("made for the test".to_owned()),
        effective_period: Set(from),
        created_at: Set(0),
        ..Default::default()
    };
    fresh.insert(work.tx()).await.unwrap();
    let published =
        rule::ActiveModel { id: Set(found.id), published_version: Set(version), ..Default::default() };
    published.update(work.tx()).await.unwrap();
    let begun = rescore::start(&app.ctx, &mut work, RuleId(found.id), Version(version), from).await.unwrap();
    work.touch(Topic::Rules);
    work.commit(&()).await.unwrap();
    begun.0
}

/// A KPI of somebody with a value; 200 is the target.
async fn measured(owner: &Actor, decider: &Actor, value: f64) -> Response {
    let kpi = kpi_in("approved", owner, decider).await;
    owner.records(&kpi, value).await.expect(201);
    owner.sees(&kpi).await
}

async fn stored(app: &TestApp, kpi: &Response) -> row::Model {
    row::Entity::find_by_id(kpi.id()).one(app.ctx.db.read()).await.unwrap().unwrap()
}

async fn coherent(app: &TestApp) {
    let faults = coherence::faults(app.ctx.db.read()).await.unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    assert!(ledger::verify(app.ctx.db.read()).await.unwrap().ok);
}

#[tokio::test]
async fn running_kpis_are_scored_anew_once_with_history_and_receipt() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let (controller, outsider) = (app.controller().await, app.outsider().await);
    let one = measured(&employee, &manager, 150.0).await;
    let two = kpi_in("in_review", &employee, &manager).await;
    let three = measured(&outsider, &controller, 20.0).await;
    let closed = kpi_in("closed", &employee, &manager).await;
    let draft = employee.draft("Not yet").await;
    let untouched = [stored(&app, &closed).await, stored(&app, &draft).await];

    let id = publish(&app, 2, HALF, None).await;
    let begun = admin.get(&format!("/rescores/{id}")).await.expect(200).json();
    assert_eq!((&begun["state"], &begun["total"], &begun["done"]), (&json!("running"), &json!(3), &json!(0)));
    rescore::finish_all(&app.ctx).await.unwrap();
    rescore::finish_all(&app.ctx).await.unwrap();

    for (kpi, score) in [(&one, 37.5), (&two, 37.5), (&three, 5.0)] {
        let now = stored(&app, kpi).await;
        assert_eq!((now.score, now.version), (Some(score), kpi.version() + 1));
    }
    assert_eq!([stored(&app, &closed).await, stored(&app, &draft).await], untouched);

    let history = employee.get(&format!("/kpis/{}/history", one.id())).await.expect(200).items();
    let newest = &history[0];
    assert_eq!((&newest["act"], &newest["by"]), (&json!("rescore"), &json!(ADMIN)));
    assert_eq!(history.iter().filter(|row| row["act"] == "rescore").count(), 1);
    let change = json!({ "field": "score", "old": 75.0, "new": 37.5 });
    assert!(newest["changes"].as_array().unwrap().contains(&change), "{newest}");
    let receipt = employee.get(&format!("/kpis/{}/receipt", one.id())).await.expect(200).json();
    assert_eq!(receipt["rule"]["version"], 2);
    let said: Vec<&Value> = receipt["changed_since"]["sentences"].as_array().unwrap().iter().collect();
    assert_eq!(said[0]["text"], "The score went from 75 to 37.5 points.");
    assert_eq!(said[2]["text"], "The rule score/standard is at version 2 now; before, it was 1.");

    let done = admin.get(&format!("/rescores/{id}")).await.expect(200).json();
    assert_eq!(
        [&done["state"], &done["done"], &done["rescored"], &done["changed"], &done["by"]["id"]],
        [&json!("done"), &json!(3), &json!(3), &json!(3), &json!(ADMIN)]
    );
    let people = done["by_person"].as_array().unwrap();
    let of = |user: i64| people.iter().find(|person| person["user"]["id"] == user).unwrap();
    assert_eq!((&of(EMPLOYEE)["before"], &of(EMPLOYEE)["after"]), (&json!(75.0), &json!(37.5)));
    assert_eq!((&of(EMPLOYEE)["kpis"], &of(OUTSIDER)["after"]), (&json!(2), &json!(5.0)));
    let list = admin.get(&format!("/rules/{}/rescores", done["rule_id"])).await.expect(200).items();
    assert_eq!((list.len(), &list[0]["id"], &list[0]["rescored"]), (1, &json!(id), &json!(3)));
    coherent(&app).await;
}

#[tokio::test]
async fn scoring_anew_marks_what_an_older_version_had_to_score_and_takes_the_mark_away() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = measured(&employee, &manager, 150.0).await;
    for (version, source, is_flagged) in [(2, "fn score(kpi, ctx) { throw \"no\" }", true), (3, HALF, false)]
    {
        publish(&app, version, source, None).await;
        rescore::finish_all(&app.ctx).await.unwrap();
        assert_eq!(stored(&app, &kpi).await.is_flagged, is_flagged, "version {version}");
        assert_eq!(employee.get("/kpis").await.expect(200).column("is_flagged"), [json!(is_flagged)]);
        coherent(&app).await;
    }
}

#[tokio::test]
async fn administrators_are_told_once_and_nobody_else() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    measured(&employee, &manager, 150.0).await;
    measured(&employee, &manager, 100.0).await;
    app.all_news().await;
    let count = async |who: &Actor| who.get("/notifications").await.expect(200).items().len();
    let before = (count(&employee).await, count(&manager).await, count(&admin).await);
    publish(&app, 2, HALF, None).await;
    rescore::finish_all(&app.ctx).await.unwrap();
    app.all_news().await;
    assert_eq!((count(&employee).await, count(&manager).await), (before.0, before.1));
    let told = admin.get("/notifications").await.items();
    assert_eq!(told.len(), before.2 + 1);
    assert_eq!(told[0]["kind"], "rule_rescored");
    let text = "KPIs scored anew by version 2: 2; those with another score: 2.";
    assert_eq!(told[0]["data"]["text"]["text"], text);
}

#[tokio::test]
async fn closed_quarters_and_those_before_the_first_are_left_alone() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let kpi = measured(&employee, &manager, 150.0).await;
    let before = stored(&app, &kpi).await;
    // From the next quarter on.
    publish(&app, 2, HALF, Some(before.period + 1)).await;
    rescore::finish_all(&app.ctx).await.unwrap();
    assert_eq!(stored(&app, &kpi).await, before);

    let closing = period::ActiveModel {
        period: Set(before.period),
        is_closed: Set(true),
        revision: Set(1),
        closed_at: Set(Some(0)),
        closed_by: Set(Some(ADMIN)),
        ..Default::default()
    };
    closing.insert(app.ctx.db.writer()).await.unwrap();
    app.ctx.signals.changed(Topic::Periods);
    publish(&app, 3, HALF, None).await;
    rescore::finish_all(&app.ctx).await.unwrap();
    assert_eq!(stored(&app, &kpi).await, before);
}

async fn unfinished(app: &TestApp, id: i64) -> job::Model {
    job::Entity::find_by_id(id).one(app.ctx.db.read()).await.unwrap().unwrap()
}

/// A server that ended after some of them goes on behind these.
#[tokio::test]
async fn an_interrupted_rescore_goes_on_where_it_stopped() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let first = measured(&employee, &manager, 150.0).await;
    let second = measured(&employee, &manager, 100.0).await;
    let id = publish(&app, 2, HALF, None).await;
    let begun = unfinished(&app, id).await;
    // As left behind: the first one is done already, by this very re-score.
    rescore::carry_on(&app.ctx, begun.clone()).await.unwrap();
    let half = unfinished(&app, id).await;
    assert_eq!((half.state.as_str(), half.done, half.after_user_id), ("running", 2, EMPLOYEE));
    // Another one that has not heard of that writes nothing.
    rescore::carry_on(&app.ctx, begun).await.unwrap();
    assert_eq!(unfinished(&app, id).await, half);
    rescore::finish_all(&app.ctx).await.unwrap();
    assert_eq!(unfinished(&app, id).await.state, "done");
    for kpi in [&first, &second] {
        assert_eq!(stored(&app, kpi).await.version, kpi.version() + 1);
    }
    coherent(&app).await;
}

/// More KPIs than are scored at a time, and one person who has more than that alone.
#[tokio::test]
async fn everybodys_kpis_are_taken_once_however_many_they_have() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let one = measured(&employee, &manager, 150.0).await;
    let before = stored(&app, &one).await;
    for (owner, count) in [(EMPLOYEE, 230), (OUTSIDER, 120), (ADMIN, 120)] {
        let copies = (0..count).map(|_| {
            let copy = row::ActiveModel::from(row::Model { user_id: owner, ..before.clone() }).reset_all();
            row::ActiveModel { id: NotSet, ..copy }
        });
        row::Entity::insert_many(copies).exec_without_returning(app.ctx.db.writer()).await.unwrap();
    }
    let id = publish(&app, 2, HALF, None).await;
    rescore::finish_all(&app.ctx).await.unwrap();
    let done = app.admin().await.get(&format!("/rescores/{id}")).await.expect(200).json();
    assert_eq!([&done["done"], &done["rescored"]], [&json!(471), &json!(471)]);
    let all = row::Entity::find().all(app.ctx.db.read()).await.unwrap();
    assert_eq!(all.len(), 471);
    assert!(all.iter().all(|kpi| kpi.version == before.version + 1));
}

/// People record values while KPIs are scored anew: no value is lost, and every score is the new version's.
#[tokio::test]
async fn check_ins_and_a_rescore_do_not_undo_each_other() {
    let app = TestApp::new().await;
    let (employee, manager) = (app.employee().await, app.manager().await);
    let mut kpis = Vec::new();
    for value in 0..12 {
        kpis.push(measured(&employee, &manager, f64::from(value)).await);
    }
    publish(&app, 2, HALF, None).await;
    let rescoring = tokio::spawn({
        let ctx = app.ctx.clone();
        async move { rescore::finish_all(&ctx).await }
    });
    let recording = kpis.iter().map(|kpi| {
        let (app, kpi) = (app.clone(), kpi.id());
        tokio::spawn(async move {
            let employee = app.employee().await;
            let path = format!("/kpis/{kpi}/check-ins");
            employee.post(&path, json!({ "value": 150, "note": "Later" })).await.expect(201);
        })
    });
    for one in recording.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    rescoring.await.unwrap().unwrap();
    for kpi in &kpis {
        assert_eq!(stored(&app, kpi).await.score, Some(37.5));
        let history = employee.get(&format!("/kpis/{}/history", kpi.id())).await.items();
        let count = |act: &str| history.iter().filter(|row| row["act"] == act).count();
        assert_eq!((count("check_in"), count("rescore")), (2, 1));
    }
    coherent(&app).await;
}

#[tokio::test]
async fn others_than_administrators_see_nothing_of_it() {
    let app = TestApp::new().await;
    let id = publish(&app, 2, HALF, None).await;
    let path = format!("/rescores/{id}");
    for who in [app.employee().await, app.manager().await, app.head().await] {
        who.get(&path).await.refused(403, "not_allowed");
    }
    app.anonymous().get(&path).await.refused(401, "not_logged_in");
    app.admin().await.get("/rescores/99999").await.refused(404, "not_found");
    app.admin().await.get("/rules/99999/rescores").await.refused(404, "not_found");
}
