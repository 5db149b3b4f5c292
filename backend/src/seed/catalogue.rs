//! What the people of such a company measure: patterns from which templates and KPIs are made.

use kpi_api::{
    kpi::Category,
    scoring::{Direction, Kind, Rollup},
};

use super::company::Area;

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

use Measure::{Climb, Done, Sink, Steps, Within};
use Rollup::{Last, Mean, Sum};

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
        rollup: Last,
        every: 14,
        tags: &[],
    }
}

const SALES: Option<Area> = Some(Area::Sales);
const MARKETING: Option<Area> = Some(Area::Marketing);
const FINANCE: Option<Area> = Some(Area::Finance);
const SERVICE: Option<Area> = Some(Area::Service);
const PRODUCTION: Option<Area> = Some(Area::Production);
const PEOPLE: Option<Area> = Some(Area::People);
const BOARD: Option<Area> = Some(Area::Board);

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

pub const PATTERNS: [Pattern; 33] = [
    Pattern {
        step: 5000.0,
        rollup: Sum,
        tags: &["revenue"],
        ..goal(
            SALES,
            "Revenue from new contracts",
            "Sum of the signed contracts of the quarter, net, from the order book.",
            Climb { from: None, to: (60_000.0, 180_000.0) },
            "EUR",
        )
    },
    Pattern {
        decimals: 1,
        rollup: Mean,
        every: 7,
        tags: &["service"],
        ..goal(
            SALES,
            "Time to the first answer to an enquiry",
            "Mean of the hours between an enquiry and the first answer, from the CRM.",
            Sink { from: None, to: (2.0, 8.0) },
            "h",
        )
    },
    Pattern {
        decimals: 1,
        step: 0.5,
        tags: &["pipeline"],
        ..goal(
            SALES,
            "Pipeline coverage",
            "Value of the open offers divided by the open target.",
            Within { lower: (2.5, 3.0), upper: (4.0, 5.0) },
            "×",
        )
    },
    Pattern {
        decimals: 1,
        step: 0.5,
        tags: &["retention"],
        ..goal(
            SALES,
            "Customers lost",
            "Share of the customers of the last quarter who did not order again.",
            Sink { from: Some((6.0, 9.0)), to: (2.0, 4.0) },
            "%",
        )
    },
    Pattern {
        rollup: Sum,
        every: 7,
        tags: &["activity"],
        category: Category::Task,
        ..goal(
            SALES,
            "Customer visits",
            "Visits with a report in the CRM.",
            Climb { from: None, to: (18.0, 40.0) },
            "visits",
        )
    },
    Pattern {
        tags: &["partners"],
        every: 21,
        ..goal(
            SALES,
            "Partner programme",
            "Milestones of the project plan.",
            Steps(&[
                ("Terms agreed", 20.0),
                ("Three partners signed", 40.0),
                ("First joint order", 25.0),
                ("Review with the board", 15.0),
            ]),
            "",
        )
    },
    Pattern {
        step: 10.0,
        rollup: Sum,
        tags: &["leads"],
        ..goal(
            MARKETING,
            "Qualified leads",
            "Leads accepted by sales.",
            Climb { from: None, to: (80.0, 240.0) },
            "leads",
        )
    },
    Pattern {
        decimals: 2,
        step: 1.0,
        rollup: Mean,
        tags: &["budget"],
        ..goal(
            MARKETING,
            "Cost per lead",
            "Campaign costs divided by qualified leads.",
            Sink { from: None, to: (25.0, 60.0) },
            "EUR",
        )
    },
    Pattern {
        decimals: 1,
        step: 0.5,
        rollup: Mean,
        tags: &["web"],
        ..goal(
            MARKETING,
            "Conversion of the product pages",
            "Orders and enquiries per hundred visits.",
            Climb { from: Some((1.5, 2.5)), to: (3.0, 5.0) },
            "%",
        )
    },
    Pattern {
        tags: &["brand"],
        every: 21,
        ..goal(
            MARKETING,
            "Relaunch of the web site",
            "Milestones of the project plan.",
            Steps(&[
                ("Concept approved", 20.0),
                ("Design ready", 25.0),
                ("Texts in three languages", 25.0),
                ("Live", 30.0),
            ]),
            "",
        )
    },
    Pattern {
        rollup: Sum,
        category: Category::Task,
        tags: &["content"],
        ..goal(
            MARKETING,
            "Articles published",
            "Articles on the site with an author.",
            Climb { from: None, to: (9.0, 18.0) },
            "articles",
        )
    },
    Pattern {
        decimals: 1,
        step: 0.5,
        rollup: Mean,
        tags: &["closing"],
        every: 28,
        ..goal(
            FINANCE,
            "Days to the monthly closing",
            "Working days until the figures are released.",
            Sink { from: Some((9.0, 11.0)), to: (4.0, 6.0) },
            "days",
        )
    },
    Pattern {
        decimals: 1,
        rollup: Mean,
        tags: &["planning"],
        every: 28,
        ..goal(
            FINANCE,
            "Forecast error",
            "Mean absolute difference between forecast and actual.",
            Sink { from: None, to: (3.0, 6.0) },
            "%",
        )
    },
    Pattern {
        tags: &["cash"],
        ..goal(
            FINANCE,
            "Overdue receivables",
            "Share of the receivables more than thirty days late.",
            Sink { from: Some((14.0, 20.0)), to: (6.0, 9.0) },
            "%",
        )
    },
    Pattern {
        decimals: 1,
        step: 0.5,
        tags: &["cash"],
        ..goal(
            FINANCE,
            "Liquidity reserve",
            "Months of fixed costs covered by cash.",
            Within { lower: (2.5, 3.0), upper: (5.0, 6.0) },
            "months",
        )
    },
    Pattern {
        tags: &["audit"],
        every: 28,
        ..goal(FINANCE, "Audit without findings", "Report of the auditors.", Done, "")
    },
    Pattern {
        rollup: Mean,
        every: 7,
        step: 5.0,
        tags: &["service"],
        ..goal(
            SERVICE,
            "Time to solve an incident",
            "Mean of the minutes from report to solution, priority 1 and 2.",
            Sink { from: None, to: (90.0, 240.0) },
            "min",
        )
    },
    Pattern {
        decimals: 2,
        step: 0.05,
        rollup: Mean,
        every: 7,
        tags: &["availability"],
        ..goal(
            SERVICE,
            "Availability of the core systems",
            "Monitored share of the agreed service time.",
            Climb { from: None, to: (99.5, 99.9) },
            "%",
        )
    },
    Pattern {
        rollup: Mean,
        every: 7,
        tags: &["service"],
        ..goal(
            SERVICE,
            "Tickets solved at first contact",
            "Share of all tickets of the week.",
            Climb { from: Some((48.0, 55.0)), to: (65.0, 75.0) },
            "%",
        )
    },
    Pattern {
        tags: &["backlog"],
        step: 5.0,
        ..goal(
            SERVICE,
            "Open tickets",
            "Tickets older than five days at the end of the week.",
            Sink { from: Some((120.0, 180.0)), to: (30.0, 60.0) },
            "tickets",
        )
    },
    Pattern {
        tags: &["security"],
        every: 21,
        ..goal(
            SERVICE,
            "Two-factor log-in for everybody",
            "Milestones of the project plan.",
            Steps(&[
                ("Pilot in IT", 25.0),
                ("Office staff", 35.0),
                ("Production", 25.0),
                ("Old log-in switched off", 15.0),
            ]),
            "",
        )
    },
    Pattern {
        decimals: 1,
        rollup: Mean,
        every: 7,
        tags: &["quality"],
        ..goal(
            PRODUCTION,
            "Reject rate",
            "Share of the parts that fail the final test.",
            Sink { from: Some((4.0, 6.0)), to: (1.0, 2.0) },
            "%",
        )
    },
    Pattern {
        rollup: Mean,
        every: 7,
        tags: &["oee"],
        ..goal(
            PRODUCTION,
            "Overall equipment effectiveness",
            "Availability × performance × quality.",
            Climb { from: Some((62.0, 68.0)), to: (76.0, 84.0) },
            "%",
        )
    },
    Pattern {
        step: 1.0,
        every: 7,
        tags: &["stock"],
        ..goal(
            PRODUCTION,
            "Stock coverage",
            "Days of demand covered by the stock of A parts.",
            Within { lower: (12.0, 18.0), upper: (25.0, 35.0) },
            "days",
        )
    },
    Pattern {
        decimals: 1,
        rollup: Mean,
        every: 7,
        tags: &["delivery"],
        ..goal(
            PRODUCTION,
            "Deliveries on time",
            "Share of the orders that left on the promised day.",
            Climb { from: None, to: (94.0, 98.0) },
            "%",
        )
    },
    Pattern {
        decimals: 1,
        rollup: Mean,
        step: 0.5,
        tags: &["set-up"],
        ..goal(
            PRODUCTION,
            "Set-up time of line 2",
            "Hours from the last good part to the next.",
            Sink { from: Some((5.0, 6.5)), to: (2.5, 3.5) },
            "h",
        )
    },
    Pattern {
        decimals: 1,
        step: 0.5,
        category: Category::Mission,
        every: 28,
        tags: &["result"],
        ..goal(
            BOARD,
            "Operating margin",
            "Operating result divided by revenue.",
            Climb { from: Some((6.0, 7.0)), to: (8.0, 10.0) },
            "%",
        )
    },
    Pattern {
        every: 14,
        tags: &["hiring"],
        ..goal(
            PEOPLE,
            "Days to fill a position",
            "From the release of the position to the signature.",
            Sink { from: Some((60.0, 75.0)), to: (35.0, 45.0) },
            "days",
        )
    },
    Pattern {
        decimals: 1,
        step: 0.5,
        every: 28,
        tags: &["retention"],
        ..goal(
            PEOPLE,
            "Staff turnover",
            "Leavers of the last twelve months over the mean headcount.",
            Within { lower: (3.0, 4.0), upper: (7.0, 9.0) },
            "%",
        )
    },
    Pattern {
        category: Category::Task,
        every: 28,
        tags: &["learning"],
        ..goal(None, "Data protection training done", "Certificate of the learning platform.", Done, "")
    },
    Pattern {
        every: 21,
        tags: &["project"],
        ..goal(
            None,
            "Improvement project",
            "Milestones of the project plan.",
            Steps(&[
                ("Problem described", 15.0),
                ("Causes found", 25.0),
                ("Measures agreed", 20.0),
                ("Measures in place", 30.0),
                ("Effect shown", 10.0),
            ]),
            "",
        )
    },
    Pattern {
        decimals: 1,
        step: 0.1,
        category: Category::Mission,
        rollup: Mean,
        every: 21,
        tags: &["customers"],
        ..goal(
            None,
            "Satisfaction of those we work for",
            "Mean answer to the short survey, 1 to 5.",
            Climb { from: Some((3.4, 3.8)), to: (4.3, 4.6) },
            "points",
        )
    },
    Pattern {
        category: Category::Mission,
        rollup: Sum,
        every: 14,
        tags: &["safety"],
        ..goal(
            None,
            "Accidents at work",
            "Reported accidents with lost time.",
            Sink { from: None, to: (0.0, 0.0) },
            "accidents",
        )
    },
];

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
