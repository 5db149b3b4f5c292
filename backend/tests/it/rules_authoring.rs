//! Writing rules: drafts, what they are checked and tested for, publishing, versions, and who may.

use kpi::{entity::rule_version, rules::authoring::shipping};
use kpi_api::scoring::RuleKind;
use kpi_engine::Shipped;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::support::{
    Actor, Response, TestApp,
    company::{FINANCE, SALES},
    kpis::kpi_in,
};

/// Half of what the standard gives.
pub const HALF: &str = "//! Half marks\n//! Gives half of the points.\n\nfn score(kpi, ctx) {\n    let p = attainment(kpi);\n    if p == () {\n        return #{ score: () };\n    }\n    #{ score: clamp(50 * p, 0, min(60, kpi.cap ?? ctx.settings.cap)) }\n}\n";

pub fn revision(response: &Response) -> i64 {
    response.json()["revision"].as_i64().unwrap_or_else(|| panic!("{}", response.text()))
}

impl Actor {
    /// A new score rule of Sales as a draft.
    pub async fn sales_rule(&self, source: &str) -> Response {
        let scope = format!("department:{SALES}");
        let rule = json!({ "name": "sales", "kind": "score", "scope": scope, "source": source });
        self.post("/rules", rule).await
    }

    pub async fn drafts(&self, rule: i64, revision: i64, source: &str) -> Response {
        let draft = json!({ "source": source, "tests": { "cases": [] } });
        self.request("PUT", &format!("/rules/{rule}/draft")).version(revision).json(draft).send().await
    }

    async fn retires(&self, rule: i64, revision: i64) -> Response {
        self.request("POST", &format!("/rules/{rule}/retire")).version(revision).send().await
    }

    pub async fn publishes(&self, rule: i64, revision: i64) -> Response {
        self.act(&format!("/rules/{rule}/publish"), revision, json!({ "note": "because" })).await
    }
}

#[tokio::test]
async fn a_rule_of_a_department_goes_from_draft_to_scores() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 75.0);

    let rule = admin.sales_rule(HALF).await.expect(201);
    let body = rule.json();
    assert_eq!(
        (&body["state"], &body["version"], &body["origin"]),
        (&json!("draft"), &json!(0), &json!("own"))
    );
    assert_eq!((&body["name"], &body["scope_name"]), (&json!("score/sales"), &json!("Sales")));
    assert_eq!(body["title"], "Half marks");
    // A draft has no effect.
    assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 75.0);

    let path = format!("/rules/{}/publish", rule.id());
    let published = admin.act(&path, 1, json!({ "note": "as agreed with Sales" })).await.expect(200);
    let body = published.json();
    assert_eq!((&body["version"], &body["state"]), (&json!(1), &json!("published")));
    assert_eq!(body["effective_from"], json!({ "year": 2026, "quarter": "Q1" }));
    assert_eq!((&body["draft"], &body["rescore_id"]), (&Value::Null, &Value::Null));
    assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 37.5);
    let receipt = employee.get(&format!("/kpis/{}/receipt", kpi.id())).await.expect(200).json();
    assert_eq!((&receipt["rule"]["name"], &receipt["rule"]["version"]), (&json!("score/sales"), &json!(1)));
    let news = admin.get("/audit-log?action=rule.publish").await.expect(200).items();
    assert_eq!(news.len(), 1);

    // Retired, it leaves the field to the rule for everybody.
    admin.retires(rule.id(), revision(&published)).await.expect(200);
    assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 75.0);
    // And comes back with an older version.
    let path = format!("/rules/{}/rollback", rule.id());
    let back = json!({ "version": 1, "note": "it was better" });
    let back = admin.act(&path, revision(&published) + 1, back).await.expect(200).json();
    assert_eq!((&back["version"], &back["state"]), (&json!(2), &json!("published")));
    assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 37.5);

    // Back from the next quarter on, it leaves this one to the rule that took its place.
    let seen = back["revision"].as_i64().unwrap();
    admin.retires(rule.id(), seen).await.expect(200);
    let next = json!({ "version": 1, "note": "later", "effective_from": { "year": 2026, "quarter": "Q2" } });
    admin.act(&path, seen + 1, next).await.expect(200);
    assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 75.0);
}

