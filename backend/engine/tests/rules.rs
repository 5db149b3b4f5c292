//! Compiling rules, what is said about their mistakes, and running their cases.

use kpi_api::scoring::{Direction, Kind, RuleKind, Severity};
use kpi_engine::{
    ContextFacts, Diagnostic, ENGINE_VERSION, Engine, KpiFacts, ReminderTo, Rule, cases, checksum,
    properties::{Common, check, check_for},
};

fn found(source: &str) -> Vec<Diagnostic> {
    Engine::default().compile(RuleKind::Score, source).expect_err("compiled")
}

fn says(source: &str, line: u32, part: &str) {
    let all = found(source);
    assert!(all.iter().any(|d| d.line == line && d.message.contains(part)), "{all:?}");
    assert!(all.iter().all(|d| d.severity == Severity::Error));
}

#[test]
fn engines_and_rules_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Engine>();
    shared::<Rule>();
}

#[test]
fn the_engine_names_the_interpreter_it_is_built_on() {
    let lock = include_str!("../../../Cargo.lock");
    let version = lock
        .split("name = \"rhai\"\nversion = \"")
        .nth(1)
        .expect("the lock file names it")
        .split('"')
        .next()
        .expect("the lock file names it");
    assert!(ENGINE_VERSION.starts_with(&format!("rhai-{version}/")), "{ENGINE_VERSION} is not of {version}");
}

