//! Production, people, the board, and what everybody may have.

use kpi_api::{
    kpi::Category,
    scoring::Rollup::{Mean, Sum},
};

use super::{
    Measure::{Climb, Done, Sink, Steps, Within},
    Pattern, goal,
};
use crate::seed::company::Area;

const PRODUCTION: Option<Area> = Some(Area::Production);
const PEOPLE: Option<Area> = Some(Area::People);
const BOARD: Option<Area> = Some(Area::Board);

pub const WORKS: [Pattern; 12] = [
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
