//! How many KPIs a second the shipped rules look at, and what checking, trying and proving one takes: `cargo run --release -p kpi-engine --example speed`.

use std::time::Instant;

use kpi_api::scoring::Direction;
use kpi_engine::{CheckInFacts, ContextFacts, Engine, KpiFacts, properties, shipped};

const KPIS: u32 = 10_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::default();
    let (kpi, ctx) = (KpiFacts::default(), ContextFacts::default());
    let facts: Vec<KpiFacts> = (0..KPIS)
        .map(|i| KpiFacts {
            id: Some(i64::from(i)),
            direction: if i % 3 == 0 { Direction::Decrease } else { Direction::Increase },
            baseline: (i % 2 == 0).then_some(10.0),
            target: Some(f64::from(i % 500) + 50.0),
            unit: "units".into(),
            check_ins: (0..8u32)
                .map(|n| CheckInFacts {
                    on: kpi.start + std::time::Duration::from_secs(u64::from(n) * 7 * 86_400),
                    value: f64::from((i * 31 + n * 17) % 600),
                    note: "as agreed in the weekly meeting".into(),
                    confidence: Some(7),
                })
                .collect(),
            ..kpi.clone()
        })
        .collect();
    for shipped in shipped() {
        let rule = engine.compile(shipped.kind, shipped.source).map_err(|found| format!("{found:?}"))?;
        let began = Instant::now();
        for kpi in &facts {
            match shipped.kind {
                kpi_api::scoring::RuleKind::Score => drop(engine.score(&rule, kpi, &ctx)?),
                kpi_api::scoring::RuleKind::Validate => drop(engine.validate(&rule, kpi, &ctx)?),
                kpi_api::scoring::RuleKind::Remind => drop(engine.remind(&rule, kpi, &ctx)?),
            }
        }
        let took = began.elapsed();
        println!(
            "{}: {KPIS} KPIs in {took:.0?}, {:.0} a second",
            shipped.name,
            f64::from(KPIS) / took.as_secs_f64()
        );
        let slowest = |work: &dyn Fn()| {
            let took = |_| {
                let began = Instant::now();
                work();
                began.elapsed()
            };
            (0..50).map(took).max().unwrap_or_default()
        };
        let check = slowest(&|| drop(engine.compile(shipped.kind, shipped.source)));
        let run = slowest(&|| drop(engine.trial(&rule, &facts[0], &ctx)));
        let properties = slowest(&|| drop(properties::check(&engine, &rule)));
        println!("    slowest of 50: check {check:.1?}, run {run:.1?}, properties {properties:.1?}");
    }
    Ok(())
}
