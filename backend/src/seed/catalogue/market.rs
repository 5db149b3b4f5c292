//! Sales and marketing.

use kpi_api::{
    kpi::Category,
    scoring::Rollup::{Mean, Sum},
};

use super::{
    Measure::{Climb, Sink, Steps, Within},
    Pattern, goal,
};
use crate::seed::company::Area;

const SALES: Option<Area> = Some(Area::Sales);
const MARKETING: Option<Area> = Some(Area::Marketing);

pub const MARKET: [Pattern; 11] = [
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
];
