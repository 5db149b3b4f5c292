//! Scripts that do not end, and sources that do not end either.

use std::time::{Duration, Instant};

use kpi_api::scoring::RuleKind;
use kpi_engine::{ContextFacts, Engine, KpiFacts, TroubleKind, Which};

use crate::{body, limits, refused, trouble_on};

#[test]
fn what_never_ends_is_ended() {
    for statements in [
        "loop {}",
        "while true { let x = 1; }",
        "do { let x = 1; } while true;",
        "for i in 0..9223372036854775807 { let x = i; }",
        "for i in range(0, 9223372036854775807, 1) {}",
        "let f = || { loop {} }; f.call();",
        "let a = [1, 2]; a.map(|x| { loop {} });",
        "[1].filter(|x| { let n = 0; while true { n += 1; } true });",
        "[3, 1].sort(|x| { loop {} });",
        "[1, 2].reduce(|a, b| { loop {} }, 0);",
        // The interpreter waits for a moment when a variable is used while it is being changed.
        "let a = [1, 2]; loop { try { a.map(|x| a.len()); } catch {} }",
        "let m = #{ a: [1] }; loop { try { m.a.map(|x| { m.len(); 1 }); } catch {} }",
    ] {
        limits(&[Which::Operations, Which::Wall], &body(statements));
    }
}

#[test]
fn closures_are_counted_too() {
    let a = "let a = []; for i in 0..1000 { a.push(i); } let b = a; let c = a;";
    for statements in [
        "a.map(|x| b.map(|y| c.map(|z| x + y + z)));",
        "a.filter(|x| { b.filter(|y| { c.filter(|z| true); true }); true });",
        "a.sort(|x| { b.sort(|y| { c.sort(|z| -z); -y }); -x });",
        "a.reduce(|s, x| { b.some(|y| { c.all(|z| true); false }); s }, 0);",
        "for i in 0..100000 { a.find(|x| x < 0); }",
    ] {
        limits(&[Which::Operations, Which::Wall, Which::Memory], &body(&format!("{a} {statements}")));
    }
}

#[test]
fn calls_within_calls_end() {
    limits(&[Which::CallDepth], "fn score(kpi, ctx) { score(kpi, ctx) }");
    limits(&[Which::CallDepth], "fn a(n) { b(n + 1) } fn b(n) { a(n + 1) } fn score(kpi, ctx) { a(0) }");
    limits(&[Which::CallDepth], "fn a(f) { f.call(f) } fn score(kpi, ctx) { a(|g| g.call(g)) }");
    limits(&[Which::CallDepth], "fn a(n) { [n].map(|x| a(x)) } fn score(kpi, ctx) { a(0) }");
    limits(
        &[Which::Operations, Which::Wall],
        "fn a(n) { if n > 0 { a(n - 1); a(n - 1); a(n - 1); } } fn score(kpi, ctx) { for i in 0..100 { a(8) } }",
    );
}

/// A chain of the deepest expressions, called as deeply as calls may go, through closures and natives.
#[test]
fn the_deepest_evaluation_fits_the_stack_of_a_worker() {
    for (open, close) in [
        ("(", ")"),
        ("[", "][0]"),
        ("-(", ")"),
        ("(1 + ", ")"),
        ("if true { ", " }"),
        ("{ ", " }"),
        ("a(", ")"),
        ("[1].map(|x| ", ")"),
    ] {
        let engine = Engine::default();
        let deepest = (1..80).rev().find_map(|depth| {
            let nested = format!("{}{}{}", open.repeat(depth), "f(n)", close.repeat(depth));
            let source = format!("fn a(x) {{ x }} fn f(n) {{ {nested} }} fn score(kpi, ctx) {{ f(1) }}");
            engine.compile(RuleKind::Score, &source).is_ok().then_some(source)
        });
        let source = deepest.unwrap_or_else(|| panic!("`{open}` does not nest"));
        // A worker's stack has 2 MiB, and whoever calls has used some of it.
        assert!(matches!(trouble_on(1_400 * 1024, &source), TroubleKind::Limit(_)), "{source:.200}");
    }
}

