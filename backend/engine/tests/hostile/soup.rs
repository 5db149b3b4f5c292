//! Sources put together at random: whatever they are, the engine answers in time and keeps standing.

use std::time::Instant;

use kpi_api::scoring::RuleKind;
use kpi_engine::{ContextFacts, Engine, KpiFacts, Limits, TroubleKind};
use proptest::prelude::*;

use crate::IN_TIME;

const WORDS: &[&str] = &[
    "let",
    "x",
    "y",
    "=",
    "+=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "**",
    "..",
    "==",
    "<",
    "&&",
    "||",
    "!",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "#{",
    ":",
    ";",
    ",",
    ".",
    "?.",
    "??",
    "|x|",
    "||",
    "if",
    "else",
    "while",
    "loop",
    "for",
    "in",
    "do",
    "break",
    "continue",
    "return",
    "throw",
    "try",
    "catch",
    "switch",
    "=>",
    "_",
    "const",
    "fn",
    "f",
    "this",
    "Fn",
    "call",
    "true",
    "()",
    "0",
    "1",
    "-1",
    "9223372036854775807",
    "1.5",
    "1e308",
    "\"s\"",
    "`${x}`",
    "'c'",
    "kpi",
    "ctx",
    "target",
    "check_ins",
    "custom",
    "today",
    "map",
    "filter",
    "sort",
    "reduce",
    "push",
    "set",
    "keys",
    "join",
    "split",
    "len",
    "contains",
    "step",
    "error",
    "band",
    "attainment",
    "date",
    "clamp",
    "round",
    "weighted_mean",
    "type_of",
    "is_shared",
    "@",
    "\\",
    "\u{1F600}",
    "//",
    "/*",
    "\n",
];

/// Statements that are likely to compile.
const PIECES: &[&str] = &[
    "let x = [1, 2, 3];",
    "let y = #{ a: 1 };",
    "x.push(y);",
    "y.a = x;",
    "y.set(\"k\" + x.len(), x);",
    "x = x.map(|i| i);",
    "x += x;",
    "y.b = y;",
    "for i in x { x.push(i); }",
    "x = [x, y, x];",
    "step(`${x} ${y}`);",
    "try { throw x; } catch (e) { y.e = e; }",
    "x = x.filter(|i| type_of(i) != \"map\");",
    "x.sort();",
    "let s = \"\"; for i in 0..50 { s += i; } y.s = s;",
    "x = y.values();",
    "x = y.keys();",
    "y = #{ a: y, b: x };",
    "x[0] = y;",
    "y.a.b = 1;",
    "x[-1] = x;",
    "while x.len() < 50 { x.push(x.len()); }",
    "x = x.reverse() + x;",
    "[1].map(|i| { x.push(i); y.c = x; i });",
    "kpi.custom.z = 1;",
    "x = kpi.tags;",
    "let z = x; z.push(z.len());",
];

fn answers(source: &str) -> Result<(), TestCaseError> {
    let engine = Engine::new(Limits { operations: 20_000, ..Limits::default() });
    let began = Instant::now();
    if let Ok(rule) = engine.compile(RuleKind::Score, source) {
        let kpi = KpiFacts { target: Some(5.0), current: Some(2.0), ..KpiFacts::default() };
        if let Err(trouble) = engine.score(&rule, &kpi, &ContextFacts::default()) {
            prop_assert_ne!(trouble.kind, TroubleKind::Panicked);
        }
    }
    prop_assert!(began.elapsed() < IN_TIME, "took {:?}", began.elapsed());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_in_any_order(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        answers(&format!("fn score(kpi, ctx) {{ {} }}", words.join(" ")))?;
        answers(&words.join(" "))?;
    }

    #[test]
    fn statements_in_any_order(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..25)) {
        let body = pieces.join(" ");
        answers(&format!("fn score(kpi, ctx) {{ let x = []; let y = #{{}}; {body} #{{ score: 1 }} }}"))?;
    }

    #[test]
    fn any_text_at_all(source in "\\PC{0,200}") {
        answers(&source)?;
    }
}
