//! The maths: golden values, and what holds for all numbers.

use kpi_api::scoring::{Band, Bands, Direction, Kind, Milestone, RuleKind};
use kpi_engine::{ContextFacts, Engine, KpiFacts, Rule, Scored, attainment, shipped};
use proptest::prelude::*;

fn standard() -> (Engine, Rule) {
    let engine = Engine::default();
    let source = shipped().iter().find(|s| s.name == "score/standard").expect("it is shipped").source;
    let rule = engine.compile(RuleKind::Score, source).expect("the rule compiles");
    (engine, rule)
}

fn kpi(direction: Direction, baseline: Option<f64>, target: Option<f64>, current: f64) -> KpiFacts {
    KpiFacts { direction, baseline, target, current: Some(current), ..KpiFacts::default() }
}

#[test]
fn golden_values() {
    use Direction::{Decrease, Increase};
    let (engine, rule) = standard();
    for (direction, baseline, target, current, score, band) in [
        (Increase, Some(0.0), 200.0, 100.0, 50.0, Band::Red),
        (Decrease, Some(200.0), 0.0, 100.0, 50.0, Band::Red),
        (Decrease, None, 1.0, 0.8, 120.0, Band::Green),
        (Decrease, None, 1.0, 0.25, 120.0, Band::Green),
        (Decrease, None, 1.0, 1.5, 50.0, Band::Red),
        (Decrease, None, 1.0, 1.75, 25.0, Band::Red),
        (Decrease, None, 1.0, 3.0, 0.0, Band::Red),
        (Increase, None, 0.0, 0.0, 100.0, Band::Green),
        (Increase, None, 0.0, -0.1, 0.0, Band::Red),
        (Decrease, Some(5.0), 5.0, 5.0, 100.0, Band::Green),
        (Decrease, Some(5.0), 5.0, 5.1, 0.0, Band::Red),
    ] {
        let facts = kpi(direction, baseline, Some(target), current);
        let scored = engine.score(&rule, &facts, &ContextFacts::default()).expect("a score");
        let is = scored.score.expect("a score");
        assert!(
            (is - score).abs() < 1e-9,
            "{direction} {baseline:?} {target} {current}: {is}, expected {score}"
        );
        assert_eq!(scored.band, band);
        assert_eq!(scored.attainment, attainment(&facts));
    }
}

#[test]
fn the_receipt_has_its_inputs() {
    let (engine, rule) = standard();
    let facts = kpi(Direction::Increase, Some(0.0), Some(200.0), 150.0);
    let scored = engine.score(&rule, &facts, &ContextFacts::default()).expect("a score");
    let value = |name: &str| scored.inputs.iter().find(|i| i.name == name).map(|i| i.value.clone());
    assert_eq!(value("target"), Some(200.0.into()));
    assert_eq!(value("current"), Some(150.0.into()));
    assert_eq!(value("cap"), Some(120.0.into()));
    assert_eq!(value("lower"), None, "a bound is no input where there is no range");
    assert_eq!(scored.steps[1].pattern, "That is {percent} % of the way.");
    assert_eq!(scored.steps[1].values["percent"], "75");
    assert_eq!(
        serde_json::from_value::<Scored>(serde_json::to_value(&scored).expect("JSON")).expect("JSON"),
        scored
    );
}

#[test]
fn values_that_are_no_numbers_do_not_count() {
    for nothing in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(attainment(&kpi(Direction::Increase, None, Some(1.0), nothing)), None);
        assert_eq!(attainment(&kpi(Direction::Increase, None, Some(nothing), 1.0)), None);
    }
}

/// Numbers of every size, the ends of their range included.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e6..1e6f64,
        1 => proptest::num::f64::NORMAL | proptest::num::f64::ZERO | proptest::num::f64::SUBNORMAL,
        1 => prop::sample::select(vec![0.0, -0.0, 1.0, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 1e-300]),
    ]
}

fn scored(engine: &Engine, rule: &Rule, facts: &KpiFacts) -> Result<Scored, TestCaseError> {
    let scored = engine
        .score(rule, facts, &ContextFacts::default())
        .map_err(|trouble| TestCaseError::fail(format!("{trouble}: {facts:?}")))?;
    if let Some(score) = scored.score {
        prop_assert!(score.is_finite() && (0.0..=scored.cap).contains(&score));
        let progress = scored.progress_percentage.unwrap_or(-1.0);
        prop_assert!((0.0..=100.0).contains(&progress));
        prop_assert!(scored.attainment.is_some_and(f64::is_finite));
    }
    prop_assert_eq!(scored.band, Bands::default().of(scored.score));
    Ok(scored)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_better_value_never_lowers_the_score(b in proptest::option::of(number()), t in number(), x in number(), y in number()) {
        let (engine, rule) = standard();
        for direction in [Direction::Increase, Direction::Decrease] {
            let (worse, better) = match direction {
                Direction::Decrease => (x.max(y), x.min(y)),
                _ => (x.min(y), x.max(y)),
            };
            // A target on the wrong side of the baseline is what the standard checks refuse.
            let baseline = b.filter(|b| if direction == Direction::Decrease { t <= *b } else { t >= *b });
            let low = scored(&engine, &rule, &kpi(direction, baseline, Some(t), worse))?;
            let high = scored(&engine, &rule, &kpi(direction, baseline, Some(t), better))?;
            prop_assert!(low.score <= high.score, "{direction} {baseline:?} {t}: {worse} gives {:?}, {better} {:?}", low.score, high.score);
            prop_assert!(low.attainment <= high.attainment);
        }
    }

    #[test]
    fn moving_towards_a_range_never_lowers_the_score(one in number(), other in number(), x in number(), share in 0.0..1.0f64) {
        let (engine, rule) = standard();
        let (lower, upper) = (one.min(other), one.max(other));
        let near = if x < lower { lower } else if x > upper { upper } else { x };
        let moved = (x * (1.0 - share) + near * share).clamp(x.min(near), x.max(near));
        let facts = |a| KpiFacts { lower: Some(lower), upper: Some(upper), ..kpi(Direction::InRange, None, None, a) };
        let (before, after, inside) = (scored(&engine, &rule, &facts(x))?, scored(&engine, &rule, &facts(moved))?, scored(&engine, &rule, &facts(near))?);
        prop_assert!(before.score <= after.score && after.score <= inside.score);
        prop_assert_eq!(inside.score, Some(100.0));
    }

    #[test]
    fn a_milestone_done_never_lowers_the_score(weights in prop::collection::vec((number(), any::<bool>()), 1..8), pick in any::<prop::sample::Index>()) {
        let (engine, rule) = standard();
        let milestones: Vec<Milestone> = weights.iter().map(|(weight, done)| Milestone { title: "m".into(), weight: *weight, done: *done }).collect();
        let facts = KpiFacts { kind: Kind::Milestones, milestones, ..KpiFacts::default() };
        let mut further = facts.clone();
        let index = pick.index(further.milestones.len());
        further.milestones[index].done = true;
        prop_assert!(scored(&engine, &rule, &facts)?.score <= scored(&engine, &rule, &further)?.score);
    }

    #[test]
    fn bands_leave_no_gap(score in 0.0..120.0f64) {
        let band = Bands::default().of(Some(score));
        prop_assert_eq!(band, if score >= 90.0 { Band::Green } else if score >= 70.0 { Band::Amber } else { Band::Red });
    }
}
