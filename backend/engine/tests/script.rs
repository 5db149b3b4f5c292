//! Scripts with a host: what they can ask for, how it reaches them, and how they end.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use kpi_engine::{
    Limits, TroubleKind, Which,
    script::{self, Denied, Given, Host, ScriptEngine, Word},
};
use serde_json::{Value, json};
use time::macros::date;

const WORDS: &[Word] = &[
    Word { name: "say", least: 1, most: 2, signature: "say(text)", about: "" },
    Word { name: "rows", least: 0, most: 0, signature: "rows()", about: "" },
    Word { name: "fail", least: 0, most: 0, signature: "fail()", about: "" },
    Word { name: "forbidden", least: 0, most: 0, signature: "forbidden()", about: "" },
    Word { name: "wait", least: 1, most: 1, signature: "wait(ms)", about: "" },
];

#[derive(Default)]
struct Desk {
    said: Mutex<Vec<Value>>,
}

impl Host for Desk {
    fn ask(&self, word: &str, parameters: &[Value]) -> Result<Given, Denied> {
        match word {
            "say" => {
                self.said.lock().expect("nobody panics").extend_from_slice(parameters);
                Ok(Given::Data(Value::Null))
            }
            "rows" => Ok(Given::Facts {
                value: json!([{ "title": "A", "score": 80.5, "owner": { "name": "Ada" }, "custom": { "a": 1 } }]),
                maps: &["custom"],
            }),
            "fail" => Err(Denied::Failed("no luck".into())),
            "forbidden" => Err(Denied::Refused("not granted".into())),
            "wait" => {
                let asked = parameters[0].as_u64().expect("a number");
                std::thread::sleep(Duration::from_millis(asked));
                Ok(Given::Data(json!("done")))
            }
            other => panic!("asked for {other}"),
        }
    }
}

fn limits() -> Limits {
    Limits { operations: 100_000, ..Limits::default() }
}

fn call(source: &str, parameters: Vec<Given>) -> Result<Value, kpi_engine::Trouble> {
    run(source, parameters, Duration::from_millis(400)).0
}

fn run(
    source: &str,
    parameters: Vec<Given>,
    total: Duration,
) -> (Result<Value, kpi_engine::Trouble>, Vec<Value>) {
    let engine = ScriptEngine::new(limits(), WORDS);
    let script = engine.compile(source).unwrap_or_else(|found| panic!("{source:.200}: {found:?}"));
    let desk = Arc::new(Desk::default());
    let done = engine.call(&script, "f", parameters, date!(2026 - 02 - 14), total, desk.clone());
    let said = desk.said.lock().expect("nobody panics").clone();
    (done.map(|returned| returned.value), said)
}

fn body(statements: &str) -> String {
    format!("fn f() {{ {statements} }}")
}

#[test]
fn every_function_does_what_its_example_says() {
    for doc in script::reference() {
        // Those of the shared vocabulary speak of a KPI, and are tried with the rules.
        if doc.example.contains("kpi") || doc.example.contains("ctx") {
            continue;
        }
        assert_eq!(call(&body(doc.example), vec![]), Ok(json!(true)), "{}: {}", doc.name, doc.example);
    }
    assert!(!script::reference().any(|doc| doc.name == "attainment"));
}

#[test]
fn values_go_to_and_fro_as_data() {
    let source = "fn f(x) { x.b.push(date(\"2026-03-01\") + 1); x.c = 'z'; x }";
    let given = Given::Data(json!({ "a": null, "b": [1, 2.5, true, "t"] }));
    assert_eq!(
        call(source, vec![given]),
        Ok(json!({ "a": null, "b": [1, 2.5, true, "t", "2026-03-02"], "c": "z" }))
    );
    for (returned, part) in
        [("|x| x", "handed over"), ("0.0 / 0.0", "not finite"), ("Fn(\"f\")", "handed over")]
    {
        let trouble = call(&body(returned), vec![]).expect_err("comes through");
        assert!(trouble.message.contains(part), "{returned}: {trouble}");
    }
}

#[test]
fn facts_are_looked_into_and_never_changed() {
    for (statements, expected) in [
        ("let r = rows()[0]; `${r.title} ${r.score} ${r.owner.name}`", json!("A 80.5 Ada")),
        ("let r = rows()[0]; let c = r.custom; c.b = 2; c.a + c.b + r.custom.len()", json!(4)),
        ("rows().filter(|r| r.score > 80).map(|r| r.title)", json!(["A"])),
        ("parse_json(to_json(rows()))[0].owner.name", json!("Ada")),
        ("rows()[0].owner", json!({ "name": "Ada" })),
    ] {
        assert_eq!(call(&body(statements), vec![]), Ok(expected), "{statements}");
    }
    let misspelt = call(&body("rows()[0].titel"), vec![]).expect_err("comes through");
    assert!(misspelt.message.contains("but `title`"), "{misspelt}");
    assert_eq!(
        call(&body("let r = rows()[0]; r.title = \"B\"; r"), vec![]).expect_err("comes through").kind,
        TroubleKind::Threw
    );
}

#[test]
fn what_fails_can_be_caught_and_what_is_refused_cannot() {
    assert_eq!(
        call(&body("let got = (); try { fail() } catch (why) { got = why; } got"), vec![]),
        Ok(json!("no luck"))
    );
    let failed = call("fn f() {\n  fail()\n}", vec![]).expect_err("comes through");
    assert_eq!((failed.kind, failed.line, failed.message.as_str()), (TroubleKind::Threw, Some(2), "no luck"));
    let source = "fn f() {\n  try { forbidden() } catch { say(\"caught\") }\n  say(\"after\")\n}";
    let (refused, said) = run(source, vec![], Duration::from_millis(400));
    let refused = refused.expect_err("comes through");
    assert_eq!((refused.kind, refused.message.as_str()), (TroubleKind::Refused, "not granted"));
    assert_eq!(said, Vec::<Value>::new());
}