#[tokio::test]
async fn a_version_applies_from_its_quarter_on() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    let rule = admin.sales_rule(HALF).await.expect(201).id();
    let later = json!({ "note": "from spring on", "effective_from": { "year": 2026, "quarter": "Q2" } });
    admin.act(&format!("/rules/{rule}/publish"), 1, later).await.expect(200);
    // The department's rule has nothing to say about this quarter, so the rule for everybody counts.
    assert_eq!(employee.records(&kpi, 150.0).await.expect(201).json()["kpi"]["score"], 75.0);
    let policy = employee.get("/scoring-policy").await.expect(200).json();
    let sales =
        policy["departments"].as_array().unwrap().iter().find(|of| of["id"] == SALES).cloned().unwrap();
    assert_eq!((&sales["is_own"], &sales["score"]["name"]), (&json!(false), &json!("score/standard")));
    app.clock.set("2026-04-02T09:00:00Z".parse().unwrap());
    let policy = app.employee().await.get("/scoring-policy").await.expect(200).json();
    let sales =
        policy["departments"].as_array().unwrap().iter().find(|of| of["id"] == SALES).cloned().unwrap();
    assert_eq!((&sales["is_own"], &sales["score"]["title"]["text"]), (&json!(true), &json!("Half marks")));
}

#[tokio::test]
async fn a_closed_quarter_takes_no_rule() {
    use kpi::entity::period;
    use sea_orm::{ActiveModelTrait, ActiveValue::Set};

    let app = TestApp::new().await;
    let admin = app.admin().await;
    let row = period::ActiveModel {
        period: Set(2025 * 4 + 3),
        is_closed: Set(true),
        revision: Set(1),
        ..Default::default()
    };
    row.insert(app.ctx.db.writer()).await.unwrap();
    let rule = admin.sales_rule(HALF).await.expect(201).id();
    let closed = json!({ "note": "too late", "effective_from": { "year": 2025, "quarter": "Q4" } });
    admin.act(&format!("/rules/{rule}/publish"), 1, closed).await.invalid("effective_from period_closed");
    admin.publishes(rule, 1).await.expect(200);
}

#[tokio::test]
async fn what_does_not_hold_is_not_published() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let rule = admin.sales_rule("fn score(kpi, ctx) {\n    retrun 5;\n}").await.expect(201).id();
    let refused = admin.publishes(rule, 1).await;
    refused.refused(409, "check_failed");
    assert_eq!(refused.faults(), ["source check_failed"]);
    assert!(refused.text().contains("Line 2, column"), "{}", refused.text());

    // A better value that gives less.
    let upside_down = "//! No\nfn score(kpi, ctx) { let p = attainment(kpi); if p == () { return #{ score: () }; } #{ score: clamp(50 - 50 * p, 0, 50) } }";
    let drafted = admin.drafts(rule, 1, upside_down).await.expect(200);
    let refused = admin.publishes(rule, revision(&drafted)).await;
    refused.refused(409, "tests_failed");
    assert_eq!(refused.faults(), ["better_is_not_less property_failed"]);

    // A case that does not pass.
    let case =
        json!({ "name": "half", "kpi": { "target": 100, "current": 100 }, "expected": { "score": 51 } });
    let tests = json!({ "source": HALF, "tests": { "cases": [case] } });
    let path = format!("/rules/{rule}/draft");
    let drafted =
        admin.request("PUT", &path).version(revision(&drafted)).json(tests).send().await.expect(200);
    let refused = admin.publishes(rule, revision(&drafted)).await;
    refused.refused(409, "tests_failed");
    assert_eq!(refused.faults(), ["cases.0 case_failed"]);
    assert!(refused.text().contains("score is 50, expected 51"), "{}", refused.text());

    // A case file that cannot be read.
    let tests = json!({ "text": "[[case]]\nname = 5" });
    let path = format!("/rules/{rule}/tests");
    let drafted =
        admin.request("PUT", &path).version(revision(&drafted)).json(tests).send().await.expect(200);
    let refused = admin.publishes(rule, revision(&drafted)).await;
    assert_eq!(refused.faults(), ["tests unreadable"]);
    assert!(admin.get(&path).await.expect(200).json()["fault"]["line"].is_number());
    assert_eq!(rule_version::Entity::find().count(app.ctx.db.read()).await.unwrap(), 3);
}

