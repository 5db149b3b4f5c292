//! Numbers, dates and times as people write them. The signs and orders come from the catalogue (`format.*`), so that a
//! further language needs no code.

use kpi_api::time::{Date, Period, Timestamp};
use yew::AttrValue;

use crate::core::{browser, i18n};
use crate::t;

/// Between an amount and its unit, so that the two stay on one line.
const NARROW: char = '\u{a0}';

fn sign(key: &str, fallback: &str) -> String {
    i18n::lookup(key).map_or_else(|| fallback.to_owned(), |text| text.to_string())
}

pub fn decimal_sign() -> String {
    sign("format.decimal", ".")
}

pub fn group_sign() -> String {
    sign("format.group", ",")
}

/// A number with exactly `decimals` places and grouped thousands.
pub fn number(value: f64, decimals: u8) -> String {
    write_number(value, decimals, &decimal_sign(), &group_sign())
}

/// A number with as many places as it needs, at most 6.
pub fn plain(value: f64) -> String {
    let text = format!("{value:.6}");
    let trimmed = text.trim_end_matches('0').trim_end_matches('.');
    let decimals = trimmed.split_once('.').map_or(0, |(_, places)| places.len());
    number(value, decimals as u8)
}

/// As people type it: no grouping, the decimal sign of the language.
pub fn editable(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').replace('.', &decimal_sign())
}

pub fn integer(value: i64) -> String {
    number(value as f64, 0)
}

/// A measured value with its unit; a dash where there is none.
pub fn value(value: Option<f64>, decimals: u8, unit: &str) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if unit.is_empty() => number(value, decimals),
        Some(value) => format!("{}{NARROW}{unit}", number(value, decimals)),
    }
}

/// Score points or percent with one place, dropped when it is zero; a dash where there is none.
pub fn points(value: Option<f64>) -> String {
    value.map_or_else(
        || "–".to_owned(),
        |value| {
            let tenths = (value * 10.0).round() / 10.0;
            number(tenths, u8::from(tenths.fract() != 0.0))
        },
    )
}

/// From one number of points to another, with its sign; a dash where one of the two is missing.
pub fn difference(before: Option<f64>, after: Option<f64>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => {
            let change = after - before;
            let text = points(Some(change.abs()));
            if change.abs() < 0.05 {
                points(Some(0.0))
            } else if change > 0.0 {
                format!("+{text}")
            } else {
                format!("−{text}")
            }
        }
        _ => "–".to_owned(),
    }
}

/// `points` with a percent sign.
pub fn percent(value: Option<f64>) -> String {
    if value.is_some() { format!("{}{NARROW}%", points(value)) } else { points(value) }
}

/// `3 Mar 2026`.
pub fn date(date: Date) -> AttrValue {
    let month = i18n::lookup(&format!("format.month.m{}", u8::from(date.month()))).unwrap_or_default();
    t!("format.date", day = date.day(), month = month, year = date.year())
}

/// `3 Mar`.
pub fn day(date: Date) -> AttrValue {
    let month = i18n::lookup(&format!("format.month.m{}", u8::from(date.month()))).unwrap_or_default();
    t!("format.day", day = date.day(), month = month)
}

/// Date and time in the browser's zone.
pub fn date_time(at: Timestamp) -> AttrValue {
    let local = Timestamp(at.0 + i64::from(browser::zone_minutes(at.0)) * 60_000);
    let clock = local.as_offset();
    let time = format!("{:02}:{:02}", clock.hour(), clock.minute());
    t!("format.date_time", date = date(local.date()), time = time)
}

/// The date in the browser's zone.
pub fn date_of(at: Timestamp) -> AttrValue {
    date(Timestamp(at.0 + i64::from(browser::zone_minutes(at.0)) * 60_000).date())
}

/// `Q2 2026`.
pub fn period(period: Period) -> AttrValue {
    t!("format.period", quarter = period.quarter, year = period.year)
}

/// How far a day lies from today: `today`, `in 3 days`, `5 days ago`.
pub fn from_today(day: Date, today: Date) -> AttrValue {
    match (day - today).whole_days() {
        0 => t!("format.today"),
        1 => t!("format.tomorrow"),
        -1 => t!("format.yesterday"),
        days if days > 0 => crate::tn!("format.in_days", days),
        days => crate::tn!("format.days_ago", -days),
    }
}

/// How long ago, in the words of a moment's glance: `just now`, `5 minutes ago`, `yesterday`, then the date.
pub fn ago(at: Timestamp, now: Timestamp) -> AttrValue {
    let minutes = (now.0 - at.0) / 60_000;
    match minutes {
        i64::MIN..=0 => t!("format.just_now"),
        1..=59 => crate::tn!("format.minutes_ago", minutes),
        60..=1439 => crate::tn!("format.hours_ago", minutes / 60),
        1440..=2879 => t!("format.yesterday"),
        2880..=10_079 => crate::tn!("format.days_ago", minutes / 1440),
        _ => date_of(at),
    }
}

fn write_number(value: f64, decimals: u8, decimal: &str, group: &str) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.*}", usize::from(decimals), value.abs());
    let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
    let negative = value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    let mut out = String::with_capacity(text.len() + 6);
    if negative {
        out.push('\u{2212}');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push_str(group);
        }
        out.push(digit);
    }
    if !places.is_empty() {
        out.push_str(decimal);
        out.push_str(places);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_and_signs_follow_the_language() {
        assert_eq!(write_number(1_234_567.891, 2, ".", ","), "1,234,567.89");
        assert_eq!(write_number(-1234.5, 1, ",", "."), "\u{2212}1.234,5");
        assert_eq!(write_number(999.0, 0, ".", ","), "999");
    }

    #[test]
    fn a_rounded_zero_has_no_sign() {
        assert_eq!(write_number(-0.04, 1, ".", ","), "0.0");
    }

    #[test]
    fn what_was_long_ago_is_a_date() {
        let minute = 60_000;
        let now = Timestamp(1_795_165_200_000);
        let said = |minutes: i64| ago(Timestamp(now.0 - minutes * minute), now);
        assert_eq!(said(-3), "just now");
        assert_eq!(said(1), "1 minute ago");
        assert_eq!(said(59), "59 minutes ago");
        assert_eq!(said(60), "1 hour ago");
        assert_eq!(said(1440), "yesterday");
        assert_eq!(said(3 * 1440), "3 days ago");
        assert!(said(30 * 1440).contains("2026"), "{}", said(30 * 1440));
    }

    #[test]
    fn what_is_no_number_is_a_dash() {
        assert_eq!(write_number(f64::NAN, 1, ".", ","), "–");
        assert_eq!(value(None, 2, "h"), "–");
    }

    #[test]
    fn a_difference_has_its_sign() {
        assert!(difference(Some(50.0), Some(62.0)).starts_with('+'));
        assert!(difference(Some(50.0), Some(40.0)).starts_with('−'));
        assert!(!difference(Some(50.0), Some(50.01)).contains('+'));
        assert_eq!(difference(None, Some(1.0)), "–");
    }
}
