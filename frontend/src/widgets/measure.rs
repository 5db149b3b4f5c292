//! How values and targets of a KPI are written, and what a new value would make of the present one.

use kpi_api::{
    kpi::{KpiRow, KpiView},
    scoring::{Direction, Kind, Rollup},
};
use yew::AttrValue;

use crate::{core::format, t};

/// What is needed to write a KPI's values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure<'a> {
    pub kind: Kind,
    pub direction: Direction,
    pub unit: &'a str,
    pub decimals: u8,
    pub target: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
}

impl<'a> From<&'a KpiRow> for Measure<'a> {
    fn from(kpi: &'a KpiRow) -> Self {
        let KpiRow { kind, direction, decimals, target, lower, upper, .. } = *kpi;
        Self { kind, direction, unit: &kpi.unit, decimals, target, lower, upper }
    }
}

impl<'a> From<&'a KpiView> for Measure<'a> {
    fn from(kpi: &'a KpiView) -> Self {
        let KpiView { kind, direction, decimals, target, lower, upper, .. } = *kpi;
        Self { kind, direction, unit: &kpi.unit, decimals, target, lower, upper }
    }
}

impl Measure<'_> {
    /// The unit beside a value; percent for the kinds that are counted in it.
    pub fn shown_unit(self) -> String {
        match self.kind {
            Kind::Percentage | Kind::Milestones if self.unit.is_empty() => "%".to_owned(),
            _ => self.unit.to_owned(),
        }
    }

    /// A measured value in words.
    pub fn value(self, value: Option<f64>) -> AttrValue {
        match (self.kind, value) {
            (Kind::Boolean, Some(value)) if value >= 0.5 => t!("measure.yes"),
            (Kind::Boolean, Some(_)) => t!("measure.no"),
            (_, value) => format::value(value, self.decimals, &self.shown_unit()).into(),
        }
    }

    /// The target in words: a value, a range, or what is meant by done.
    pub fn target(self) -> AttrValue {
        match (self.kind, self.direction) {
            (Kind::Boolean, _) => t!("measure.yes"),
            (Kind::Milestones, _) => t!("measure.all_milestones"),
            (_, Direction::InRange) => match (self.lower, self.upper) {
                (Some(lower), Some(upper)) => t!(
                    "measure.range",
                    lower = format::number(lower, self.decimals),
                    upper = self.value(Some(upper))
                ),
                _ => "–".into(),
            },
            (_, Direction::Increase) if self.target.is_some() => {
                t!("measure.at_least", value = self.value(self.target))
            }
            (_, Direction::Decrease) if self.target.is_some() => {
                t!("measure.at_most", value = self.value(self.target))
            }
            _ => "–".into(),
        }
    }
}

/// The KPI's value after one more check-in. A mean needs the `earlier` values that count.
pub fn after_check_in(
    rollup: Rollup,
    current: Option<f64>,
    earlier: Option<&[f64]>,
    value: f64,
) -> Option<f64> {
    match (rollup, current) {
        (Rollup::Last, _) | (_, None) => Some(value),
        (Rollup::Sum, Some(current)) => Some(current + value),
        (Rollup::Max, Some(current)) => Some(current.max(value)),
        (Rollup::Min, Some(current)) => Some(current.min(value)),
        (Rollup::Mean, Some(_)) => {
            let earlier = earlier?;
            Some((earlier.iter().sum::<f64>() + value) / (earlier.len() + 1) as f64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_in_adds_to_a_sum_and_replaces_the_last() {
        assert_eq!(after_check_in(Rollup::Last, Some(5.0), None, 3.0), Some(3.0));
        assert_eq!(after_check_in(Rollup::Sum, Some(5.0), None, 3.0), Some(8.0));
        assert_eq!(after_check_in(Rollup::Max, Some(5.0), None, 3.0), Some(5.0));
        assert_eq!(after_check_in(Rollup::Min, Some(5.0), None, 3.0), Some(3.0));
        assert_eq!(after_check_in(Rollup::Mean, Some(5.0), None, 3.0), None);
        assert_eq!(after_check_in(Rollup::Mean, None, None, 3.0), Some(3.0));
        assert_eq!(after_check_in(Rollup::Mean, Some(5.0), Some(&[4.0, 6.0]), 2.0), Some(4.0));
    }

    #[test]
    fn a_range_and_a_direction_are_said() {
        let measure = Measure {
            kind: Kind::Number,
            direction: Direction::InRange,
            unit: "h",
            decimals: 0,
            target: None,
            lower: Some(10.0),
            upper: Some(20.0),
        };
        assert!(measure.target().contains("10") && measure.target().contains("20"));
        let most = Measure { direction: Direction::Decrease, target: Some(5.0), ..measure };
        assert_ne!(most.target(), Measure { direction: Direction::Increase, ..most }.target());
    }
}
