//! Instants, dates and quarters.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
pub use time::Date;
use time::{Month, OffsetDateTime, format_description::well_known::Rfc3339};

/// An instant in milliseconds since 1970-01-01 UTC; RFC 3339 on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub fn as_offset(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1000)
    }

    /// The calendar date in UTC.
    pub fn date(self) -> Date {
        self.as_offset().date()
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(at: OffsetDateTime) -> Self {
        Self((at.unix_timestamp_nanos() / 1_000_000) as i64)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.as_offset();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            at.millisecond()
        )
    }
}

impl FromStr for Timestamp {
    type Err = time::error::Parse;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        OffsetDateTime::parse(text, &Rfc3339).map(Self::from)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "openapi")]
mod schema {
    use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type};

    impl utoipa::PartialSchema for super::Timestamp {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
                .into()
        }
    }
    impl utoipa::ToSchema for super::Timestamp {}
}

/// A quarter of the fiscal year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Quarter {
    Q1,
    Q2,
    Q3,
    Q4,
}

impl Quarter {
    pub const ALL: [Self; 4] = [Self::Q1, Self::Q2, Self::Q3, Self::Q4];

    /// 1 to 4.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Q1),
            2 => Some(Self::Q2),
            3 => Some(Self::Q3),
            4 => Some(Self::Q4),
            _ => None,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Q1 => "Q1",
            Self::Q2 => "Q2",
            Self::Q3 => "Q3",
            Self::Q4 => "Q4",
        }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Quarter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|q| q.as_str() == text).ok_or_else(|| "one of Q1, Q2, Q3, Q4".into())
    }
}

/// One quarter of one fiscal year. The fiscal year carries the number of the calendar year it begins in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Period {
    pub year: i32,
    pub quarter: Quarter,
}

impl Period {
    pub const fn new(year: i32, quarter: Quarter) -> Self {
        Self { year, quarter }
    }

    /// The period that `date` falls into when the fiscal year begins in `first_month` (1 to 12).
    pub fn containing(date: Date, first_month: u8) -> Self {
        let month = u8::from(date.month());
        let year = if month < first_month { date.year() - 1 } else { date.year() };
        let since_start = (month + 12 - first_month) % 12;
        Self { year, quarter: Quarter::ALL[usize::from(since_start / 3)] }
    }

    /// First and last day, both inclusive. `None` where the calendar ends (years beyond 9999).
    pub fn bounds(self, first_month: u8) -> Option<(Date, Date)> {
        Some((first_day(self, first_month)?, first_day(self.next(), first_month)?.previous_day()?))
    }

    pub fn next(self) -> Self {
        match self.quarter {
            Quarter::Q4 => Self { year: self.year + 1, quarter: Quarter::Q1 },
            other => Self { year: self.year, quarter: Quarter::ALL[usize::from(other.number())] },
        }
    }

    pub fn previous(self) -> Self {
        match self.quarter {
            Quarter::Q1 => Self { year: self.year - 1, quarter: Quarter::Q4 },
            other => Self { year: self.year, quarter: Quarter::ALL[usize::from(other.number() - 2)] },
        }
    }

    /// Share of the period that has passed at the end of `today`: above 0 from the first day on, 1 from the last
    /// day on, 0 before it begins.
    pub fn elapsed(self, today: Date, first_month: u8) -> f64 {
        let Some((start, end)) = self.bounds(first_month) else { return 0.0 };
        let whole = (end - start).whole_days() + 1;
        let passed = ((today - start).whole_days() + 1).clamp(0, whole);
        passed as f64 / whole as f64
    }
}

fn first_day(period: Period, first_month: u8) -> Option<Date> {
    let index = i32::from(first_month) - 1 + i32::from(period.quarter.number() - 1) * 3;
    let month = Month::try_from((index % 12 + 1) as u8).ok()?;
    Date::from_calendar_date(period.year + index / 12, month, 1).ok()
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.year, self.quarter)
    }
}

#[cfg(test)]
mod tests {
    use ::time::macros::date;

    use super::*;

    #[test]
    fn a_fiscal_year_may_begin_in_any_month() {
        assert_eq!(Period::containing(date!(2026 - 02 - 10), 4), Period::new(2025, Quarter::Q4));
        assert_eq!(Period::containing(date!(2026 - 04 - 01), 4), Period::new(2026, Quarter::Q1));
        assert_eq!(
            Period::new(2025, Quarter::Q4).bounds(4),
            Some((date!(2026 - 01 - 01), date!(2026 - 03 - 31)))
        );
    }

    #[test]
    fn the_elapsed_share_runs_from_the_first_day_to_the_last() {
        let q1 = Period::new(2026, Quarter::Q1);
        assert_eq!(q1.elapsed(date!(2025 - 12 - 31), 1), 0.0);
        assert_eq!(q1.elapsed(date!(2026 - 01 - 01), 1), 1.0 / 90.0);
        assert_eq!(q1.elapsed(date!(2026 - 03 - 31), 1), 1.0);
        assert_eq!(q1.elapsed(date!(2026 - 07 - 01), 1), 1.0);
    }

    #[test]
    fn next_and_previous_are_inverse() {
        for quarter in Quarter::ALL {
            let period = Period::new(2026, quarter);
            assert_eq!(period.next().previous(), period);
        }
    }

    #[test]
    fn a_timestamp_keeps_its_milliseconds() {
        let at: Timestamp = "2026-03-04T05:06:07.089Z".parse().unwrap();
        assert_eq!(at.to_string(), "2026-03-04T05:06:07.089Z");
    }
}
