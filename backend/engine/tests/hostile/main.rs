//! Scripts that mean harm, or come out that way: each ends in time, in the way that is written beside it.

mod ending;
mod growth;
mod reach;
mod soup;

use std::time::{Duration, Instant};

use kpi_api::scoring::RuleKind;
use kpi_engine::{ContextFacts, Engine, KpiFacts, TroubleKind, Which};

/// What a run may take in all. The limit itself is 200 ms; the rest is room for a busy machine.
const IN_TIME: Duration = Duration::from_secs(1);

fn body(statements: &str) -> String {
    format!("fn score(kpi, ctx) {{ {statements} #{{ score: 1 }} }}")
}

/// The kind of trouble a source ends in when run on a stack of that many bytes.
fn trouble_on(stack: usize, source: &str) -> TroubleKind {
    let engine = Engine::default();
    let rule =
        engine.compile(RuleKind::Score, source).unwrap_or_else(|found| panic!("{source:.200}: {found:?}"));
    let began = Instant::now();
    let outcome = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(stack)
            .spawn_scoped(scope, || engine.score(&rule, &KpiFacts::default(), &ContextFacts::default()))
            .expect("the thread ends")
            .join()
            .expect("the thread ends")
    });
    let took = began.elapsed();
    assert!(took < IN_TIME, "took {took:?}: {source:.200}");
    outcome.expect_err(&format!("came through: {source:.200}")).kind
}

/// On the stack of a worker thread.
fn trouble(source: &str) -> TroubleKind {
    trouble_on(2 * 1024 * 1024, source)
}

fn limits(allowed: &[Which], source: &str) {
    match trouble(source) {
        TroubleKind::Limit(which) if allowed.contains(&which) => {}
        other => panic!("{other:?} instead of {allowed:?}: {source:.200}"),
    }
}

fn refused(source: &str, part: &str) {
    let began = Instant::now();
    let found = Engine::default().compile(RuleKind::Score, source).expect_err("compiled");
    assert!(began.elapsed() < Duration::from_secs(2), "took {:?} to refuse {source:.100}", began.elapsed());
    assert!(found.iter().any(|d| d.message.contains(part)), "{found:?} instead of `{part}`: {source:.200}");
}
