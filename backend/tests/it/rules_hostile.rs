//! Drafts that want to do harm, over the API: each with the exact refusal, and the server answers others meanwhile.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Actor, TestApp};

/// How a hostile source ends.
enum End {
    /// It does not compile: part of the first message.
    Refused(&'static str),
    /// The kind of trouble, and part of its message.
    Trouble(&'static str, &'static str),
}

fn body(statements: &str) -> String {
    format!("fn score(kpi, ctx) {{ {statements} #{{ score: 1 }} }}")
}

fn corpus() -> Vec<(&'static str, String, End)> {
    use End::{Refused, Trouble};
    let deep = format!("fn score(kpi, ctx) {{ {}1{} }}", "(".repeat(5_000), ")".repeat(5_000));
    vec![
        ("a spin", body("loop {}"), Trouble("limit", "too many operations")),
        (
            "a spin in a closure",
            body("let f = || { loop {} }; f.call();"),
            Trouble("limit", "too many operations"),
        ),
        (
            "closures in map",
            body(
                "let a = []; for i in 0..900 { a.push(i); } let b = a; let c = a; a.map(|x| b.map(|y| c.map(|z| x + y + z)));",
            ),
            Trouble("limit", "too m"),
        ),
        (
            "recursion",
            "fn score(kpi, ctx) { score(kpi, ctx) }".into(),
            Trouble("limit", "too many calls within calls"),
        ),
        ("a text that grows", body("let s = \"x\"; loop { s += s; }"), Trouble("limit", "a text too long")),
        ("an array that grows", body("let a = [1]; loop { a += a; }"), Trouble("limit", "an array too long")),
        (
            "a map that grows",
            body("let m = #{}; let i = 0; loop { i += 1; m.set(`k${i}`, i); }"),
            Trouble("limit", "a map too large"),
        ),
        ("a huge source", body(&" ".repeat(65 * 1024)), Refused("may have 65536 bytes")),
        ("deep nesting", deep, Refused("")),
        (
            "shadowing what is built in",
            "fn clamp(a) { 1 } fn score(kpi, ctx) { #{ score: 1 } }".into(),
            Refused("`clamp` is a function of the language"),
        ),
        ("eval", body("eval(\"1\");"), Refused("")),
        ("an import", body("import \"x\" as x;"), Refused("")),
        ("waiting", body("sleep(1);"), Refused("")),
        (
            "catching a limit",
            body("loop { try { loop {} } catch (e) { } }"),
            Trouble("limit", "too many operations"),
        ),
        (
            "catching the depth of calls",
            "fn a(n) { try { a(n + 1) } catch { a(n + 1) } } fn score(kpi, ctx) { a(0) }".into(),
            Trouble("limit", "too many calls within calls"),
        ),
        (
            "not a number",
            "fn score(kpi, ctx) { #{ score: 0.0 / 0.0 } }".into(),
            Trouble("wrong_shape", "`score` is not a finite number"),
        ),
        (
            "infinity",
            "fn score(kpi, ctx) { #{ score: 1.0 / 0.0 } }".into(),
            Trouble("wrong_shape", "`score` is not a finite number"),
        ),
        (
            "beyond the cap",
            "fn score(kpi, ctx) { #{ score: 121 } }".into(),
            Trouble("wrong_shape", "`score` is 121, which is not between 0 and 120"),
        ),
        ("no map", "fn score(kpi, ctx) { 7 }".into(), Trouble("wrong_shape", "score has to return a map")),
        (
            "a stray entry",
            "fn score(kpi, ctx) { #{ score: 1, bonus: 9 } }".into(),
            Trouble("wrong_shape", "a score has no entry `bonus`"),
        ),
        (
            "a band of its own",
            "fn score(kpi, ctx) { #{ score: 1, band: \"gold\" } }".into(),
            Trouble("wrong_shape", "`band` is one of"),
        ),
        ("writing facts", body("kpi.target = 5;"), Trouble("threw", "")),
        ("a thrown secret", body("throw kpi;"), Trouble("threw", "")),
    ]
}

async fn run(admin: &Actor, source: &str) -> Value {
    admin.post("/rules/1/run", json!({ "source": source, "kpi": {} })).await.expect(200).json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_ends_with_its_own_refusal() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    for (name, source, end) in corpus() {
        let began = Instant::now();
        let ran = run(&admin, &source).await;
        assert!(began.elapsed() < Duration::from_secs(4), "{name} took {:?}", began.elapsed());
        assert_eq!(ran["result"], Value::Null, "{name}");
        match end {
            End::Refused(part) => {
                let found = &ran["diagnostics"][0];
                assert_eq!(found["severity"], "error", "{name}: {ran}");
                assert!(found["message"].as_str().unwrap().contains(part), "{name}: {found}");
            }
            End::Trouble(kind, part) => {
                let trouble = &ran["trouble"];
                assert_eq!(trouble["kind"], kind, "{name}: {ran}");
                assert!(trouble["message"].as_str().unwrap().contains(part), "{name}: {trouble}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn none_of_them_is_published_and_the_reason_is_told() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    for (name, source, end) in corpus() {
        let revision = admin.get("/rules/1").await.expect(200).json()["revision"].as_i64().unwrap();
        let drafted = admin.drafts(1, revision, &source).await;
        if source.len() > 64 * 1024 {
            drafted.invalid("source too_long");
            continue;
        }
        drafted.expect(200);
        let refused = admin.publishes(1, revision + 1).await;
        match end {
            End::Refused(_) => refused.refused(409, "check_failed"),
            End::Trouble(..) => refused.refused(409, "tests_failed"),
        }
        assert!(!refused.faults().is_empty(), "{name}");
    }
    assert_eq!(admin.get("/rules/1").await.expect(200).json()["version"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_are_answered_while_drafts_spin() {
    let app = TestApp::new().await;
    let (admin, employee) = (app.admin().await, app.employee().await);
    let case = |n: usize| json!({ "name": format!("case {n}"), "expected": {} });
    let cases: Vec<Value> = (0..300).map(case).collect();
    let spin = json!({ "source": body("loop {}"), "tests": { "cases": cases } });
    let spinning: Vec<_> = (0..6)
        .map(|_| {
            let (admin, spin) = (admin.clone(), spin.clone());
            tokio::spawn(async move { admin.post("/rules/1/tests/run", spin).await.expect(200).json() })
        })
        .collect();
    let mut slowest = Duration::ZERO;
    while !spinning.iter().all(tokio::task::JoinHandle::is_finished) {
        let began = Instant::now();
        employee.get("/my-work").await.expect(200);
        slowest = slowest.max(began.elapsed());
    }
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    for done in spinning {
        let report = done.await.unwrap();
        assert_eq!(report["passed"], false);
        // After a few runs it is plain that the rest would end the same way.
        let last =
            report["cases"].as_array().unwrap().last().unwrap()["message"].as_str().unwrap().to_owned();
        assert_eq!(last, "not run: the rule has run into its limits too often");
    }
}