#[test]
fn a_rule_knows_its_heading_and_its_checksum() {
    let source = "//! Title\n//! One line\n//! and another.\n//!\n//! Next.\n\nfn score(kpi, ctx) { #{ score: 1 } }\n//! Not any more\n";
    let rule = Engine::default().compile(RuleKind::Score, source).expect("the rule compiles");
    assert_eq!(rule.kind(), RuleKind::Score);
    assert_eq!((rule.title(), rule.description()), ("Title", "One line and another.\n\nNext."));
    assert_eq!(rule.checksum(), checksum(source));
    assert_eq!(checksum("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    let bare = Engine::default()
        .compile(RuleKind::Score, "fn score(kpi, ctx) { #{ score: 1 } }")
        .expect("the rule compiles");
    assert_eq!((bare.title(), bare.description()), ("", ""));
}

#[test]
fn mistakes_are_told_with_their_place() {
    says("", 0, "needs a function `fn score(kpi, ctx)`");
    says("fn validate(kpi, ctx) { [] }", 0, "needs a function");
    says("\nfn score(kpi) { 1 }", 2, "takes two parameters");
    says("fn score(kpi, ctx) {\n  let x = ;\n}", 2, "");
    says("fn score(kpi, ctx) {\n  x + 1\n}", 2, "x");
    says("fn score(kpi, ctx) {\n  attainmnet(kpi)\n}", 2, "Is it `attainment`?");
    says("fn score(kpi, ctx) {\n  kpi.check_ins.fliter(|c| true)\n}", 2, "Is it `filter`?");
    says("fn score(k, ctx) {\n  k.targt\n}", 2, "`kpi` has no field `targt`. Is it `target`?");
    says("fn score(kpi, ctx) {\n  kpi.owner.nme\n}", 2, "`person` has no field `nme`. Is it `name`?");
    says("fn score(kpi, ctx) {\n  let g = ctx.settings.bands.gren;\n}", 2, "Is it `green`?");
    says("fn score(kpi, ctx) {\n  this.x\n}", 2, "no `this`");
    says(
        "fn score(kpi, ctx) {\n  half(1, 2)\n}\nfn half(x) { x / 2 }",
        2,
        "`half` takes 1 parameters, not 2",
    );
    says("let x = 1;\nfn score(kpi, ctx) { #{ score: 1 } }", 1, "Only functions");
    says("fn score(kpi, ctx) { #{ score: 1 } }\nfn round(x) { x }", 2, "another name");
}

#[test]
fn all_mistakes_are_told_at_once_and_in_order() {
    let all = found("fn score(kpi, ctx) {\n  foo();\n  kpi.bar;\n  [1].map(|x| baz(x));\n}\nfn step(x) {}");
    assert_eq!(all.iter().map(|d| d.line).collect::<Vec<_>>(), [2, 3, 4, 6], "{all:?}");
}

#[test]
fn a_rule_lists_the_sentences_it_can_say() {
    let rule = Engine::default().compile(RuleKind::Remind, REMINDER).expect("the rule compiles");
    let all =
        ["A colleague is late", "See {title}.", "The quarter ends in {days} days.", "{title} has no value"];
    assert_eq!(rule.sentences(), all);
}

#[test]
fn fields_of_the_template_are_free() {
    let source = "fn score(kpi, ctx) { let r = kpi.custom.region ?? \"none\"; #{ score: if r == \"north\" { 1 } else { 2 } } }";
    let engine = Engine::default();
    let rule = engine.compile(RuleKind::Score, source).expect("the rule compiles");
    let mut kpi = KpiFacts::default();
    assert_eq!(engine.score(&rule, &kpi, &ContextFacts::default()).expect("a score").score, Some(2.0));
    kpi.custom.insert("region".into(), "north".into());
    assert_eq!(engine.score(&rule, &kpi, &ContextFacts::default()).expect("a score").score, Some(1.0));
}

#[test]
fn very_long_facts_do_not_stop_a_rule() {
    let note = "ä".repeat(5_000);
    let check_ins = (0..5_000).map(|_| kpi_engine::CheckInFacts {
        on: KpiFacts::default().start,
        value: 1.0,
        note: note.clone(),
        confidence: None,
    });
    let kpi =
        KpiFacts { description: "x".repeat(100_000), check_ins: check_ins.collect(), ..KpiFacts::default() };
    let source = "fn score(kpi, ctx) { let n = kpi.check_ins.filter(|c| c.value > 0 && !c.note.is_empty()).len(); #{ score: clamp(n + kpi.description.len(), 0, 100) } }";
    let engine = Engine::default();
    let rule = engine.compile(RuleKind::Score, source).expect("the rule compiles");
    assert_eq!(engine.score(&rule, &kpi, &ContextFacts::default()).expect("a score").score, Some(100.0));
}

const REMINDER: &str = r#"//! A nudge
fn remind(kpi, ctx) {
    if ctx.quarter.days_left > 7 || kpi.current != () { return []; }
    [
        remind("owner", "{title} has no value", "The quarter ends in {days} days.", #{ title: kpi.title, days: ctx.quarter.days_left }),
        remind(12, "A colleague is late", "See {title}.", #{ title: kpi.title }),
    ]
}"#;

#[test]
fn a_reminder_says_what_it_is_about_and_how_often() {
    let engine = Engine::default();
    let made = |options: &str| {
        let source = format!(
            "fn remind(kpi, ctx) {{ [remind(\"owner\", \"{{title}} is due\", \"Now.\", #{{ title: kpi.title }}{options})] }}"
        );
        let rule = engine.compile(RuleKind::Remind, &source).expect("the rule compiles");
        let made = engine.remind(&rule, &KpiFacts::default(), &ContextFacts::default());
        made.map(|made| (made[0].reason.clone(), made[0].every)).map_err(|trouble| trouble.message)
    };
    assert_eq!(made(""), Ok(("{title} is due".into(), 7)));
    assert_eq!(made(", #{ reason: \"due\", every: 3 }"), Ok(("due".into(), 3)));
    assert_eq!(made(", #{ every: clamp(400, 1, 92) }"), Ok(("{title} is due".into(), 92)));
    for (options, part) in [
        (", #{ every: 0 }", "whole number of days"),
        (", #{ every: 367 }", "whole number of days"),
        (", #{ every: 1.5 }", "whole number of days"),
        (", #{ every: \"week\" }", "whole number of days"),
        (", #{ reason: \"\" }", "1 to 80 characters"),
        (", #{ evry: 3 }", "no option `evry`"),
    ] {
        assert!(made(options).is_err_and(|said| said.contains(part)), "{options}");
    }
    let long = "ä".repeat(60);
    let source = format!("fn remind(kpi, ctx) {{ [remind(\"owner\", \"{long}\", \"Now.\")] }}");
    let rule = engine.compile(RuleKind::Remind, &source).expect("the rule compiles");
    let made = engine.remind(&rule, &KpiFacts::default(), &ContextFacts::default()).expect("a reminder");
    assert_eq!(made[0].reason.len(), 80);
}

#[test]
fn reminders_go_to_roles_and_people() {
    let engine = Engine::default();
    let rule = engine.compile(RuleKind::Remind, REMINDER).expect("the rule compiles");
    let mut ctx = ContextFacts::default();
    assert_eq!(engine.remind(&rule, &KpiFacts::default(), &ctx).expect("reminders"), []);
    ctx.quarter.days_left = 3;
    let made = engine.remind(&rule, &KpiFacts::default(), &ctx).expect("reminders");
    assert_eq!(made.iter().map(|r| r.to).collect::<Vec<_>>(), [ReminderTo::Owner, ReminderTo::User(12)]);
    assert_eq!(made[0].title.text, "A KPI has no value");
    assert_eq!(made[0].text.text, "The quarter ends in 3 days.");
    assert_eq!(made[0].text.pattern, "The quarter ends in {days} days.");
}

#[test]
fn cases_tell_what_differs() {
    let engine = Engine::default();
    let score = engine
        .compile(RuleKind::Score, "fn score(kpi, ctx) { step(\"One.\"); step(\"Two.\"); if kpi.year == 1 { throw \"no\"; } #{ score: kpi.current } }")
        .expect("the rule compiles");
    let run = |rule: &Rule, body: &str| {
        let result = cases::run(&engine, rule, &format!("[[case]]\nname = \"x\"\n{body}"))
            .expect("the case file can be read")
            .remove(0);
        (result.passed, result.detail)
    };
    for (passes, body) in [
        (
            true,
            "kpi = { current = 75 }\nexpect = { score = 75, band = \"amber\", steps = [\"One\", \"Two\"] }",
        ),
        (true, "kpi = { current = 75 }\nexpect = { score = 75.4, tolerance = 0.5 }"),
        (true, "expect = { score = \"none\", progress = \"none\", band = \"none\" }"),
        (true, "kpi = { year = 1 }\nexpect = { error = \"no\" }"),
        (false, "kpi = { current = 75 }\nexpect = { score = 75.4 }"),
        (false, "kpi = { current = 75 }\nexpect = { score = \"none\" }"),
        (false, "expect = { score = 0 }"),
        (false, "kpi = { current = 75 }\nexpect = { band = \"red\" }"),
        (false, "kpi = { current = 75 }\nexpect = { steps = [\"Two\", \"One\"] }"),
        (false, "kpi = { current = 75 }\nexpect = { error = \"no\" }"),
        (false, "kpi = { year = 1 }\nexpect = { score = 1 }"),
        (false, "kpi = { year = 1 }\nexpect = { error = \"other\" }"),
        (false, "kpi = { current = 75 }\nexpect = { findings = [] }"),
    ] {
        let (passed, detail) = run(&score, body);
        assert_eq!(passed, passes, "{body}: {detail}");
    }
    let validate = engine
        .compile(
            RuleKind::Validate,
            "fn validate(kpi, ctx) { [error(\"a\", \"First.\"), warn(\"a\", \"Second.\")] }",
        )
        .expect("the thread ends");
    let first = "{ severity = \"error\", field = \"a\" }";
    let second = "{ severity = \"warning\", field = \"a\", text = \"Sec\" }";
    assert!(run(&validate, &format!("expect = {{ findings = [{second}, {first}] }}")).0);
    assert!(!run(&validate, &format!("expect = {{ findings = [{first}] }}")).0);
    assert!(!run(&validate, &format!("expect = {{ findings = [{first}, {first}] }}")).0);
    assert!(!run(&validate, "expect = {}").0, "what is not expected is told");

    let remind = engine.compile(RuleKind::Remind, REMINDER).expect("the rule compiles");
    let late = "ctx = { quarter = { days_left = 2 } }\nexpect = { reminders = [{ to = \"owner\", text = \"2 days\" }, { to = { user = 12 } }] }";
    assert!(run(&remind, late).0);
}

#[test]
fn a_case_file_with_a_slip_is_refused() {
    let engine = Engine::default();
    let rule =
        engine.compile(RuleKind::Score, "fn score(kpi, ctx) { #{ score: 1 } }").expect("the rule compiles");
    for (line, file) in [
        (3, "[[case]]\nname = \"x\"\nkpi = { targt = 5 }\nexpect = {}\n"),
        (3, "[[case]]\nname = \"x\"\nexpect = { scroe = 5 }\n"),
        (1, "[[cases]]\nname = \"x\"\n"),
        (2, "[[case]]\nname = x\n"),
    ] {
        let error = cases::run(&engine, &rule, file).expect_err("a slip is refused");
        assert_eq!(error.line, Some(line), "{error}");
    }
}

#[test]
fn a_rule_reads_the_fields_that_a_template_adds() {
    let source = r#"fn score(kpi, ctx) {
        let custom = kpi.custom;
        if custom.note != () || custom.region != "North" { return #{ score: 0 }; }
        #{ score: 10.0 * custom.heads / 4.0 }
    }"#;
    let engine = Engine::default();
    let rule = engine.compile(RuleKind::Score, source).expect("the rule compiles");
    let mut kpi = KpiFacts::default();
    let values = serde_json::json!({ "region": "North", "heads": 6.0, "start": "2026-02-01" });
    kpi.custom = values.as_object().cloned().expect("an object");
    let scoring = engine.score(&rule, &kpi, &ContextFacts::default()).expect("the rule scores");
    assert_eq!(scoring.score, Some(15.0));
}

#[test]
fn a_rule_for_kpis_of_one_kind_and_direction_is_tried_on_those_alone() {
    let engine = Engine::default();
    let more = "fn score(kpi, ctx) { if kpi.current == () { return #{ score: () }; } \
        let s = clamp(kpi.current, 0, min(100, kpi.cap ?? ctx.settings.cap)); #{ score: s, progress: s, band: band(s) } }";
    let rule = engine.compile(RuleKind::Score, more).unwrap();
    let holds = |kind, direction| {
        let common = Common { kind: Some(kind), direction };
        check_for(&engine, &rule, common).into_iter().all(|report| report.passed)
    };
    assert!(holds(Kind::Percentage, Some(Direction::Increase)));
    assert!(!holds(Kind::Percentage, Some(Direction::Decrease)));
    assert!(!holds(Kind::Number, None));
    // Of these there is none that falls.
    assert!(holds(Kind::Boolean, Some(Direction::Decrease)));
    assert!(!check(&engine, &rule).into_iter().all(|report| report.passed));
}
