//! Scripts that want more memory than there is.

use kpi_api::scoring::RuleKind;
use kpi_engine::{ContextFacts, Engine, KpiFacts, TroubleKind, Which};

use crate::{body, limits, refused, trouble};

#[test]
fn texts_do_not_grow_without_bound() {
    for statements in [
        r#"let s = "x"; loop { s += s; }"#,
        r#"let s = "x"; loop { s = s + s; }"#,
        r#"let s = "x"; loop { s = `${s}${s}`; }"#,
        r#"let s = "x"; loop { s = [s, s].join(s); }"#,
        r#"let s = "x"; loop { s = to_upper(s + s); }"#,
        r#"let s = 'x' + 'y'; loop { s += s; }"#,
        r#"let s = "x"; let a = []; loop { s += "xxxxxxxxxxxxxxxxxxxxxxxx"; a.push(s); }"#,
        r#"let s = "x"; for i in 0..13 { s += s; } let m = #{}; let i = 0; loop { i += 1; m["k" + i] = s + i; }"#,
        r#"let s = "x"; for i in 0..13 { s += s; } let m = #{}; let i = 0; loop { i += 1; m.set("k" + i, s + i); }"#,
        r#"let s = "x"; for i in 0..13 { s += s; } let a = []; loop { a.push(s + "y"); }"#,
        r#"let s = "x"; for i in 0..13 { s += s; } let a = []; for i in 0..1000 { a.push(i); } a.map(|i| s + i);"#,
        r#"let s = "x"; for i in 0..10 { s += s; } step("{a}{a}{a}{a}", #{a: s});"#,
    ] {
        let kind = trouble(&body(statements));
        let held = matches!(kind, TroubleKind::Limit(Which::StringLen | Which::Memory | Which::ArrayLen));
        // A sentence too long is refused like any other mistake.
        assert!(
            held || (statements.contains("step") && kind == TroubleKind::Threw),
            "{kind:?}: {statements}"
        );
    }
    limits(&[Which::ArrayLen], &body(r#"loop { step("again"); }"#));
}

#[test]
fn arrays_and_maps_do_not_grow_without_bound() {
    let sizes = [Which::ArrayLen, Which::MapLen, Which::Memory];
    for statements in [
        "let a = [1]; loop { a += a; }",
        "let a = [1]; loop { a = a + a; }",
        "let a = [1]; loop { a.push(1); }",
        "let a = [1]; loop { a = [a, a]; }",
        "let a = [1]; loop { a = [a]; }",
        "let m = #{}; loop { m = #{a: m}; }",
        "let m = #{}; loop { m = #{a: m, b: m}; }",
        "let m = #{}; loop { let t = #{}; t.a = m; m = t; }",
        "let m = #{}; let i = 0; loop { i += 1; m[`k${i}`] = i; }",
        "let m = #{}; let i = 0; loop { i += 1; m.set(`k${i}`, i); }",
        "let m = #{a: #{}}; let i = 0; loop { i += 1; m.a[`k${i}`] = [i, i, i]; }",
        "let a = [0]; for i in 0..10 { a += a; } let m = #{}; let i = 0; loop { i += 1; m[`k${i}`] = a; }",
        "let a = [0]; for i in 0..10 { a += a; } let b = []; for i in 0..1000 { b.push(i); } b.map(|x| a);",
        "let a = [0]; for i in 0..10 { a += a; } let b = a; a.reduce(|s, x| s + b, []);",
        "let m = #{}; let a = []; for i in 0..1000 { a.push(`k${i}`); } loop { a.map(|k| { m[k] = [1, 2, 3]; m[k + m.len()] = 1; }); }",
    ] {
        limits(&sizes, &body(statements));
    }
}

/// A closure kept in a variable that it uses would be freed never.
#[test]
fn closures_cannot_be_kept_in_what_they_use() {
    for statements in [
        "let m = #{}; let f = || m;",
        "let m = #{}; m.f = || m;",
        "let m = []; m += [|| m];",
        "let m = #{}; let n = #{ f: || m };",
        "let m = #{}; m.f = if true { || m } else { 1 };",
        "let m = #{}; m.f = () ?? || m;",
        "let m = #{}; m.f = (|x| x).curry(m);",
        "let m = #{}; let n = [1].map(|x| || m);",
        "let m = #{}; let n = 1 + || m;",
    ] {
        refused(&body(statements), "");
    }
    for statements in [
        "let m = #{}; m.set(\"f\", || m);",
        "let a = [1]; let b = []; b.push(|| a);",
        "let a = [1]; let b = [].reduce(|s, x| s, || a); let c = b;",
        "let a = [1]; let b = keep(|| a);",
        "let a = #{}; a.f = keep(|| a);",
    ] {
        let source = format!("fn keep(f) {{ f }} {}", body(statements));
        assert_eq!(trouble(&source), TroubleKind::Threw, "{statements}");
    }
}

/// Variables that closures use are shared; what is put into an array is a copy all the same.
#[test]
fn shared_variables_are_copied_where_they_are_kept() {
    let source = "fn score(kpi, ctx) {
        let n = 1; let a = [1]; let m = #{};
        let s = [1, 2].map(|x| { n += x; a.push(n); m.x = n; n }).sum();
        let b = []; b.push(a); b.push(m); m.set(\"a\", a); m.b = a; let c = [a, m, n]; let d = a + a;
        a.push(9);
        #{ score: b[0].len() + m.a.len() + m.b.len() + c[0].len() + d.len() + c[2] + s }
    }";
    let engine = Engine::default();
    let rule = engine.compile(RuleKind::Score, source).expect("the rule compiles");
    let scored = engine.score(&rule, &KpiFacts::default(), &ContextFacts::default());
    assert_eq!(scored.map(|s| s.score), Ok(Some(3.0 + 3.0 + 3.0 + 3.0 + 6.0 + 4.0 + 6.0)));
}

#[test]
fn variables_and_functions_are_counted() {
    let many: String = (0..200).map(|i| format!("let v{i} = {i};")).collect();
    limits(&[Which::Variables], &body(&many));
    let functions: String = (0..1000).map(|i| format!("fn f{i}() {{}}")).collect();
    refused(&format!("{functions}{}", body("")), "");
}
