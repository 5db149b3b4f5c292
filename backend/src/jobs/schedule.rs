//! When a job runs: the five fields of cron, read as times of day in the company's zone. A fixed time that a clock
//! change leaves out is made up for right after the gap; one that comes twice counts once, the first time.

use anyhow::anyhow;
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use jiff::{Zoned, tz::TimeZone};
use kpi_api::time::Timestamp;

/// An hour, in milliseconds.
const HOUR: i64 = 3600 * 1000;

/// Steps of an hour by which a search goes on that a gap of a whole day has stopped: islands that changed sides of the
/// date line. There is nothing to be found inside the gap.
const STEPS: std::ops::RangeInclusive<i64> = 0..=48;

#[derive(Debug, Clone)]
pub struct Schedule {
    cron: Cron,
    zone: TimeZone,
    text: String,
}

impl Schedule {
    /// # Errors
    /// When the text is not minute, hour, day of the month, month and weekday as cron writes them.
    pub fn new(text: &str, zone: TimeZone) -> anyhow::Result<Self> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(text).map_err(|fault| anyhow!("the schedule {text}: {fault}"))?;
        Ok(Self { cron, zone, text: text.to_owned() })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Name of the zone, e.g. `Europe/Berlin`.
    pub fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The first time after an instant; `None` where there is none any more.
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        STEPS.into_iter().find_map(|step| {
            let from = self.at(Timestamp(after.0 + step * HOUR))?;
            let found = self.cron.find_next_occurrence(&from, false);
            found.ok().map(instant)
        })
    }

    /// The last time up to and including an instant.
    pub fn latest(&self, until: Timestamp) -> Option<Timestamp> {
        STEPS.into_iter().find_map(|step| {
            let from = self.at(Timestamp(until.0 - step * HOUR))?;
            let found = self.cron.find_previous_occurrence(&from, true);
            found.ok().map(instant)
        })
    }

    /// The times from after an instant up to and including another, at most `most`.
    pub fn between(&self, after: Timestamp, until: Timestamp, most: usize) -> Vec<Timestamp> {
        std::iter::successors(self.next(after), |at| self.next(*at))
            .take_while(|at| *at <= until)
            .take(most)
            .collect()
    }

    fn at(&self, instant: Timestamp) -> Option<Zoned> {
        Some(jiff::Timestamp::from_millisecond(instant.0).ok()?.to_zoned(self.zone.clone()))
    }
}

fn instant(at: Zoned) -> Timestamp {
    Timestamp(at.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schedule(text: &str, zone: &str) -> Schedule {
        Schedule::new(text, TimeZone::get(zone).unwrap()).unwrap()
    }

    fn all(text: &str, zone: &str, after: &str, until: &str) -> Vec<String> {
        let times = schedule(text, zone).between(after.parse().unwrap(), until.parse().unwrap(), 1000);
        times.into_iter().map(|at| at.to_string().replace(":00.000Z", "")).collect()
    }

    #[test]
    fn a_time_of_day_keeps_to_the_wall_clock() {
        let days = all("0 7 * * *", "Europe/Berlin", "2026-03-27T12:00:00Z", "2026-03-30T12:00:00Z");
        assert_eq!(days, ["2026-03-28T06:00", "2026-03-29T05:00", "2026-03-30T05:00"]);
    }

    #[test]
    fn the_hour_that_spring_leaves_out_is_made_up_for_once() {
        let days = all("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z");
        assert_eq!(days, ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"]);
    }

    #[test]
    fn the_hour_that_autumn_gives_twice_counts_once() {
        let days = all("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z");
        assert_eq!(days, ["2026-10-25T00:30", "2026-10-26T01:30"]);
    }

    #[test]
    fn weekdays_and_days_that_a_month_lacks_are_understood() {
        let mondays = all("0 8 * * Mon", "UTC", "2026-11-01T00:00:00Z", "2026-11-16T12:00:00Z");
        assert_eq!(mondays, ["2026-11-02T08:00", "2026-11-09T08:00", "2026-11-16T08:00"]);
        let last = all("0 0 31 * *", "UTC", "2026-01-31T00:00:00Z", "2026-06-01T00:00:00Z");
        assert_eq!(last, ["2026-03-31T00:00", "2026-05-31T00:00"]);
    }

    #[test]
    fn a_day_that_an_island_skipped_is_skipped() {
        // Samoa went from 29 to 31 December 2011.
        let days = all("0 7 * * *", "Pacific/Apia", "2011-12-29T12:00:00Z", "2012-01-01T00:00:00Z");
        assert_eq!(days, ["2011-12-29T17:00", "2011-12-30T17:00", "2011-12-31T17:00"]);
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for text in ["", "7", "0 7 * *", "0 0 7 * * *", "61 * * * *", "0 25 * * *", "0 7 * * * 2030", "x"] {
            assert!(Schedule::new(text, TimeZone::UTC).is_err(), "{text}");
        }
    }

    const ZONES: [&str; 6] = [
        "UTC",
        "Europe/Berlin",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Asia/Kathmandu",
    ];

    proptest! {
        /// Whatever the zone and the day: the next time lies ahead, shows the wanted time of day unless a clock change
        /// leaves it out, comes at most a day and an hour later, and looking back from anywhere finds the same times.
        #[test]
        fn a_daily_job_runs_once_on_every_day(
            zone in prop::sample::select(&ZONES[..]),
            hour in 0..24_i8,
            minute in 0..60_i8,
            start in 1_600_000_000_000_i64..1_900_000_000_000,
            into in 0..(26 * 3_600_000_i64),
        ) {
            let schedule = schedule(&format!("{minute} {hour} * * *"), zone);
            let mut last = schedule.next(Timestamp(start)).unwrap();
            prop_assert!(last.0 > start && last.0 <= start + 25 * 3_600_000);
            for _ in 0..40 {
                let next = schedule.next(last).unwrap();
                prop_assert!(next > last && next.0 - last.0 <= 25 * 3_600_000);
                let (before, local) = (schedule.at(last).unwrap(), schedule.at(next).unwrap());
                prop_assert_eq!(before.date().tomorrow().unwrap(), local.date());
                let wanted = local.date().at(hour, minute, 0, 0);
                let is_left_out = schedule.zone.to_ambiguous_zoned(wanted).unambiguous().is_err();
                prop_assert!(local.datetime() == wanted || is_left_out);
                // From inside the stretch between two times, the one at its beginning is the latest.
                let inside = Timestamp(last.0 + into.min(next.0 - last.0 - 1));
                prop_assert_eq!(schedule.latest(inside), Some(last));
                prop_assert_eq!(schedule.next(inside), Some(next));
                last = next;
            }
        }
    }
}
