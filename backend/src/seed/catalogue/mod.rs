//! What the people of such a company measure: patterns from which templates and KPIs are made.

use std::sync::LazyLock;

use kpi_api::{
    kpi::Category,
    scoring::{Direction, Kind, Rollup},
};

use super::company::Area;

mod market;
mod office;
mod works;

/// From which range a number is drawn, both ends inclusive.
pub type Draw = (f64, f64);

#[derive(Debug, Clone, Copy)]
pub enum Measure {
    /// More is better.
    Climb { from: Option<Draw>, to: Draw },
    /// Less is better.
    Sink { from: Option<Draw>, to: Draw },
    /// Best within bounds.
    Within { lower: Draw, upper: Draw },
    /// Done or not.
    Done,
    /// Titles and weights.
    Steps(&'static [(&'static str, f64)]),
}

#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// Where it is used; everywhere when absent.
    pub area: Option<Area>,
    pub title: &'static str,
    pub method: &'static str,
    pub category: Category,
    pub measure: Measure,
    pub unit: &'static str,
    pub decimals: u8,
    /// Targets are multiples of this.
    pub step: f64,
    pub rollup: Rollup,
    /// Days between check-ins.
    pub every: u16,
    pub tags: &'static [&'static str],
}

impl Pattern {
    pub fn kind(&self) -> Kind {
        match self.measure {
            Measure::Done => Kind::Boolean,
            Measure::Steps(_) => Kind::Milestones,
            _ if self.unit == "%" => Kind::Percentage,
            _ => Kind::Number,
        }
    }

    pub fn direction(&self) -> Direction {
        match self.measure {
            Measure::Sink { .. } => Direction::Decrease,
            Measure::Within { .. } => Direction::InRange,
            _ => Direction::Increase,
        }
    }
}

/// What the same pattern may be about when somebody has it twice.
pub const FOCUS: [&str; 12] = [
    "North",
    "South",
    "Baltics",
    "Benelux",
    "DACH",
    "Nordics",
    "Product line A",
    "Product line B",
    "Spare parts",
    "Key customers",
    "New customers",
    "Online",
];

const fn goal(
    area: Option<Area>,
    title: &'static str,
    method: &'static str,
    measure: Measure,
    unit: &'static str,
) -> Pattern {
    Pattern {
        area,
        title,
        method,
        category: Category::Goal,
        measure,
        unit,
        decimals: 0,
        step: 1.0,
        rollup: Rollup::Last,
        every: 14,
        tags: &[],
    }
}

/// The patterns by number, for those who need a certain one.
pub mod at {
    pub const REVENUE: usize = 0;
    pub const RESPONSE: usize = 1;
    pub const PIPELINE: usize = 2;
    pub const CHURN: usize = 3;
    pub const VISITS: usize = 4;
    pub const PARTNERS: usize = 5;
    pub const CLOSING: usize = 11;
    pub const FORECAST: usize = 12;
    pub const RECEIVABLES: usize = 13;
    pub const PROFIT: usize = 26;
    pub const TRAINING: usize = 29;
    pub const PROJECT: usize = 30;
    pub const SATISFACTION: usize = 31;
    pub const SAFETY: usize = 32;
}

/// All patterns; [`at`] numbers some of them.
pub static PATTERNS: LazyLock<Vec<Pattern>> =
    LazyLock::new(|| [&market::MARKET[..], &office::OFFICE, &works::WORKS].concat());

/// The patterns of an area's people, the common ones last.
pub fn patterns_of(area: Area) -> Vec<usize> {
    let own = (0..PATTERNS.len()).filter(|index| PATTERNS[*index].area == Some(area));
    let common = (0..PATTERNS.len()).filter(|index| PATTERNS[*index].area.is_none());
    own.chain(common).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_numbered_patterns_are_what_their_names_say() {
        for (index, word) in [
            (at::REVENUE, "Revenue"),
            (at::RESPONSE, "first answer"),
            (at::PIPELINE, "Pipeline"),
            (at::CHURN, "lost"),
            (at::VISITS, "visits"),
            (at::PARTNERS, "Partner"),
            (at::CLOSING, "closing"),
            (at::FORECAST, "Forecast"),
            (at::RECEIVABLES, "receivables"),
            (at::PROFIT, "margin"),
            (at::TRAINING, "training"),
            (at::PROJECT, "Improvement"),
            (at::SATISFACTION, "Satisfaction"),
            (at::SAFETY, "Accidents"),
        ] {
            assert!(PATTERNS[index].title.contains(word), "{index}: {}", PATTERNS[index].title);
        }
    }

    #[test]
    fn every_kind_and_direction_is_there() {
        let kinds: HashSet<_> = PATTERNS.iter().map(Pattern::kind).collect();
        let directions: HashSet<_> = PATTERNS.iter().map(Pattern::direction).collect();
        assert_eq!((kinds.len(), directions.len()), (Kind::ALL.len(), Direction::ALL.len()));
    }
}
