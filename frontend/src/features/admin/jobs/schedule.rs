//! A schedule in words. What is not among the usual forms is shown as it is written.

use yew::AttrValue;

use crate::{core::i18n, t, tn};

/// Five fields of cron: minute, hour, day of the month, month, day of the week.
pub fn in_words(cron: &str) -> AttrValue {
    words(cron).unwrap_or_else(|| t!("jobs.cron", cron = cron))
}

fn words(cron: &str) -> Option<AttrValue> {
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let [minute, hour, day, "*", weekday] = fields.as_slice() else { return None };
    let every_day = *day == "*" && *weekday == "*";
    if let (Some(minutes), "*", true) = (step(minute), *hour, every_day) {
        return Some(tn!("jobs.every_minutes", minutes));
    }
    if let (Some(minutes), Some((first, last)), "*") = (step(minute), hours(hour), *day) {
        let (from, to) = (format!("{first:02}:00"), format!("{:02}:00", last + 1));
        return Some(match *weekday {
            "*" => t!("jobs.between", from = from, to = to, minutes = minutes),
            one => t!("jobs.weekday_between", weekday = name(one)?, from = from, to = to, minutes = minutes),
        });
    }
    let minute: u8 = minute.parse().ok().filter(|minute| *minute < 60)?;
    if let (Some(hours), true) = (step(hour), every_day) {
        return Some(if minute == 0 {
            tn!("jobs.every_hours", hours)
        } else {
            tn!("jobs.every_hours_at", hours, minute = minute)
        });
    }
    let hour: u8 = hour.parse().ok().filter(|hour| *hour < 24)?;
    let time = format!("{hour:02}:{minute:02}");
    match (*day, *weekday) {
        ("*", "*") => Some(t!("jobs.every_day", time = time)),
        ("*", weekday) => match weekday.split_once('-') {
            Some((first, last)) => {
                Some(t!("jobs.weekdays", first = name(first)?, last = name(last)?, time = time))
            }
            None => Some(t!("jobs.every_weekday", weekday = name(weekday)?, time = time)),
        },
        (day, "*") => {
            let day: u8 = day.parse().ok()?;
            Some(t!("jobs.every_month", day = day, time = time))
        }
        _ => None,
    }
}

/// `*` is every one, `*/15` every fifteenth.
fn step(field: &str) -> Option<u32> {
    if field == "*" { Some(1) } else { field.strip_prefix("*/")?.parse().ok().filter(|step| *step > 0) }
}

/// `8-9` is from the beginning of the one to the end of the other.
fn hours(field: &str) -> Option<(u8, u8)> {
    let (first, last) = field.split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last && last < 24).then_some((first, last))
}

/// Cron counts from Sunday, which is 0 and 7, or takes English abbreviations.
fn name(weekday: &str) -> Option<AttrValue> {
    const SHORT: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let index = match weekday.parse::<usize>() {
        Ok(number) => (number <= 7).then_some(number % 7)?,
        Err(_) => SHORT.iter().position(|short| weekday.eq_ignore_ascii_case(short))?,
    };
    Some(i18n::word("weekday", SHORT[index]))
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn the_usual_schedules_are_said_in_words() {
        for (cron, said) in [
            ("*/15 * * * *", "Every 15 minutes"),
            ("* * * * *", "Every minute"),
            ("0 * * * *", "Every hour"),
            ("5 * * * *", "Every hour, 5 minutes past"),
            ("0 */6 * * *", "Every 6 hours"),
            ("0 2 * * *", "Every day at 02:00"),
            ("30 3 * * 0", "Every Sunday at 03:30"),
            ("30 3 * * SUN", "Every Sunday at 03:30"),
            ("0 7 * * 1-5", "Monday to Friday at 07:00"),
            ("*/5 8-9 * * Mon", "Every Monday from 08:00 to 10:00, every 5 minutes"),
            ("*/15 7-17 * * *", "Every day from 07:00 to 18:00, every 15 minutes"),
            ("0 4 1 * *", "On day 1 of every month at 04:00"),
        ] {
            assert_eq!(in_words(cron), said, "{cron}");
        }
    }

    #[test]
    fn what_has_no_words_is_shown_as_it_stands() {
        for cron in ["0 2 1 1 *", "0 2 13 * 5", "0 2,14 * * *", "61 2 * * *", "0 2 * *", "0 2 * * 9"] {
            assert!(in_words(cron).contains(cron), "{cron}");
        }
    }
}