#[tokio::test]
async fn refusals_of_new_rules_name_what_is_wrong() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let rule = |changes: Value| {
        let mut rule =
            json!({ "name": "own", "kind": "score", "scope": format!("department:{SALES}"), "source": HALF });
        for (field, value) in changes.as_object().unwrap() {
            rule[field] = value.clone();
        }
        rule
    };
    for (changes, fault) in [
        (json!({ "name": "" }), "name invalid"),
        (json!({ "name": "Own Rule" }), "name invalid"),
        (json!({ "name": "validate/own" }), "name invalid"),
        (json!({ "name": "../own" }), "name invalid"),
        (json!({ "scope": "department:999" }), "scope unknown"),
        (json!({ "scope": "template:1" }), "scope unknown"),
        (json!({ "scope": "everywhere" }), "scope unknown"),
        (json!({ "source": "x".repeat(65 * 1024) }), "source too_long"),
        (json!({ "tests": {} }), "cases required"),
        (json!({ "tests": { "cases": [{ "name": "", "expected": {} }] } }), "cases.0.name invalid"),
        (
            json!({ "tests": { "cases": [{ "name": "a", "kpi": { "tagret": 1 }, "expected": {} }] } }),
            "cases.0.kpi invalid",
        ),
    ] {
        admin.post("/rules", rule(changes)).await.invalid(fault);
    }
    // Two score rules of one scope would leave open which counts; the scope of everybody is taken already.
    admin.post("/rules", rule(json!({ "scope": "global" }))).await.refused(409, "duplicate");
    let made = admin.post("/rules", rule(json!({}))).await.expect(201);
    admin.post("/rules", rule(json!({ "name": "other" }))).await.refused(409, "duplicate");
    admin.post("/rules", rule(json!({ "scope": format!("department:{FINANCE}") }))).await.expect(201);
    // Of the other kinds all apply, so there may be many.
    let check = json!({ "kind": "validate", "source": "fn validate(kpi, ctx) { [] }" });
    admin.post("/rules", rule(check.clone())).await.expect(201);
    admin.post("/rules", rule(check)).await.refused(409, "duplicate");

    admin.delete(&format!("/rules/{}", made.id()), 9).await.refused(412, "stale_version");
    admin.delete(&format!("/rules/{}", made.id()), 1).await.expect(204);
    admin.get(&format!("/rules/{}", made.id())).await.refused(404, "not_found");
}

#[tokio::test]
async fn states_that_do_not_allow_an_act_are_told() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.publishes(1, 1).await.refused(409, "rule_state");
    admin.delete("/rules/1", 1).await.refused(409, "rule_state");
    admin.request("DELETE", "/rules/1/draft").version(1).send().await.refused(409, "rule_state");
    // Somebody has to score.
    admin.retires(1, 1).await.refused(409, "rule_state");
    let rollback = json!({ "version": 1, "note": "again" });
    admin.act("/rules/1/rollback", 1, rollback.clone()).await.invalid("version present");
    let unknown = json!({ "version": 7, "note": "again" });
    admin.act("/rules/1/rollback", 1, unknown).await.invalid("version unknown");
    let own = admin.sales_rule(HALF).await.expect(201).id();
    admin.retires(own, 1).await.refused(409, "rule_state");
    admin
        .request("DELETE", &format!("/rules/{own}/draft"))
        .version(1)
        .send()
        .await
        .refused(409, "rule_state");
    admin.act(&format!("/rules/{own}/publish"), 1, json!({ "note": " " })).await.invalid("note required");
    admin
        .request("POST", &format!("/rules/{own}/publish"))
        .json(json!({ "note": "x" }))
        .send()
        .await
        .refused(428, "version_missing");
    admin.get("/rules/1/versions/9").await.refused(404, "not_found");
    admin.get("/rules/1/diff").await.invalid("to unknown");
}

#[tokio::test]
async fn versions_stay_and_can_be_compared() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let rule = admin.sales_rule(HALF).await.expect(201).id();
    let first = admin.publishes(rule, 1).await.expect(200);
    let changed = HALF.replace("50 * p", "60 * p");
    let drafted = admin.drafts(rule, revision(&first), &changed).await.expect(200);
    assert_eq!(drafted.json()["draft"]["based_on"], 1);
    let diff = admin.get(&format!("/rules/{rule}/diff")).await.expect(200).json();
    assert_eq!(
        (&diff["from"], &diff["to"], &diff["added"], &diff["removed"]),
        (&json!("1"), &json!("draft"), &json!(1), &json!(1))
    );
    admin.publishes(rule, revision(&drafted)).await.expect(200);
    let versions = admin.get(&format!("/rules/{rule}/versions")).await.expect(200);
    assert_eq!(versions.column("version"), [json!(2), json!(1)]);
    assert_eq!(versions.column("is_published"), [json!(true), json!(false)]);
    assert_eq!(versions.items()[0]["author"]["full_name"], "Ada Admin");
    let old = admin.get(&format!("/rules/{rule}/versions/1")).await.expect(200).json();
    assert_eq!((&old["source"], &old["checksum"]), (&json!(HALF), &json!(kpi_engine::checksum(HALF))));
    let diff = admin.get(&format!("/rules/{rule}/diff?from=1&to=2")).await.expect(200).json();
    assert_eq!(diff["hunks"].as_array().unwrap().len(), 1);
    let diff = admin.get(&format!("/rules/{rule}/diff?from=0&to=1")).await.expect(200).json();
    assert_eq!(diff["removed"], 0);
}

