//! When mail is due. Pure.

use jiff::{Timestamp as Instant, ToSpan, tz::TimeZone};
use kpi_api::time::Timestamp;

const MINUTE: i64 = 60_000;

/// Milliseconds after which nobody waits for a mail any more: three days.
pub const LIFE: i64 = 3 * 24 * 60 * MINUTE;

/// The longest pause between two attempts: one hour.
const LONGEST_PAUSE: i64 = 60 * MINUTE;

/// Milliseconds until the next attempt after so many: a minute, two, four and so on up to an hour, of which between
/// half and all is waited (`chance` from 0 to 1), so that mails that failed together do not come back together.
pub fn pause(attempts: i64, chance: f64) -> i64 {
    let doubled = u32::try_from(attempts.saturating_sub(1).clamp(0, 10)).unwrap_or_default();
    let full = (MINUTE << doubled).min(LONGEST_PAUSE);
    full / 2 + (full as f64 / 2.0 * chance.clamp(0.0, 1.0)) as i64
}

/// The last time at which it was `hour` o'clock in the zone, `now` included. An hour that the clocks skip is the one
/// after it, an hour that comes twice its first coming: once a day either way.
pub fn last_daily(now: Timestamp, hour: u8, zone: &TimeZone) -> Option<Timestamp> {
    let instant = Instant::from_millisecond(now.0).ok()?;
    let today = zone.to_datetime(instant).date();
    let hour = i8::try_from(hour.min(23)).ok()?;
    [Some(today), today.checked_sub(1.day()).ok()]
        .into_iter()
        .flatten()
        .filter_map(|day| zone.to_zoned(day.at(hour, 0, 0, 0)).ok())
        .map(|at| at.timestamp())
        .find(|at| *at <= instant)
        .map(|at| Timestamp(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let full: Vec<i64> = (1..=9).map(|attempts| pause(attempts, 1.0) / MINUTE).collect();
        assert_eq!(full, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(pause(1, 0.0), MINUTE / 2);
        assert_eq!(pause(i64::MAX, 1.0), LONGEST_PAUSE);
    }

    #[test]
    fn the_hour_comes_once_a_day_whatever_the_clocks_do() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        // now, hour, the last time it was that hour
        let rows = [
            ("2026-02-16T06:59:59Z", 8, "2026-02-15T07:00:00.000Z"),
            ("2026-02-16T07:00:00Z", 8, "2026-02-16T07:00:00.000Z"),
            ("2026-07-16T06:00:00Z", 8, "2026-07-16T06:00:00.000Z"),
            // 29 March: two o'clock does not come, three does at one UTC.
            ("2026-03-29T00:59:00Z", 2, "2026-03-28T01:00:00.000Z"),
            ("2026-03-29T01:00:00Z", 2, "2026-03-29T01:00:00.000Z"),
            // 25 October: two o'clock comes at zero and at one UTC.
            ("2026-10-25T00:00:00Z", 2, "2026-10-25T00:00:00.000Z"),
            ("2026-10-25T01:30:00Z", 2, "2026-10-25T00:00:00.000Z"),
            ("2026-10-26T00:59:00Z", 2, "2026-10-25T00:00:00.000Z"),
            ("2026-02-16T22:59:00Z", 0, "2026-02-15T23:00:00.000Z"),
            ("2026-02-16T23:00:00Z", 0, "2026-02-16T23:00:00.000Z"),
        ];
        for (now, hour, expected) in rows {
            let found = last_daily(now.parse().unwrap(), hour, &zone).unwrap();
            assert_eq!(found.to_string(), expected, "{now} {hour}");
        }
    }

    #[test]
    fn over_a_year_there_are_as_many_hours_as_days() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let start: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
        for hour in [0, 2, 3, 8, 23] {
            let mut seen = std::collections::BTreeSet::new();
            for step in 0..(365 * 24) {
                seen.extend(last_daily(Timestamp(start.0 + step * 60 * MINUTE), hour, &zone));
            }
            assert!((365..=366).contains(&seen.len()), "{hour}: {}", seen.len());
        }
    }
}