#[test]
fn no_limit_can_be_caught() {
    for statements in [
        "try { loop {} } catch { }",
        "loop { try { loop {} } catch (e) { } }",
        "try { [1].map(|x| { loop {} }) } catch { [1].map(|x| { loop {} }) }",
    ] {
        limits(&[Which::Operations, Which::Wall], &body(statements));
    }
    limits(
        &[Which::CallDepth],
        "fn a(n) { try { a(n + 1) } catch { a(n + 1) } } fn score(kpi, ctx) { a(0) }",
    );
    limits(&[Which::StringLen], &body(r#"let s = "x"; try { loop { s += s; } } catch { }"#));
    limits(&[Which::Memory, Which::ArrayLen], &body("let a = [1]; loop { try { a.push(a); } catch { } }"));
    limits(
        &[Which::MapLen],
        &body("let m = #{}; let i = 0; loop { i += 1; try { m.set(`k${i}`, 1); } catch { } }"),
    );
}

#[test]
fn sources_beyond_reason_are_refused() {
    refused(&body(&" ".repeat(64 * 1024)), "65536");
    for (open, middle, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{", "1", "}"),
        ("#{a:", "1", "}"),
        ("-", "1", ""),
        ("if true {", "1", "}"),
        ("!", "true", ""),
        ("1+(", "1", ")"),
        ("|x| ", "1", ""),
    ] {
        for depth in [100, 5_000, 15_000] {
            let source =
                format!("fn score(kpi, ctx) {{ {}{middle}{} }}", open.repeat(depth), close.repeat(depth));
            if source.len() <= 64 * 1024 {
                refused(&source, "");
            }
        }
    }
    refused(&format!("fn score(kpi, ctx) {{ 1{} }}", "+1".repeat(20_000)), "");
    refused(&format!("fn score(kpi, ctx) {{ kpi{} }}", ".a".repeat(20_000)), "");
    refused(&format!("fn score(kpi, ctx) {{ {} }}", "if true {} else ".repeat(3_000)), "");
}

#[test]
fn a_huge_switch_compiles_in_time() {
    let cases: String = (0..6_000).map(|i| format!("{i}=>1,")).collect();
    let ranges: String = (0..4_000).map(|i| format!("{i}..99999=>1,")).collect();
    let texts: String = (0..4_000).map(|i| format!("\"k{i}\"=>1,")).collect();
    let same: String = "1 if true=>1,".repeat(4_500);
    for arms in [cases, ranges, texts, same] {
        let source = body(&format!("switch kpi.year {{ {arms} _ => 0 }};"));
        assert!(source.len() <= 64 * 1024, "{}", source.len());
        let began = Instant::now();
        let engine = Engine::default();
        let compiled = engine.compile(RuleKind::Score, &source);
        let took = began.elapsed();
        assert!(took < Duration::from_secs(2), "{took:?} for {source:.80}");
        if let Ok(rule) = compiled {
            let scored = engine.score(&rule, &KpiFacts::default(), &ContextFacts::default());
            assert_eq!(scored.map(|s| s.score), Ok(Some(1.0)));
        }
    }
}

#[test]
fn the_engine_is_as_good_as_new_afterwards() {
    let engine = Engine::default();
    let bad =
        engine.compile(RuleKind::Score, &body("step(\"left over\"); loop {}")).expect("the rule compiles");
    let good = engine.compile(RuleKind::Score, &body("step(\"fine\");")).expect("the rule compiles");
    let (kpi, ctx) = (KpiFacts::default(), ContextFacts::default());
    for _ in 0..3 {
        assert!(engine.score(&bad, &kpi, &ctx).is_err());
        let scored = engine.score(&good, &kpi, &ctx).expect("a score");
        assert_eq!(scored.steps.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["fine"]);
        assert!(scored.operations < 20, "{}", scored.operations);
    }
}