#[tokio::test]
async fn of_many_who_publish_at_once_one_wins() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let rule = admin.sales_rule(HALF).await.expect(201).id();
    let racers = (0..8).map(|_| {
        let admin = admin.clone();
        tokio::spawn(async move { admin.publishes(rule, 1).await.status })
    });
    let mut statuses = Vec::new();
    for racer in racers.collect::<Vec<_>>() {
        statuses.push(racer.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
    assert_eq!(admin.get(&format!("/rules/{rule}/versions")).await.expect(200).items().len(), 1);
    // The same draft is kept, whoever was faster.
    let first = admin.drafts(1, 1, HALF).await.expect(200);
    admin.drafts(1, 1, "other").await.refused(412, "stale_version");
    assert_eq!(admin.get("/rules/1").await.expect(200).json()["draft"]["source"], HALF);
    assert_eq!(revision(&first), 2);
}

#[tokio::test]
async fn a_repeated_creation_gives_the_same_rule() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let rule = json!({ "name": "own", "kind": "remind", "scope": "global", "source": "" });
    let make = async || admin.request("POST", "/rules").key("k1").json(rule.clone()).send().await.expect(201);
    assert_eq!(make().await.id(), make().await.id());
    assert_eq!(admin.get("/rules").await.items().len(), 4);
}

#[tokio::test]
async fn an_upgrade_is_offered_and_never_put_over_what_somebody_wrote() {
    const NEWER: &str = "//! Newer\nfn score(kpi, ctx) { #{ score: () } }";
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let newer =
        |source| [Shipped { name: "score/standard", kind: RuleKind::Score, source, cases: "case = []" }];
    shipping::put_in(&app.ctx, &newer(NEWER)).await.unwrap();
    let rule = admin.get("/rules/1").await.expect(200).json();
    assert_eq!((&rule["draft_offered"], &rule["version"]), (&json!(true), &json!(1)));
    assert_eq!((&rule["draft"]["source"], &rule["draft"]["updated_by"]), (&json!(NEWER), &Value::Null));
    // Once is enough: thrown away, it does not come back with the next start.
    let revision = rule["revision"].as_i64().unwrap();
    admin.request("DELETE", "/rules/1/draft").version(revision).send().await.expect(200);
    shipping::put_in(&app.ctx, &newer(NEWER)).await.unwrap();
    assert_eq!(admin.get("/rules/1").await.expect(200).json()["has_draft"], false);

    // Somebody's own draft stays; the next one is offered when that is done with.
    let drafted = admin.drafts(1, revision + 1, HALF).await.expect(200);
    let next = NEWER.replace("Newer", "Newest");
    shipping::put_in(&app.ctx, &newer(&*next.leak())).await.unwrap();
    let rule = admin.get("/rules/1").await.expect(200).json();
    assert_eq!((&rule["draft"]["source"], &rule["draft_offered"]), (&json!(HALF), &json!(false)));
    let published = admin.publishes(1, self::revision(&drafted)).await.expect(200);
    assert_eq!(published.json()["version"], 2);
    let next = NEWER.replace("Newer", "Newest");
    shipping::put_in(&app.ctx, &newer(&*next.leak())).await.unwrap();
    let rule = admin.get("/rules/1").await.expect(200).json();
    assert_eq!((&rule["draft_offered"], &rule["version"]), (&json!(true), &json!(2)));
    assert_eq!((&rule["source"], &rule["draft"]["based_on"]), (&json!(HALF), &json!(2)));
}

#[tokio::test]
async fn nobody_but_administrators_writes_rules() {
    let app = TestApp::new().await;
    for actor in [app.employee().await, app.manager().await] {
        actor.sales_rule(HALF).await.refused(403, "not_allowed");
        actor.drafts(1, 1, HALF).await.refused(403, "not_allowed");
        actor.publishes(1, 1).await.refused(403, "not_allowed");
        actor.post("/rules/1/run", json!({})).await.refused(403, "not_allowed");
        actor.get("/rules/vocabulary").await.refused(403, "not_allowed");
        actor.get("/scoring-policy").await.expect(200);
    }
    assert_eq!(app.admin().await.get("/rules/1").await.expect(200).json()["revision"], 1);
}
