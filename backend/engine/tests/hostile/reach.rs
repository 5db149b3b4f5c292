//! Scripts that reach for what is not theirs, or give back what is no result.

use kpi_api::scoring::RuleKind;
use kpi_engine::{ContextFacts, Engine, KpiFacts, TroubleKind};

use crate::{body, refused, trouble, trouble_on};

#[test]
fn rules_reach_nothing_outside() {
    for word in [
        "eval(\"1\")",
        "print(1)",
        "debug(1)",
        "import \"x\" as x",
        "exit()",
        "sleep(1)",
        "timestamp()",
        "open(\"x\")",
        "rand()",
        "blob(99)",
        "parse_json(\"1\")",
    ] {
        refused(&body(&format!("{word};")), "");
    }
    // By a name that is put together while it runs, there is nothing to call either.
    for name in ["eval", "print", "sleep", "pad", "replace", "timestamp", "blob", "exit"] {
        let kind = trouble(&body(&format!("let f = Fn(\"{name}\"); f.call(\"1\");")));
        assert_eq!(kind, TroubleKind::Threw, "{name}");
    }
    refused(&body("\"a\".pad(9, 'x');"), "There is no function `pad`");
    refused(&body("let s = \"a\"; s.replace(\"a\", \"aa\");"), "There is no function `replace`");
}

#[test]
fn nothing_of_the_language_can_be_redefined() {
    for name in ["clamp", "attainment", "step", "band", "push", "len", "type_of"] {
        refused(&format!("fn {name}(a) {{ 1 }} fn score(kpi, ctx) {{ #{{ score: 1 }} }}"), "");
    }
}

#[test]
fn facts_cannot_be_written() {
    for statements in
        ["kpi.target = 5;", "kpi.owner.name = \"x\";", "ctx.settings.cap = 500;", "kpi[\"target\"] = 1;"]
    {
        assert_eq!(trouble(&body(statements)), TroubleKind::Threw, "{statements}");
    }
    // A copy may change; the facts stay.
    let engine = Engine::default();
    let source = "fn score(kpi, ctx) { let t = kpi.tags; t.push(\"x\"); let m = kpi.custom; m.a = 1; #{ score: kpi.tags.len() } }";
    let rule = engine.compile(RuleKind::Score, source).expect("the rule compiles");
    assert_eq!(
        engine.score(&rule, &KpiFacts::default(), &ContextFacts::default()).expect("a score").score,
        Some(0.0)
    );
}

#[test]
fn constants_cannot_be_written() {
    for statements in
        ["const M = #{a: 1}; M.a = 2;", "const A = [1]; A[0] = 2;", "const X = 1; X = 2;", "#{a: 1}.a = 2;"]
    {
        match Engine::default().compile(RuleKind::Score, &body(statements)) {
            Ok(_) => assert_eq!(trouble(&body(statements)), TroubleKind::Threw, "{statements}"),
            Err(found) => assert!(found[0].message.contains("ssign"), "{found:?}"),
        }
    }
}

#[test]
fn what_is_no_score_is_refused() {
    for returned in [
        "0.0 / 0.0",
        "1.0 / 0.0",
        "-1.0 / 0.0",
        "-1",
        "121",
        "\"100\"",
        "true",
        "[1]",
        "#{}",
        "kpi",
        "ctx.today",
        "|x| x",
    ] {
        let source = format!("fn score(kpi, ctx) {{ #{{ score: {returned} }} }}");
        assert_eq!(trouble(&source), TroubleKind::WrongShape, "{returned}");
    }
    for returned in [
        "1",
        "()",
        "\"x\"",
        "[]",
        "#{}",
        "#{ scroe: 1 }",
        "#{ score: 1, extra: 1 }",
        "#{ score: 1, progress: 101 }",
        "#{ score: 1, progress: -1 }",
        "#{ score: 1, progress: 0.0 / 0.0 }",
        "#{ score: (), progress: 5 }",
        "#{ score: 1, band: \"blue\" }",
        "#{ score: 1, band: 5 }",
        "#{ score: 1, band: \"none\" }",
        "#{ score: (), band: \"red\" }",
        "#{ score: 1, steps: \"x\" }",
        "#{ score: 1, steps: [1] }",
        "kpi",
    ] {
        let source = format!("fn score(kpi, ctx) {{ {returned} }}");
        assert_eq!(trouble(&source), TroubleKind::WrongShape, "{returned}");
    }
}

#[test]
fn what_is_no_finding_or_reminder_is_refused() {
    let engine = Engine::default();
    let (kpi, ctx) = (KpiFacts::default(), ContextFacts::default());
    for returned in
        ["()", "1", "[1]", "[\"x\"]", "#{}", "error(\"a\", \"b\")", "[remind(\"owner\", \"a\", \"b\")]"]
    {
        let rule = engine
            .compile(RuleKind::Validate, &format!("fn validate(kpi, ctx) {{ {returned} }}"))
            .expect("the rule compiles");
        assert_eq!(
            engine.validate(&rule, &kpi, &ctx).expect_err("it comes through").kind,
            TroubleKind::WrongShape,
            "{returned}"
        );
    }
    for returned in ["()", "[()]", "[error(\"a\", \"b\")]", "remind(\"owner\", \"a\", \"b\")"] {
        let rule = engine.compile(
            RuleKind::Remind,
            &format!("fn remind_(kpi, ctx) {{ {returned} }} fn remind(kpi, ctx) {{ remind_(kpi, ctx) }}"),
        );
        // A rule of this kind may define its entry although a function of that name exists.
        let rule = rule.unwrap_or_else(|found| panic!("{found:?}"));
        assert_eq!(
            engine.remind(&rule, &kpi, &ctx).expect_err("it comes through").kind,
            TroubleKind::WrongShape,
            "{returned}"
        );
    }
    let rule = engine.compile(RuleKind::Score, &body("")).expect("the rule compiles");
    assert_eq!(
        engine.validate(&rule, &kpi, &ctx).expect_err("it comes through").kind,
        TroubleKind::WrongShape
    );
}

#[test]
fn what_throws_says_where() {
    let engine = Engine::default();
    let source = "fn score(kpi, ctx) {\n    helper(kpi)\n}\nfn helper(kpi) {\n    throw \"no luck\";\n}\n";
    let rule = engine.compile(RuleKind::Score, source).expect("the rule compiles");
    let trouble =
        engine.score(&rule, &KpiFacts::default(), &ContextFacts::default()).expect_err("it comes through");
    assert_eq!((trouble.kind, trouble.line), (TroubleKind::Threw, Some(5)));
    assert_eq!(trouble.to_string(), "no luck (line 5, column 5)");
    for statements in [
        "let x = 1 / 0;",
        "let x = [][0];",
        "let x = kpi.target + 1;",
        "let x = 9223372036854775807 + 1;",
        "clamp(1, 5, 0);",
        "remind(1.5, \"\", \"\");",
        "attainment(ctx);",
        "date(\"yesterday\");",
        "let x = ctx.today + 9223372036854775807;",
        "let x = ctx.today - (-9223372036854775807);",
        "let n = \"target_\"; let x = kpi[n];",
    ] {
        assert_eq!(trouble_on(2 << 20, &body(statements)), TroubleKind::Threw, "{statements}");
    }
}
