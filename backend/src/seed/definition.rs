//! From a pattern to the definition of one person's KPI.

use kpi_api::{
    id::{KpiId, TemplateId, UserId},
    kpi::KpiNew,
    scoring::Milestone,
    time::Period,
};

use super::{
    catalogue::{Draw, Measure, PATTERNS, Pattern, at},
    random::Random,
};

/// Choices of the field that the revenue template adds.
pub const REGIONS: [&str; 3] = ["North", "South", "International"];

/// Which KPI somebody has.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub owner: i64,
    pub pattern: usize,
    /// Tells two KPIs of the same pattern apart.
    pub focus: Option<&'static str>,
    pub weight: f64,
    pub template_id: Option<i64>,
    pub parent_id: Option<i64>,
    /// Counted things are so many times more for those who lead.
    pub scale: f64,
}

pub fn define(wanted: &Wanted, period: Period, random: &mut Random) -> KpiNew {
    let pattern = &PATTERNS[wanted.pattern];
    let blank = KpiNew::blank(period.year, period.quarter);
    let mut kpi = measured(pattern, blank, |(low, high)| {
        rounded(random.between(low, high + f64::EPSILON) * wanted.scale, pattern.step)
    });
    kpi.user_id = Some(UserId(wanted.owner));
    kpi.template_id = wanted.template_id.map(TemplateId);
    kpi.parent_id = wanted.parent_id.map(KpiId);
    kpi.weight = wanted.weight;
    if let Some(focus) = wanted.focus {
        kpi.title = format!("{} – {focus}", pattern.title);
    }
    if wanted.pattern == at::REVENUE && wanted.template_id.is_some() {
        let region = random.pick(&REGIONS).copied().unwrap_or_default();
        kpi.custom_fields.insert("region".into(), region.into());
    }
    kpi
}

/// Everything that the pattern decides; `draw` takes a number from a range.
pub fn measured(pattern: &Pattern, mut kpi: KpiNew, mut draw: impl FnMut(Draw) -> f64) -> KpiNew {
    kpi.title = pattern.title.into();
    kpi.measurement_method = pattern.method.into();
    kpi.category = pattern.category;
    kpi.kind = pattern.kind();
    kpi.direction = pattern.direction();
    kpi.unit = pattern.unit.into();
    kpi.decimals = pattern.decimals;
    kpi.rollup = pattern.rollup;
    kpi.tags = pattern.tags.iter().map(ToString::to_string).collect();
    match pattern.measure {
        Measure::Climb { from, to } => {
            kpi.baseline = from.map(&mut draw);
            kpi.target = Some(draw(to));
            kpi.stretch = kpi.target.map(|target| rounded(target * 1.1, pattern.step));
            if kpi.unit == "%" {
                kpi.stretch = None;
            }
        }
        Measure::Sink { from, to } => {
            kpi.baseline = from.map(&mut draw);
            kpi.target = Some(draw(to));
        }
        Measure::Within { lower, upper } => {
            kpi.lower = Some(draw(lower));
            kpi.upper = Some(draw(upper));
        }
        Measure::Done => {}
        Measure::Steps(steps) => {
            let milestone = |(title, weight): &(&str, f64)| Milestone {
                title: (*title).into(),
                weight: *weight,
                done: false,
            };
            kpi.milestones = steps.iter().map(milestone).collect();
        }
    }
    kpi
}

/// The nearest multiple of `step`, without the dust of binary fractions.
pub fn rounded(value: f64, step: f64) -> f64 {
    let whole = (value / step).round() * step;
    (whole * 1e6).round() / 1e6
}

/// `count` weights in steps of five whose sum is 100; alike beyond twenty.
pub fn weights(count: usize) -> Vec<f64> {
    if count == 0 {
        return Vec::new();
    }
    if count > 20 {
        return vec![rounded(100.0 / count as f64, 0.01); count];
    }
    let fives = 20 / count;
    let more = 20 % count;
    (0..count).map(|index| 5.0 * (fives + usize::from(index < more)) as f64).collect()
}

#[cfg(test)]
mod tests {
    use kpi_api::time::Quarter;

    use super::*;

    #[test]
    fn weights_make_a_hundred() {
        for count in 1..=20 {
            assert_eq!(weights(count).iter().sum::<f64>(), 100.0, "{count}");
        }
        assert_eq!(weights(3), [35.0, 35.0, 30.0]);
    }

    #[test]
    fn every_pattern_makes_a_definition_that_the_api_would_take() {
        let mut random = Random::of(&[3]);
        for (pattern, known) in PATTERNS.iter().enumerate() {
            let wanted = Wanted {
                owner: 1,
                pattern,
                focus: Some("North"),
                weight: 20.0,
                template_id: None,
                parent_id: None,
                scale: 1.0,
            };
            let kpi = define(&wanted, Period::new(2026, Quarter::Q1), &mut random);
            assert_eq!(kpi.check(), Ok(()), "{}", known.title);
            assert!(kpi.baseline.is_none_or(|b| Some(b) != kpi.target), "{}", known.title);
            assert!(kpi.lower.is_none_or(|l| kpi.upper.is_some_and(|u| l < u)), "{}", known.title);
        }
    }
}
