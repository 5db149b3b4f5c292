//! The time, as the company's zone sees it. Everything that asks for the time asks here, so that tests decide it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::SeqCst},
};

use jiff::tz::TimeZone;
use kpi_api::time::{Date, Period, Timestamp};

/// Cheap to clone; clones of a frozen clock are set together.
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

struct Inner {
    frozen: Option<AtomicI64>,
    zone: TimeZone,
    fiscal_year_start: u8,
}

impl Clock {
    /// The system's clock. `fiscal_year_start` is a month, 1 to 12.
    pub fn system(zone: TimeZone, fiscal_year_start: u8) -> Self {
        Self(Arc::new(Inner { frozen: None, zone, fiscal_year_start }))
    }

    /// Stands still in UTC, with a fiscal year that begins in January.
    pub fn frozen(at: Timestamp) -> Self {
        Self::frozen_in(at, TimeZone::UTC, 1)
    }

    pub fn frozen_in(at: Timestamp, zone: TimeZone, fiscal_year_start: u8) -> Self {
        Self(Arc::new(Inner { frozen: Some(AtomicI64::new(at.0)), zone, fiscal_year_start }))
    }

    /// Moves a frozen clock; the system's clock is not ours to set and stays as it is.
    pub fn set(&self, at: Timestamp) {
        if let Some(frozen) = &self.0.frozen {
            frozen.store(at.0, SeqCst);
        }
    }

    pub fn now(&self) -> Timestamp {
        match &self.0.frozen {
            Some(frozen) => Timestamp(frozen.load(SeqCst)),
            None => Timestamp(jiff::Timestamp::now().as_millisecond()),
        }
    }

    /// The calendar date in the company's zone.
    pub fn today(&self) -> Date {
        self.date_of(self.now())
    }

    /// The calendar date of an instant in the company's zone.
    pub fn date_of(&self, at: Timestamp) -> Date {
        date_in(&self.0.zone, at)
    }

    /// The period that today falls into.
    pub fn period(&self) -> Period {
        Period::containing(self.today(), self.0.fiscal_year_start)
    }

    /// The month that the fiscal year begins in, 1 to 12.
    pub fn fiscal_year_start(&self) -> u8 {
        self.0.fiscal_year_start
    }

    pub fn zone(&self) -> &TimeZone {
        &self.0.zone
    }
}

/// The calendar date of an instant in a zone.
pub fn date_in(zone: &TimeZone, at: Timestamp) -> Date {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else { return at.date() };
    let day = zone.to_datetime(instant).date();
    time::Month::try_from(day.month().unsigned_abs())
        .and_then(|month| Date::from_calendar_date(day.year().into(), month, day.day().unsigned_abs()))
        .unwrap_or_else(|_| at.date())
}

#[cfg(test)]
mod tests {
    use kpi_api::time::Quarter;
    use time::macros::date;

    use super::*;

    #[test]
    fn today_is_the_date_in_the_companys_zone() {
        let at: Timestamp = "2026-03-31T22:30:00Z".parse().unwrap();
        let berlin = Clock::frozen_in(at, TimeZone::get("Europe/Berlin").unwrap(), 4);
        assert_eq!(berlin.today(), date!(2026 - 04 - 01));
        assert_eq!(berlin.period(), Period::new(2026, Quarter::Q1));
        assert_eq!(Clock::frozen(at).today(), date!(2026 - 03 - 31));
        let honolulu = Clock::frozen_in(at, TimeZone::get("Pacific/Honolulu").unwrap(), 1);
        assert_eq!(honolulu.today(), date!(2026 - 03 - 31));
    }

    #[test]
    fn daylight_saving_moves_midnight() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let clock = Clock::frozen_in(Timestamp(0), zone, 1);
        let rows = [
            ("2026-01-14T22:59:59Z", date!(2026 - 01 - 14)),
            ("2026-01-14T23:00:00Z", date!(2026 - 01 - 15)),
            ("2026-07-14T21:59:59Z", date!(2026 - 07 - 14)),
            ("2026-07-14T22:00:00Z", date!(2026 - 07 - 15)),
        ];
        for (at, expected) in rows {
            clock.set(at.parse().unwrap());
            assert_eq!(clock.today(), expected, "{at}");
        }
    }

    #[test]
    fn clones_of_a_frozen_clock_are_set_together() {
        let clock = Clock::frozen(Timestamp(1000));
        let other = clock.clone();
        clock.set(Timestamp(2000));
        assert_eq!(other.now(), Timestamp(2000));
        let system = Clock::system(TimeZone::UTC, 1);
        system.set(Timestamp(0));
        assert!(system.now() > Timestamp(1_700_000_000_000));
    }
}
