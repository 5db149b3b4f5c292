//! The scoring maths: how check-ins become one value, and how far that value is on the way to the target.
//!
//! Everything that shows progress (bars, colours, charts, exports, rules) gets it from here. All results are finite.

use kpi_api::scoring::{Direction, Kind, Rollup};

use crate::facts::{CheckInFacts, KpiFacts};

/// Attainment beyond this many times the target is cut off, so that a tiny target cannot make it infinite.
const EXTREME: f64 = 1e9;

/// The value of the quarter in the KPI's unit: what is given for a preview, else the rolled-up check-ins. A KPI of
/// milestones has the percentage of their weight that is done. `None` while there is no value: no check-in, and no
/// milestone done.
pub fn current_value(kpi: &KpiFacts) -> Option<f64> {
    if kpi.kind == Kind::Milestones {
        return milestones_done(kpi).map(|share| share * 100.0);
    }
    match kpi.current {
        Some(value) => Some(value).filter(|v| v.is_finite()),
        None => rolled_up(kpi.rollup, &kpi.check_ins),
    }
}

/// Attainment, where 1 is "target met", not clamped to it; `None` without a value or without a complete target.
///
/// - increase or decrease with a baseline b: (a-b)/(t-b); t = b is met or not met by direction;
/// - without a baseline: increase a/t, decrease 2 - a/t, the other way round for a target below zero, so that a better
///   value stays better; t = 0 is met or not met;
/// - in range: 1 inside; below a/L, above 1 - (a-U)/L, with the distance in units of |L| where L is below zero; L = 0
///   is met or not met;
/// - boolean: 1 or 0; milestones: weight done / weight of all.
pub fn attainment(kpi: &KpiFacts) -> Option<f64> {
    let attained = match kpi.kind {
        Kind::Milestones => milestones_done(kpi)?,
        Kind::Boolean => met(current_value(kpi)? >= 0.5),
        Kind::Percentage | Kind::Number => {
            let a = current_value(kpi)?;
            match kpi.direction {
                Direction::InRange => in_range(a, finite(kpi.lower)?, finite(kpi.upper)?),
                Direction::Increase => towards(a, finite(kpi.baseline), finite(kpi.target)?, true),
                Direction::Decrease => towards(a, finite(kpi.baseline), finite(kpi.target)?, false),
            }
        }
    };
    Some(attained.clamp(-EXTREME, EXTREME)).filter(|p| p.is_finite())
}

/// One value of several check-ins; the last is the one of the latest day, and of several on that day the one given
/// last. Values that are no numbers do not count.
pub(crate) fn rolled_up(rollup: Rollup, check_ins: &[CheckInFacts]) -> Option<f64> {
    let values = || check_ins.iter().filter(|c| c.value.is_finite());
    let count = values().count();
    if count == 0 {
        return None;
    }
    let value = match rollup {
        Rollup::Last => values().max_by_key(|c| c.on)?.value,
        Rollup::Sum => values().map(|c| c.value).sum(),
        // Divided before summing: the mean of numbers is a number even where their sum is not.
        Rollup::Mean => {
            let sum: f64 = values().map(|c| c.value).sum();
            let n = count as f64;
            if sum.is_finite() { sum / n } else { values().map(|c| c.value / n).sum() }
        }
        Rollup::Max => values().map(|c| c.value).fold(f64::NEG_INFINITY, f64::max),
        Rollup::Min => values().map(|c| c.value).fold(f64::INFINITY, f64::min),
    };
    Some(value).filter(|v| v.is_finite())
}

/// Share of the milestones' weight that is done, 0 to 1; all count alike when no weight counts. Nothing recorded is no
/// value rather than zero.
fn milestones_done(kpi: &KpiFacts) -> Option<f64> {
    let untouched =
        kpi.check_ins.is_empty() && kpi.current.is_none() && !kpi.milestones.iter().any(|m| m.done);
    if kpi.milestones.is_empty() || untouched {
        return None;
    }
    let weight = |m: &kpi_api::scoring::Milestone| if m.weight.is_finite() { m.weight.max(0.0) } else { 0.0 };
    let all: f64 = kpi.milestones.iter().map(weight).sum();
    if all > 0.0 && all.is_finite() {
        let done: f64 = kpi.milestones.iter().filter(|m| m.done).map(weight).sum();
        return Some(done / all);
    }
    let done = kpi.milestones.iter().filter(|m| m.done).count();
    Some(done as f64 / kpi.milestones.len() as f64)
}

fn towards(a: f64, baseline: Option<f64>, t: f64, more_is_better: bool) -> f64 {
    let is_met = if more_is_better { a >= t } else { a <= t };
    match baseline {
        Some(b) if t == b => met(is_met),
        // Halves, because the difference of two numbers can leave the range of numbers.
        Some(b) => (a / 2.0 - b / 2.0) / (t / 2.0 - b / 2.0),
        None if t == 0.0 => met(is_met),
        // Below zero a larger share of the target is a smaller value, so the two formulas change places.
        None if more_is_better == (t > 0.0) => a / t,
        None => 2.0 - a / t,
    }
}

fn in_range(a: f64, lower: f64, upper: f64) -> f64 {
    if a >= lower && a <= upper {
        return 1.0;
    }
    if lower == 0.0 {
        return 0.0;
    }
    if a < lower && lower > 0.0 {
        return a / lower;
    }
    let miss = if a < lower { lower / 2.0 - a / 2.0 } else { a / 2.0 - upper / 2.0 };
    1.0 - miss / (lower.abs() / 2.0)
}

fn met(is_met: bool) -> f64 {
    f64::from(u8::from(is_met))
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite())
}