#[test]
fn nobody_outlives_the_time_in_all() {
    for statements in [
        "loop {}",
        "loop { try { fail() } catch {} }",
        "wait(5000)",
        "try { wait(600) } catch {} say(\"after\")",
        "for i in 0..1000 { wait(5) }",
        "[1].map(|x| { loop {} })",
        "let s = \"x\"; loop { s = to_json(#{s: s}); s = cut(s, 100); }",
    ] {
        let began = Instant::now();
        // One that waits is bounded by its host; this one sleeps for what it is asked.
        let statements = statements.replace("5000", "350");
        let (ended, said) = run(&body(&statements), vec![], Duration::from_millis(300));
        let kind = ended.expect_err(&statements).kind;
        assert!(
            matches!(kind, TroubleKind::Limit(Which::Wall | Which::Operations | Which::Memory)),
            "{kind:?}: {statements}"
        );
        assert_eq!(said, Vec::<Value>::new(), "{statements}");
        assert!(began.elapsed() < Duration::from_millis(1200), "{:?}: {statements}", began.elapsed());
    }
}

#[test]
fn nothing_grows_without_being_paid_for() {
    for (statements, allowed) in [
        ("let s = \"x\"; loop { s = replace(s, \"x\", \"xx\"); }", vec![Which::StringLen, Which::Memory]),
        (
            "let s = \"x\"; for i in 0..13 { s += s; } replace(s, \"x\", s)",
            vec![Which::StringLen, Which::Memory],
        ),
        ("let a = [1]; loop { a = parse_json(to_json([a, a])); }", vec![Which::ArrayLen, Which::Memory]),
        ("let a = []; loop { a.push(rows()); }", vec![Which::ArrayLen, Which::Memory, Which::Operations]),
        ("loop { let x = parse_json(\"[1,2,3,4,5,6,7,8]\"); }", vec![Which::Memory, Which::Operations]),
    ] {
        match call(&body(statements), vec![]).map_err(|trouble| trouble.kind) {
            Err(TroubleKind::Limit(which)) if allowed.contains(&which) => {}
            // Nested beyond what can be handed over.
            Err(TroubleKind::Threw) if statements.contains("parse_json(to_json") => {}
            other => panic!("{other:?}: {statements}"),
        }
    }
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let trouble = call(&body(&format!("parse_json(\"{deep}\")")), vec![]).expect_err("comes through");
    assert!(trouble.message.contains("nested too deeply"), "{trouble}");
}

#[test]
fn looking_into_facts_is_paid_for() {
    // Some 40 KB, which each look copies.
    let notes: Vec<Value> = (0..40).map(|_| json!({ "text": "x".repeat(1000) })).collect();
    let event = || vec![Given::Facts { value: json!({ "kpi": { "notes": notes } }), maps: &[] }];
    let limit = Duration::from_millis(400);
    let kept = "fn f(event) { let all = []; for i in 0..1900 { all.push(event.kpi); } all.len() }";
    let kind = run(kept, event(), limit).0.expect_err("it held 76 MB").kind;
    assert!(matches!(kind, TroubleKind::Limit(Which::Memory)), "{kind:?}");
    let looked = "fn f(event) { let n = 0; for i in 0..100 { n += event.kpi.notes.len(); } n }";
    assert_eq!(run(looked, event(), limit).0.expect("it is as usual"), json!(4000));
}

#[test]
fn faults_are_found_before_a_call() {
    let engine = ScriptEngine::new(limits(), WORDS);
    for (source, line, part) in [
        ("fn f() {\n  forbiden()\n}", 2, "no function `forbiden`. Is it `forbidden`?"),
        ("fn f() {\n  say()\n}", 2, "`say` takes 1 to 2 parameters, not 0"),
        ("fn f() { }\nfn say(x) { }", 2, "`say` is a function of the language"),
        ("fn f() { }\nlet x = 1;", 2, "Only functions stand at the top of a script"),
        ("fn f() {", 1, "to terminate this block"),
        ("fn f() { eval(\"1\") }", 1, ""),
        ("fn f() { attainment(1) }", 1, "no function `attainment`"),
    ] {
        let found = engine.compile(source).expect_err(source);
        assert!(
            found.iter().any(|d| d.line == line && d.message.contains(part)),
            "{found:?} instead of `{part}`: {source}"
        );
    }
    let script = engine.compile("fn f() { 1 } fn g(a, b) { a }").expect("it compiles");
    let mut functions: Vec<_> = script.functions().collect();
    functions.sort_unstable();
    assert_eq!(functions, [("f", 0), ("g", 2)]);
}

#[test]
fn a_function_that_is_not_there_is_said() {
    let trouble = call("fn g() { 1 }", vec![]).expect_err("comes through");
    assert_eq!(trouble.kind, TroubleKind::WrongShape);
    assert!(trouble.message.contains("no function `f` with 0 parameters"), "{trouble}");
}

#[test]
fn dates_know_what_day_it_is() {
    assert_eq!(call(&body("days_until(date(\"2026-02-20\"))"), vec![]), Ok(json!(6)));
}
