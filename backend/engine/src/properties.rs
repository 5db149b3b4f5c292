//! What has to hold of every rule, whatever it says, tried on a grid of KPIs of every kind and direction with values at
//! and around the edges: it gives a result, the same one again; and a score is never lower for a better value, lies
//! between 0 and the cap, and has the band of its bounds.

mod grid;

use kpi_api::{
    rules::cases::{Property, PropertyReport},
    scoring::{Direction, Kind, RuleKind},
};

use self::grid::Ladder;
use crate::{
    ContextFacts, Engine, Event, KpiFacts, Rule, TroubleKind,
    number::text,
    outcome::{Returned, Scored, Trouble},
    run::Deadline,
};

/// Time on the processor that all of it may take; a rule that needs more is too slow for thousands of KPIs.
const TIME: std::time::Duration = std::time::Duration::from_millis(800);

/// Score points that are the same.
const NOISE: f64 = 1e-9;

/// What all KPIs have in common that a rule applies to, as those that a template makes do. What is absent may be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Common {
    pub kind: Option<Kind>,
    pub direction: Option<Direction>,
}

/// Tries the rule. One report for each property that its kind has, in the order of [`Property::ALL`]; one that could not
/// be looked at because the rule gives no result does not hold.
pub fn check(engine: &Engine, rule: &Rule) -> Vec<PropertyReport> {
    check_for(engine, rule, Common::default())
}

/// As [`check`], on KPIs such as the rule applies to.
pub fn check_for(engine: &Engine, rule: &Rule, common: Common) -> Vec<PropertyReport> {
    let ladders = grid::ladders().into_iter().filter(|ladder| ladder.fits(common)).collect();
    let deadline = Deadline::after(TIME, 20 * TIME);
    let mut found = Found { engine, rule, ladders, deadline, failed: Vec::new() };
    match rule.kind() {
        RuleKind::Score => found.score(),
        RuleKind::Validate => found.all_events(&[
            Event::Create,
            Event::Update,
            Event::Submit,
            Event::CheckIn,
            Event::SubmitResult,
            Event::Preview,
        ]),
        RuleKind::Remind => found.all_events(&[Event::Schedule]),
    }
    let properties: &[Property] = match rule.kind() {
        RuleKind::Score => Property::ALL,
        RuleKind::Validate | RuleKind::Remind => &[Property::Runs, Property::SameAgain],
    };
    let report = |property: &Property| {
        let message = found.failed.iter().find(|(failed, _)| failed == property).map(|(_, message)| message);
        PropertyReport {
            property: *property,
            passed: message.is_none(),
            message: message.cloned().unwrap_or_default(),
        }
    };
    properties.iter().map(report).collect()
}

struct Found<'a> {
    engine: &'a Engine,
    rule: &'a Rule,
    ladders: Vec<Ladder>,
    deadline: Deadline,
    /// The first failure of each property.
    failed: Vec<(Property, String)>,
}

