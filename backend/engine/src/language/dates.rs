//! Dates as scripts have them: they compare, and their difference is a number of days.

use std::fmt;

use kpi_api::time::Date;
use time::{Duration, format_description::well_known::Iso8601};

use crate::{
    language::failure,
    run::{self, Failure},
    vocabulary::Function,
};

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub Date);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        name: "days_until",
        signature: "days_until(date) -> whole",
        about: "Days from today to a date; negative when it has passed.",
        example: "days_until(ctx.today + 3) == 3",
        register: |engine| {
            engine.register_fn("days_until", |day: Day| Ok::<_, Failure>((day.0 - today()?).whole_days()));
        },
    },
    Function {
        name: "days_since",
        signature: "days_since(date) -> whole",
        about: "Days from a date to today; negative when it lies ahead.",
        example: "days_since(kpi.start) == 44",
        register: |engine| {
            engine.register_fn("days_since", |day: Day| Ok::<_, Failure>((today()? - day.0).whole_days()));
        },
    },
    Function {
        name: "date",
        signature: "date(text) -> date",
        about: "The date of a text like `2026-03-31`. Dates compare with `<`, `==` and so on; `a - b` is a number of days, `a + 7` a date a week later; `year`, `month` and `day` are its parts.",
        example: "date(\"2026-03-31\") - date(\"2026-03-01\") == 30 && kpi.end.month == 3",
        register: |engine| {
            engine
                .register_type_with_name::<Day>("date")
                .register_fn("date", |text: &str| {
                    Date::parse(text, &Iso8601::DATE)
                        .map(Day)
                        .map_err(|_| failure("a date is written like 2026-03-31"))
                })
                .register_fn("to_string", |day: Day| day.to_string())
                .register_get("year", |day: &mut Day| i64::from(day.0.year()))
                .register_get("month", |day: &mut Day| i64::from(u8::from(day.0.month())))
                .register_get("day", |day: &mut Day| i64::from(day.0.day()))
                .register_fn("==", |a: Day, b: Day| a == b)
                .register_fn("!=", |a: Day, b: Day| a != b)
                .register_fn("<", |a: Day, b: Day| a < b)
                .register_fn("<=", |a: Day, b: Day| a <= b)
                .register_fn(">", |a: Day, b: Day| a > b)
                .register_fn(">=", |a: Day, b: Day| a >= b)
                .register_fn("-", |a: Day, b: Day| (a.0 - b.0).whole_days())
                .register_fn("+", |a: Day, days: i64| moved(a, days))
                .register_fn("-", |a: Day, days: i64| moved(a, days.saturating_neg()));
        },
    },
];

fn today() -> Result<Date, Failure> {
    run::today().ok_or_else(|| failure("there is no day outside of a run"))
}

fn moved(day: Day, days: i64) -> Result<Day, Failure> {
    // Beyond this no date exists anyway, and the duration cannot overflow.
    let days = days.clamp(-10_000_000, 10_000_000);
    day.0.checked_add(Duration::days(days)).map(Day).ok_or_else(|| failure("there is no such date"))
}
