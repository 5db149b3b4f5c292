//! The sentences of mails in every language, and those of the shipped rules.

use std::{collections::BTreeMap, fmt::Display, sync::LazyLock};

use jiff::{Timestamp as Instant, civil, tz::TimeZone};
use kpi_api::{
    scoring::{Said, fill},
    time::Timestamp,
};

type Entries = BTreeMap<String, String>;

/// One language.
pub struct Catalogue {
    pub language: &'static str,
    entries: Entries,
    /// By English pattern; empty for English, in which rules are written.
    rules: Entries,
    decimal_sign: char,
}

static ALL: LazyLock<[Catalogue; 2]> = LazyLock::new(|| {
    [
        Catalogue::read("en", include_str!("locales/mail.en.toml"), "", '.'),
        Catalogue::read(
            "de",
            include_str!("locales/mail.de.toml"),
            include_str!("../../../rules/sentences.de.toml"),
            ',',
        ),
    ]
});

/// The person's language; the first one where it is not known.
pub fn of(locale: &str) -> &'static Catalogue {
    let [first, ..] = &*ALL;
    ALL.iter().find(|known| known.language == locale).unwrap_or(first)
}

impl Catalogue {
    fn read(language: &'static str, mail: &str, rules: &str, decimal_sign: char) -> Self {
        Self { language, entries: entries(mail), rules: entries(rules), decimal_sign }
    }

    /// The entry as it stands; the key itself where the catalogue lacks it, so that a test or a reader notices.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.entries.get(key).map_or(key, String::as_str)
    }

    /// The entry with its `{name}` places filled, in one pass.
    pub fn say(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect();
        fill(self.text(key), &values)
    }

    /// The entry `<key>_one` or `<key>_other`, with `{count}`.
    pub fn count(&self, key: &str, count: usize, values: &[(&str, &dyn Display)]) -> String {
        let form = if count == 1 { "one" } else { "other" };
        let mut all: Vec<(&str, &dyn Display)> = vec![("count", &count)];
        all.extend_from_slice(values);
        self.say(&format!("{key}_{form}"), &all)
    }

    /// A rule's sentence; as written where it is none of the shipped ones.
    pub fn said(&self, said: &Said) -> String {
        let Some(sentence) = self.rules.get(&said.pattern) else { return said.text.clone() };
        let values = said.values.iter().map(|(name, value)| (name.clone(), self.localized(value))).collect();
        fill(sentence, &values)
    }

    /// A value of a rule's sentence: a leading English number takes the language's decimal sign.
    fn localized(&self, value: &str) -> String {
        let end =
            value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-'))).unwrap_or(value.len());
        let (number, rest) = value.split_at(end);
        if number.contains('.') && number.parse::<f64>().is_ok() {
            return format!("{}{rest}", number.replace('.', &self.decimal_sign.to_string()));
        }
        value.to_owned()
    }

    /// Day and time in the company's zone.
    pub fn instant(&self, at: Timestamp, zone: &TimeZone) -> String {
        let local = local(at, zone);
        let (day, month, year) = self.parts(local.date());
        self.say("when", &[("day", &day), ("month", &month), ("year", &year), ("time", &clock(local))])
    }

    /// The time of day alone.
    pub fn time(&self, at: Timestamp, zone: &TimeZone) -> String {
        clock(local(at, zone))
    }

    pub fn day(&self, day: civil::Date) -> String {
        let (day, month, year) = self.parts(day);
        self.say("day", &[("day", &day), ("month", &month), ("year", &year)])
    }

    /// A day written `YYYY-MM-DD`; anything else stays as it is.
    pub fn day_of(&self, text: &str) -> String {
        text.parse().map_or_else(|_| text.to_owned(), |day| self.day(day))
    }

    pub fn weekday(&self, day: civil::Date) -> &str {
        let number = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
        self.text("weekdays").split(' ').nth(number).unwrap_or_default()
    }

    fn parts(&self, day: civil::Date) -> (i8, &str, i16) {
        let month = usize::from(day.month().unsigned_abs()).saturating_sub(1);
        (day.day(), self.text("months").split(' ').nth(month).unwrap_or_default(), day.year())
    }
}

fn local(at: Timestamp, zone: &TimeZone) -> civil::DateTime {
    zone.to_datetime(Instant::from_millisecond(at.0).unwrap_or_default())
}

fn clock(local: civil::DateTime) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// Keys of tables are joined with a dot. The files are part of the program and read by a test, so what could not be
/// read is left out here.
fn entries(source: &str) -> Entries {
    fn flatten(prefix: &str, table: toml::Table, into: &mut Entries) {
        for (key, value) in table {
            match value {
                toml::Value::Table(inner) => flatten(&format!("{key}."), inner, into),
                toml::Value::String(text) => drop(into.insert(format!("{prefix}{key}"), text)),
                _ => {}
            }
        }
    }
    let mut found = Entries::new();
    flatten("", source.parse().unwrap_or_default(), &mut found);
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kpi_api::{notification::NotificationKind, user::LOCALES};

    use super::*;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_language_has_the_same_keys_and_places() {
        assert_eq!(LOCALES.to_vec(), ALL.iter().map(|known| known.language).collect::<Vec<_>>());
        let english = of("en");
        assert!(english.entries.len() > 60 && of("de").rules.len() > 40);
        for other in &ALL[1..] {
            let keys = |one: &Catalogue| one.entries.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(english), keys(other));
            for (key, text) in &english.entries {
                assert_eq!(places(text), places(other.text(key)), "{key}");
            }
            for (pattern, sentence) in &other.rules {
                assert_eq!(places(pattern), places(sentence));
            }
        }
    }

    #[test]
    fn every_kind_has_its_sentences() {
        for kind in NotificationKind::ALL {
            for part in ["label", "subject", "said", "button"] {
                let key = format!("{kind}.{part}");
                assert_ne!(of("en").text(&key), key);
            }
        }
    }

    #[test]
    fn a_rule_speaks_the_persons_language_and_its_own_where_it_is_not_shipped() {
        let values = [("done".to_owned(), "1.5".to_owned()), ("all".to_owned(), "3".to_owned())].into();
        let shipped = Said::new("Milestones done: {done} of {all}.", values);
        assert_eq!(of("de").said(&shipped), "Erledigte Meilensteine: 1,5 von 3.");
        assert_eq!(of("en").said(&shipped), "Milestones done: 1.5 of 3.");
        assert_eq!(of("de").said(&Said::plain("A sentence of our own.")), "A sentence of our own.");
    }

    #[test]
    fn every_sentence_about_a_receipt_is_translated() {
        for other in &ALL[1..] {
            for pattern in kpi_api::receipt_change::sentences() {
                assert!(other.rules.contains_key(pattern), "{}: {pattern}", other.language);
            }
        }
    }

    #[test]
    fn days_read_as_the_language_writes_them() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let at = "2026-02-16T09:00:00Z".parse().unwrap();
        assert_eq!(of("en").instant(at, &zone), "16 February 2026, 10:00");
        assert_eq!(of("de").instant(at, &zone), "16. Februar 2026, 10:00");
        assert_eq!(of("de").day_of("2026-03-01"), "1. März 2026");
        assert_eq!(of("de").weekday(civil::date(2026, 3, 1)), "Sonntag");
        assert_eq!(of("xx").day_of("soon"), "soon");
    }
}