impl Found<'_> {
    fn fail(&mut self, property: Property, message: String) {
        if !self.failed.iter().any(|(failed, _)| *failed == property) {
            self.failed.push((property, message));
        }
    }

    /// The outcome; `None` once the rule has shown to give none, or the time is over.
    fn run(&mut self, kpi: &KpiFacts, ctx: &ContextFacts, what: &dyn Fn() -> String) -> Option<Returned> {
        if self.failed.iter().any(|(failed, _)| *failed == Property::Runs) {
            return None;
        }
        if self.deadline.has_passed() {
            let message = format!("It is too slow: the trial took more than {} ms.", TIME.as_millis());
            self.fail(Property::Runs, message);
            return None;
        }
        match self.engine.trial(self.rule, kpi, ctx).outcome {
            Ok(returned) => Some(returned),
            Err(trouble) => {
                let property = Self::broken_by(&trouble);
                self.fail(property, format!("{}: {trouble}.", what()));
                None
            }
        }
    }

    /// A score beyond its bounds is a broken property of its own, everything else is no result.
    fn broken_by(trouble: &Trouble) -> Property {
        let is_score = trouble.kind == TroubleKind::WrongShape && trouble.message.starts_with("`score`");
        let is_number = trouble.message.contains("is not between") || trouble.message.contains("finite");
        if is_score && is_number { Property::WithinCap } else { Property::Runs }
    }

    fn score(&mut self) {
        let ladders = std::mem::take(&mut self.ladders);
        for ctx in grid::settings() {
            for ladder in &ladders {
                self.climb(ladder, &ctx);
            }
        }
    }

    /// Goes from the worst value to the best and compares each score with the one before.
    fn climb(&mut self, ladder: &Ladder, ctx: &ContextFacts) {
        let mut last: Option<(f64, f64)> = None;
        for (index, rung) in ladder.rungs.iter().enumerate() {
            let kpi = ladder.kpi(*rung);
            let what = || ladder.words(*rung);
            let Some(Returned::Score(scored)) = self.run(&kpi, ctx, &what) else { return };
            self.look(&scored, ctx, &what);
            // Once for each ladder is enough: the engine keeps nothing between runs.
            if index == 0 {
                self.again(&kpi, ctx, &Returned::Score(scored.clone()), &what);
            }
            let (Some(value), Some(score)) = (rung, scored.score) else { continue };
            if let Some((before, points)) = last
                && score < points - NOISE
            {
                let message = format!(
                    "{}: {} gives {} points, but the better {} gives only {}.",
                    ladder.name,
                    text(before),
                    text(points),
                    text(*value),
                    text(score),
                );
                self.fail(Property::BetterIsNotLess, message);
            }
            last = Some((*value, score));
        }
    }

    fn look(&mut self, scored: &Scored, ctx: &ContextFacts, what: &dyn Fn() -> String) {
        if scored.score.is_some_and(|score| !score.is_finite() || !(0.0..=scored.cap).contains(&score)) {
            let message = format!("{}: the score is not between 0 and {}.", what(), text(scored.cap));
            self.fail(Property::WithinCap, message);
        }
        let wanted = ctx.settings.bands.of(scored.score);
        if wanted != scored.band {
            let score = scored.score.map_or("no score".into(), |score| format!("{} points", text(score)));
            let message = format!(
                "{}: {score} should be {wanted} by the company's bounds, but is {}.",
                what(),
                scored.band
            );
            self.fail(Property::BandsWithoutGap, message);
        }
    }

    fn again(&mut self, kpi: &KpiFacts, ctx: &ContextFacts, first: &Returned, what: &dyn Fn() -> String) {
        if let Some(second) = self.run(kpi, ctx, what)
            && second != *first
        {
            self.fail(Property::SameAgain, format!("{}: a second run gives another result.", what()));
        }
    }

    fn all_events(&mut self, events: &[Event]) {
        let ladders = std::mem::take(&mut self.ladders);
        for event in events {
            for ladder in &ladders {
                // The ends and the middle: these rules compare nothing between values.
                for index in [0, ladder.rungs.len() / 2, ladder.rungs.len() - 1] {
                    let Some(rung) = ladder.rungs.get(index) else { continue };
                    let kpi = ladder.kpi(*rung);
                    let ctx = ContextFacts {
                        event: *event,
                        check_in: kpi.check_ins.last().filter(|_| *event == Event::CheckIn).cloned(),
                        ..ContextFacts::default()
                    };
                    let what = || format!("{} (event {})", ladder.words(*rung), event.as_str());
                    let Some(returned) = self.run(&kpi, &ctx, &what) else { return };
                    if index == 0 {
                        self.again(&kpi, &ctx, &returned, &what);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(kind: RuleKind, source: &str) -> Vec<(Property, String)> {
        let engine = Engine::default();
        let rule = engine.compile(kind, source).unwrap();
        let failed = check(&engine, &rule).into_iter().filter(|report| !report.passed);
        failed.map(|report| (report.property, report.message)).collect()
    }

    fn score(body: &str) -> Vec<(Property, String)> {
        broken(
            RuleKind::Score,
            &format!(
                "fn score(kpi, ctx) {{ let p = attainment(kpi); if p == () {{ return #{{ score: () }}; }} let cap = kpi.cap ?? ctx.settings.cap; {body} }}"
            ),
        )
    }

    #[test]
    fn the_shipped_rules_hold() {
        for shipped in crate::shipped() {
            assert_eq!(broken(shipped.kind, shipped.source), [], "{}", shipped.name);
        }
    }

    #[test]
    fn a_better_value_that_gives_less_is_told_with_both_values() {
        let found = score("#{ score: clamp(100 - 100 * p, 0, min(100, cap)) }");
        assert_eq!(found[0].0, Property::BetterIsNotLess);
        assert!(found[0].1.contains("points, but the better"), "{found:?}");
        // A dip in the middle.
        let found = score("#{ score: if p > 0.6 && p < 0.8 { 10 } else { clamp(100 * p, 0, cap) } }");
        assert_eq!(found[0].0, Property::BetterIsNotLess);
        // Less is better, but the rule takes the value as it stands.
        let found = score("#{ score: clamp(kpi.current ?? 0, 0, cap) }");
        assert_eq!(found[0].0, Property::BetterIsNotLess);
    }

    #[test]
    fn points_beyond_the_cap_are_told() {
        for body in
            ["#{ score: 100 * p }", "#{ score: max(100 * p, 0) }", "#{ score: 500 }", "#{ score: 0.0 / 0.0 }"]
        {
            let found = score(body);
            assert!(found.iter().any(|(property, _)| *property == Property::WithinCap), "{body}: {found:?}");
        }
    }

    #[test]
    fn a_band_that_is_not_of_its_bounds_is_told() {
        let found = score("#{ score: clamp(100 * p, 0, cap), band: \"green\" }");
        assert_eq!(found[0].0, Property::BandsWithoutGap);
        assert!(found[0].1.contains("should be red"), "{found:?}");
    }

    #[test]
    fn a_rule_that_gives_no_result_says_for_which_kpi() {
        for (body, part) in [
            ("#{ score: 100 * kpi.target / kpi.baseline }", "wanted here"),
            ("throw \"no\"", "no"),
            ("loop {}", "too many operations"),
            ("7", "has to return a map"),
        ] {
            let found = score(body);
            assert_eq!(found[0].0, Property::Runs, "{body}");
            assert!(found[0].1.contains(part) || part == "wanted here", "{body}: {found:?}");
        }
        let found = broken(
            RuleKind::Validate,
            "fn validate(kpi, ctx) { if ctx.event == \"submit\" { throw \"no\" } [] }",
        );
        assert!(found[0].1.contains("event submit"), "{found:?}");
        let found = broken(RuleKind::Remind, "fn remind(kpi, ctx) { [remind(\"nobody\", \"a\", \"b\")] }");
        assert_eq!(found[0].0, Property::Runs);
    }

    #[test]
    fn a_slow_rule_is_told_in_time() {
        let began = std::time::Instant::now();
        let source = "fn score(kpi, ctx) { let n = 0; for i in 0..40000 { n += i; } #{ score: 1 } }";
        assert!(broken(RuleKind::Score, source)[0].1.contains("too slow"));
        assert!(began.elapsed() < 6 * TIME, "{:?}", began.elapsed());
    }
}
