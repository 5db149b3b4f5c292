//! Trying rules out: what is wrong with a source, what it says about a KPI, cases, samples, recipes, the vocabulary.

use kpi_engine::vocabulary;
use serde_json::{Value, json};

use crate::{
    rules_authoring::{HALF, revision},
    support::{
        TestApp,
        company::SALES,
        kpis::{definition, kpi_in},
    },
};

#[tokio::test]
async fn a_source_is_checked_with_line_and_column() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let check = async |source: &str| {
        let checked = admin.post("/rules/1/check", json!({ "source": source })).await.expect(200).json();
        let found = checked["diagnostics"].as_array().unwrap().clone();
        found
            .into_iter()
            .map(|found| {
                let place = (found["line"].as_u64().unwrap(), found["column"].as_u64().unwrap());
                (
                    place,
                    found["severity"].as_str().unwrap().to_owned(),
                    found["message"].as_str().unwrap().to_owned(),
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(check(HALF).await, []);
    let found = check("//! A\nfn score(kpi, ctx) {\n    #{ score: kpi.tagret }\n}").await;
    assert_eq!(found, [((3, 19), "error".into(), "`kpi` has no field `tagret`. Is it `target`?".into())]);
    let found = check("fn score(kpi, ctx) { #{ score: () } }\nfn spare(x) { x }").await;
    assert_eq!(
        found.iter().map(|found| (found.0, found.1.as_str())).collect::<Vec<_>>(),
        [((1, 1), "warning"), ((2, 1), "warning")]
    );
    // Half a word, as it is while somebody types.
    assert_eq!(check("fn score(kpi, ctx) {").await[0].1, "error");
    assert_eq!(check("").await[0].2, "A score rule needs a function `fn score(kpi, ctx)`.");
    admin.post("/rules/9/check", json!({ "source": "" })).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_source_runs_on_a_kpi_as_typed() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let body = json!({ "source": HALF, "kpi": { "target": 100, "current": 80 } });
    let ran = admin.post("/rules/1/run", body).await.expect(200).json();
    assert_eq!(ran["result"], json!({ "score": 40.0, "progress": 80.0, "band": "red" }));
    assert_eq!(
        (&ran["receipt"]["rule"]["title"], &ran["receipt"]["rule"]["version"]),
        (&json!("Half marks"), &json!(0))
    );
    assert!(ran["operations"].as_u64().unwrap() > 5);
    assert_eq!(ran["kpi"], json!({ "target": 100.0, "current": 80.0 }));
    assert_eq!(ran["expected"]["score"], 40.0);

    // What is kept as a case passes.
    let case = json!({ "name": "kept", "kpi": ran["kpi"], "ctx": ran["ctx"], "expected": ran["expected"] });
    let tests = json!({ "source": HALF, "tests": { "cases": [case] } });
    let report = admin.post("/rules/1/tests/run", tests).await.expect(200).json();
    assert_eq!((&report["passed"], &report["cases"][0]["passed"]), (&json!(true), &json!(true)), "{report}");
    assert_eq!(report["properties"].as_array().unwrap().len(), 5);

    // The published source where none is given, with surroundings of one's own.
    let body = json!({ "kpi": { "target": 100, "current": 150 }, "ctx": { "settings": { "cap": 140 } } });
    assert_eq!(admin.post("/rules/1/run", body).await.expect(200).json()["result"]["score"], 140.0);
    for (body, fault) in [
        (json!({ "kpi": { "tagret": 1 } }), "kpi invalid"),
        (json!({ "ctx": { "today": "soon" } }), "ctx invalid"),
        (json!({ "kpi_id": 99 }), "kpi_id unknown"),
        (json!({ "kpi_id": 99, "kpi": {} }), "kpi doubled"),
    ] {
        admin.post("/rules/1/run", body).await.invalid(fault);
    }
    let broken = admin.post("/rules/1/run", json!({ "source": "fn" })).await.expect(200).json();
    assert_eq!((&broken["result"], &broken["diagnostics"][0]["severity"]), (&Value::Null, &json!("error")));
}

#[tokio::test]
async fn rules_of_every_kind_run_on_a_stored_kpi() {
    let app = TestApp::new().await;
    let (admin, employee, manager) = (app.admin().await, app.employee().await, app.manager().await);
    let kpi = kpi_in("approved", &employee, &manager).await;
    employee.records(&kpi, 150.0).await.expect(201);
    let run = async |rule: i64, source: &str| {
        let body = json!({ "source": source, "kpi_id": kpi.id() });
        admin.post(&format!("/rules/{rule}/run"), body).await.expect(200).json()
    };
    assert_eq!(run(1, HALF).await["result"]["score"], 37.5);
    let found = run(2, "fn validate(kpi, ctx) { [warn(\"title\", \"{title} of {who}\", #{ title: kpi.title, who: kpi.owner.name })] }").await;
    assert_eq!(found["findings"][0]["message"]["text"], "Units sold of Emil Employee");
    assert_eq!(found["ctx"]["event"], "submit");
    let reminded =
        run(3, "fn remind(kpi, ctx) { step(\"looked\"); [remind(\"manager\", \"a\", \"b\")] }").await;
    assert_eq!((&reminded["reminders"][0]["to"], &reminded["log"]), (&json!("manager"), &json!(["looked"])));
    let thrown = run(1, "fn score(kpi, ctx) {\n  throw \"no luck\"\n}").await;
    assert_eq!(thrown["trouble"], json!({ "kind": "threw", "message": "no luck", "line": 2, "column": 3 }));
}

#[tokio::test]
async fn samples_begin_with_the_edge_cases() {
    let app = TestApp::new().await;
    let (admin, employee, outsider) = (app.admin().await, app.employee().await, app.outsider().await);
    let of_sales = employee.draft("Visits").await.id();
    let of_finance = outsider.draft("Invoices").await.id();
    let samples = admin.get("/rules/1/samples").await.expect(200).items();
    let keys: Vec<_> = samples.iter().map(|sample| sample["key"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        keys[..6],
        ["no_value", "zero_target", "target_is_baseline", "over_cap", "lower_is_better", "in_range"]
    );
    assert!(keys.contains(&format!("kpi:{of_finance}")) && keys.contains(&format!("kpi:{of_sales}")));
    // Each edge case runs as it stands.
    for sample in samples.iter().filter(|sample| sample["is_pinned"] == true) {
        let body = json!({ "kpi": sample["kpi"], "ctx": sample["ctx"] });
        let ran = admin.post("/rules/1/run", body).await.expect(200).json();
        assert_eq!(ran["trouble"], Value::Null, "{}", sample["key"]);
        assert_eq!(ran["result"]["score"].is_null(), sample["key"] == "no_value", "{}", sample["key"]);
    }
    // Of a department's rule, only its own.
    let rule = admin.sales_rule(HALF).await.expect(201).id();
    let keys = admin.get(&format!("/rules/{rule}/samples")).await.expect(200).column("key");
    assert!(
        keys.contains(&json!(format!("kpi:{of_sales}")))
            && !keys.contains(&json!(format!("kpi:{of_finance}")))
    );
}

#[tokio::test]
async fn cases_are_kept_typed_or_as_a_file() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let shipped = admin.get("/rules/1/tests").await.expect(200);
    assert!(shipped.items().len() > 40);
    assert_eq!(shipped.header("etag"), "\"1\"");
    let mut cases = shipped.items();
    cases.push(json!({ "name": "mine", "kpi": { "target": 10, "current": 5 }, "expected": { "score": 50 } }));
    let put = json!({ "cases": cases });
    let kept = admin.request("PUT", "/rules/1/tests").version(1).json(put).send().await.expect(200);
    assert_eq!(
        (&kept.json()["has_draft"], &kept.json()["draft"]["source"]),
        (&json!(true), &kept.json()["source"])
    );
    assert_eq!(admin.get("/rules/1/tests").await.expect(200).items().last().unwrap()["name"], "mine");
    let report = admin.post("/rules/1/tests/run", json!({})).await.expect(200).json();
    assert_eq!(report["passed"], true, "{report}");
    // Nothing at all is fine too: what holds of every rule is tried all the same.
    let put = json!({ "text": "" });
    admin.request("PUT", "/rules/1/tests").version(revision(&kept)).json(put).send().await.expect(200);
    let report = admin.post("/rules/1/tests/run", json!({})).await.expect(200).json();
    assert_eq!((report["cases"].as_array().unwrap().len(), &report["passed"]), (0, &json!(true)));
}

#[tokio::test]
async fn a_failed_case_shows_what_came_out() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let case = json!({ "name": "half", "kpi": { "target": 100, "current": 50 }, "expected": { "score": 60, "band": "amber" } });
    let report =
        admin.post("/rules/1/tests/run", json!({ "tests": { "cases": [case] } })).await.expect(200).json();
    let case = &report["cases"][0];
    assert_eq!((&report["passed"], &case["passed"]), (&json!(false), &json!(false)));
    assert_eq!((&case["got"]["score"], &case["got"]["band"]), (&json!(50.0), &json!("red")));
    assert_eq!((&case["expected"]["score"], &case["expected"]["band"]), (&json!(60.0), &json!("amber")));
    assert_eq!(case["message"], "score is 50, expected 60; band is red, expected amber");
}

#[tokio::test]
async fn a_recipe_makes_a_rule_that_is_published_as_it_is() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let recipes = admin.get("/rules/recipes").await.expect(200).items();
    let keys: Vec<_> = recipes.iter().map(|recipe| recipe["key"].as_str().unwrap()).collect();
    let known =
        ["weighted_mean_with_cap", "three_step_target", "bonus_above_target", "remind_twice_then_manager"];
    assert_eq!(keys, known);
    let numbers = json!({ "numbers": { "first_at": 70, "first_points": 40 } });
    let made = admin.post("/rules/recipes/three_step_target/source", numbers).await.expect(200).json();
    let scope = format!("department:{SALES}");
    let rule = json!({ "name": "steps", "kind": "score", "scope": scope, "source": made["source"], "tests": { "text": made["tests"] } });
    let rule = admin.post("/rules", rule).await.expect(201);
    assert_eq!(rule.json()["recipe"]["numbers"]["first_at"], 70.0);
    admin.publishes(rule.id(), 1).await.expect(200);
    let policy = app.employee().await.get("/scoring-policy").await.expect(200).json();
    let sales =
        policy["departments"].as_array().unwrap().iter().find(|of| of["id"] == SALES).cloned().unwrap();
    let words = sales["score"]["words"][0]["text"].as_str().unwrap();
    assert!(words.starts_with("From 70 % of the way to the target there are 40 points"), "{words}");
    assert_eq!(
        (policy["validation"].as_array().unwrap().len(), policy["reminders"].as_array().unwrap().len()),
        (1, 1)
    );

    admin.post("/rules/recipes/none/source", json!({})).await.refused(404, "not_found");
    let wrong = json!({ "numbers": { "first_at": 700 } });
    admin
        .post("/rules/recipes/three_step_target/source", wrong)
        .await
        .invalid("numbers.first_at out_of_range");
}

#[tokio::test]
async fn the_vocabulary_is_that_of_the_engine() {
    let app = TestApp::new().await;
    let said = app.admin().await.get("/rules/vocabulary").await.expect(200).json();
    let known = vocabulary::reference();
    assert_eq!(said["fields"].as_array().unwrap().len(), known.fields.len());
    assert_eq!(said["functions"].as_array().unwrap().len(), known.functions.len());
    assert_eq!(said["kinds"].as_array().unwrap().len(), 3);
    let target =
        said["fields"].as_array().unwrap().iter().find(|field| field["path"] == "kpi.target").unwrap();
    assert_eq!((&target["type"], &target["unit"]), (&json!("number?"), &json!("kpi_unit")));
}

/// The policy is read by everybody, so it says nothing that is not published.
#[tokio::test]
async fn the_policy_says_nothing_of_drafts() {
    let app = TestApp::new().await;
    let (admin, employee) = (app.admin().await, app.employee().await);
    employee.post("/kpis", definition("Visits")).await.expect(201);
    let before = employee.get("/scoring-policy").await.expect(200).json();
    admin.sales_rule("//! Secret plans\nfn score(kpi, ctx) { #{ score: () } }").await.expect(201);
    admin.drafts(2, 1, "//! Secret plans\nfn validate(kpi, ctx) { [] }").await.expect(200);
    assert_eq!(employee.get("/scoring-policy").await.expect(200).json(), before);
    assert_eq!((&before["bands"]["green"], &before["cap"]), (&json!(90.0), &json!(120.0)));
}
