//! What the greediest scripts make the process hold. The only test of its binary, so that nothing else is measured.
#![cfg(target_os = "linux")]

use kpi_api::scoring::RuleKind;
use kpi_engine::{ContextFacts, Engine, KpiFacts, Limits};

/// The most the process has held so far, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("the kernel tells");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("the kernel tells");
    line.split_whitespace().nth(1).expect("the kernel tells").parse::<usize>().expect("the kernel tells")
        * 1024
}

#[test]
fn no_script_holds_more_than_it_may() {
    let engine = Engine::default();
    let long = "x".repeat(15_000);
    let elements = "#{},".repeat(450);
    let zeros = "0,".repeat(1_900);
    let each = |what: &str| (0..58).map(|i| format!("let v{i} = {what};")).collect::<String>();
    let deep = |what: &str, function: &str| {
        format!(
            "fn made() {{ {function} }} fn deep(n) {{ {} if n > 0 {{ deep(n - 1); }} loop {{}} }} \
             fn score(kpi, ctx) {{ deep(9) }}",
            each(what)
        )
    };
    let scripts = [
        // As many variables as there may be, each with the longest text, in the deepest call.
        deep("made() + \"y\"", &format!("\"{long}\"")),
        deep("`${made()}z`", &format!("\"{long}\"")),
        deep("made()", &format!("[{elements}]")),
        deep("made()", &format!("[{zeros}]")),
        deep("made()", "let a = [[]]; for i in 0..10 { a += a; } a"),
        // Containers that grow by what the interpreter does not look at.
        "fn score(kpi, ctx) { let s = \"x\"; for i in 0..13 { s += s; } let m = #{}; let i = 0; loop { i += 1; m[`${i}`] = s + i; } }".into(),
        "fn score(kpi, ctx) { let m = #{}; let i = 0; loop { i += 1; m[`key number ${i}`] = [i, [i], [[i]]]; } }".into(),
        format!("fn made() {{ [{zeros}] }} fn score(kpi, ctx) {{ let m = #{{}}; let i = 0; loop {{ i += 1; m[`${{i}}`] = made(); }} }}"),
        "fn score(kpi, ctx) { let a = []; for i in 0..1900 { a.push(i); } let s = \"x\"; for i in 0..13 { s += s; } a.map(|i| `${s}${i}`); }".into(),
        "fn score(kpi, ctx) { let s = \"x,\"; for i in 0..12 { s += s; } let m = #{}; let i = 0; loop { i += 1; m[`${i}`] = s.split(\",\"); } }".into(),
        "fn score(kpi, ctx) { loop { step(\"{a}\", #{a: 1}); } }".into(),
    ];
    // Whatever the first run needs once and for all.
    let rule = engine.compile(RuleKind::Score, "fn score(kpi, ctx) { loop {} }").expect("the rule compiles");
    engine.score(&rule, &KpiFacts::default(), &ContextFacts::default()).expect_err("it comes through");
    let before = peak();
    for source in &scripts {
        let rule = engine
            .compile(RuleKind::Score, source)
            .unwrap_or_else(|found| panic!("{source:.100}: {found:?}"));
        engine.score(&rule, &KpiFacts::default(), &ContextFacts::default()).expect_err("it comes through");
        let grown = peak() - before;
        println!("{:>8} KiB  {source:.90}", grown / 1024);
        assert!(grown <= Limits::default().memory_bytes, "{grown} bytes: {source:.200}");
    }
}
