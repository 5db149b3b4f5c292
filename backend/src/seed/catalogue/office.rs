//! Finance and IT service.

use kpi_api::scoring::Rollup::Mean;

use super::{
    Measure::{Climb, Done, Sink, Steps, Within},
    Pattern, goal,
};
use crate::seed::company::Area;

const FINANCE: Option<Area> = Some(Area::Finance);
const SERVICE: Option<Area> = Some(Area::Service);

pub const OFFICE: [Pattern; 10] = [
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
];
