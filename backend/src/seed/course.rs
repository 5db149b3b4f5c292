//! How a value moves through a quarter: made up, but the way such values move.

use kpi_api::{
    kpi::KpiNew,
    scoring::{Direction, Kind, Rollup},
};

use super::{definition::rounded, random::Random};

/// Where a KPI will stand at the end, and how often it is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// Attainment at the end of the quarter, around 1.
    pub finish: f64,
    /// Check-ins in a whole quarter.
    pub check_ins: usize,
}

/// What is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub value: f64,
    /// Which milestones are done.
    pub milestones: Option<Vec<bool>>,
}

impl Course {
    /// `share` of the quarter has passed, 0 to 1.
    pub fn reading(&self, kpi: &KpiNew, share: f64, random: &mut Random) -> Reading {
        if kpi.kind == Kind::Milestones {
            return self.milestones(kpi, share);
        }
        let value = match kpi.kind {
            Kind::Boolean => f64::from(u8::from(share * self.finish > 0.72)),
            _ if kpi.direction == Direction::InRange => self.in_range(kpi, random),
            _ => self.towards(kpi, share, random),
        };
        let value = rounded(value.max(0.0), 10_f64.powi(-i32::from(kpi.decimals)));
        let value = if kpi.kind == Kind::Percentage { value.min(100.0) } else { value };
        Reading { value, milestones: None }
    }

    fn milestones(&self, kpi: &KpiNew, share: f64) -> Reading {
        let all: f64 = kpi.milestones.iter().map(|milestone| milestone.weight).sum();
        let (mut sum, mut value) = (0.0, 0.0);
        let done = kpi.milestones.iter().map(|milestone| {
            sum += milestone.weight;
            // A hair of tolerance, so that the last one is done when the finish is exactly 1.
            let is_done = sum <= all * share * self.finish + 1e-9;
            if is_done {
                value += milestone.weight;
            }
            is_done
        });
        let done = done.collect();
        Reading { value: rounded(100.0 * value / all.max(1.0), 0.01), milestones: Some(done) }
    }

    fn in_range(&self, kpi: &KpiNew, random: &mut Random) -> f64 {
        let (lower, upper) = (kpi.lower.unwrap_or(0.0), kpi.upper.unwrap_or(0.0));
        if self.finish >= 0.9 {
            random.between(lower, upper)
        } else if random.chance(0.5) {
            lower * (self.finish + 0.05 * random.normal()).min(0.99)
        } else {
            upper + lower * (1.0 - self.finish).max(0.01)
        }
    }

    fn towards(&self, kpi: &KpiNew, share: f64, random: &mut Random) -> f64 {
        let target = kpi.target.unwrap_or(0.0);
        let noise = 1.0 + 0.06 * random.normal();
        let better_is_less = kpi.direction == Direction::Decrease;
        if target == 0.0 {
            return f64::from(u8::from(self.finish < 0.8 && random.chance(0.15)));
        }
        // Close to a hundred percent the room to miss a target is small.
        let finish = if kpi.kind == Kind::Percentage && target > 90.0 && !better_is_less {
            1.0 - (1.0 - self.finish) / 12.0
        } else {
            self.finish
        };
        match (kpi.rollup, kpi.baseline) {
            (Rollup::Sum, _) => {
                target * finish / self.check_ins.max(1) as f64 * (1.0 + 0.2 * random.normal())
            }
            (Rollup::Mean | Rollup::Max | Rollup::Min, Some(from)) => {
                from + (target - from) * finish * (0.85 + 0.2 * share) * noise
            }
            (Rollup::Mean | Rollup::Max | Rollup::Min, None) if better_is_less => {
                target * (2.0 - finish) * noise
            }
            (Rollup::Mean | Rollup::Max | Rollup::Min, None) => {
                target * finish * (1.0 + (noise - 1.0) * (1.02 - finish).abs())
            }
            (Rollup::Last, Some(from)) => from + (target - from) * finish * share * noise,
            (Rollup::Last, None) if better_is_less => target * (2.0 - finish) * noise,
            (Rollup::Last, None) => target * finish * share * noise,
        }
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::time::{Period, Quarter};

    use super::{
        super::{catalogue::PATTERNS, definition::measured},
        *,
    };

    #[test]
    fn readings_are_numbers_that_can_be_recorded() {
        let mut random = Random::of(&[5]);
        let period = Period::new(2026, Quarter::Q1);
        for pattern in PATTERNS.iter() {
            let kpi = measured(pattern, KpiNew::blank(period.year, period.quarter), |range| range.1);
            for finish in [0.3, 0.8, 1.0, 1.3] {
                for step in 1..=6 {
                    let course = Course { finish, check_ins: 6 };
                    let reading = course.reading(&kpi, f64::from(step) / 6.0, &mut random);
                    assert!(reading.value.is_finite() && reading.value >= 0.0, "{}: {reading:?}", kpi.title);
                    let flags = reading.milestones.as_ref().map(Vec::len);
                    assert_eq!(flags, (kpi.kind == Kind::Milestones).then_some(kpi.milestones.len()));
                    if kpi.kind != Kind::Number {
                        assert!(reading.value <= 100.0, "{}: {reading:?}", kpi.title);
                    }
                }
            }
        }
    }

    #[test]
    fn milestones_are_done_one_after_the_other_and_all_at_the_end() {
        let pattern = &PATTERNS[super::super::catalogue::at::PARTNERS];
        let kpi = measured(pattern, KpiNew::blank(2026, Quarter::Q1), |range| range.1);
        let course = Course { finish: 1.0, check_ins: 4 };
        let done = |share: f64| course.milestones(&kpi, share).milestones.unwrap();
        assert_eq!(done(0.25), [true, false, false, false]);
        assert_eq!(done(1.0), [true; 4]);
    }
}
