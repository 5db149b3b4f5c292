//! Language: every sentence comes from `locales/<feature>.<language>.toml` by its key. A further language is a further
//! set of files and a line in [`kpi_api::user::LOCALES`].

use std::fmt::Display;

use kpi_api::scoring::{Said, fill};
use yew::AttrValue;

/// A sentence of the catalogue as [`AttrValue`]: `t!("kpi.list.title")`, `t!("kpi.list.found", count = 3)`.
#[macro_export]
macro_rules! t {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::core::i18n::say($key, &[$((stringify!($name), &$value as &dyn ::std::fmt::Display)),*])
    };
}

/// A sentence that depends on a count: `tn!("kpi.days", days)` takes `kpi.days.one` or `kpi.days.other`, with the count
/// as `%{count}`.
#[macro_export]
macro_rules! tn {
    ($key:literal, $count:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::core::i18n::say_count($key, $count as i64, &[$((stringify!($name), &$value as &dyn ::std::fmt::Display)),*])
    };
}

/// The language in use.
pub fn locale() -> String {
    rust_i18n::locale().to_string()
}

pub fn set_locale(locale: &str) {
    rust_i18n::set_locale(locale);
}

/// The catalogue's entry as it stands.
pub fn lookup(key: &str) -> Option<AttrValue> {
    crate::_rust_i18n_try_translate(&rust_i18n::locale(), key).map(|text| text.into_owned().into())
}

/// The entry with its `%{name}` places filled; the key itself where the catalogue lacks it, so that it is noticed.
pub fn say(key: &str, values: &[(&str, &dyn Display)]) -> AttrValue {
    say_if_known(key, values).unwrap_or_else(|| key.to_owned().into())
}

pub fn say_if_known(key: &str, values: &[(&str, &dyn Display)]) -> Option<AttrValue> {
    let text = crate::_rust_i18n_try_translate(&rust_i18n::locale(), key)?;
    Some(fill_places(&text, values).into())
}

pub fn say_count(key: &str, count: i64, values: &[(&str, &dyn Display)]) -> AttrValue {
    let form = plural_form(&rust_i18n::locale(), count);
    let shown = crate::core::format::integer(count);
    let mut all: Vec<(&str, &dyn Display)> = vec![("count", &shown)];
    all.extend_from_slice(values);
    say(&format!("{key}.{form}"), &all)
}

/// The CLDR plural category of a whole number. English and German know two; a language with more adds its rule here.
fn plural_form(_locale: &str, count: i64) -> &'static str {
    if count == 1 { "one" } else { "other" }
}

/// The word of an enum of the API: `word("status", kpi.status.as_str())` is the entry `word.status.<value>`.
pub fn word(group: &str, value: &str) -> AttrValue {
    lookup(&format!("word.{group}.{value}")).unwrap_or_else(|| value.to_owned().into())
}

/// A field of the API in the person's words: `milestones.0.weight` is the entry `field.weight`.
pub fn field_name(field: &str) -> AttrValue {
    let name = field.rsplit('.').find(|part| part.parse::<u32>().is_err()).unwrap_or(field);
    // A field that a template adds has no name of its own here; its group has.
    let group = || lookup(&format!("field.{}", field.split('.').next().unwrap_or(field)));
    lookup(&format!("field.{name}")).or_else(group).unwrap_or_else(|| field.to_owned().into())
}

/// Language, English pattern and sentence of every shipped rule: `rules/sentences.<language>.toml`.
const RULE_SENTENCES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/rule_sentences.rs"));

/// A rule's sentence in the person's language where the catalogue has its pattern, else the English one.
pub fn said(said: &Said) -> AttrValue {
    match rule_sentence(&locale(), &said.pattern) {
        Some(sentence) => {
            let values = said.values.iter().map(|(name, value)| (name.clone(), localized(value))).collect();
            fill(sentence, &values).into()
        }
        None => said.text.clone().into(),
    }
}

/// What a rule or a recipe says of itself, its title or its description: in the person's language, paragraph by paragraph,
/// where the catalogue has it.
pub fn of_rule(text: &str) -> AttrValue {
    let locale = locale();
    let paragraphs =
        text.split("\n\n").map(|paragraph| rule_sentence(&locale, paragraph).unwrap_or(paragraph));
    paragraphs.collect::<Vec<_>>().join("\n\n").into()
}

fn rule_sentence(locale: &str, pattern: &str) -> Option<&'static str> {
    let known = RULE_SENTENCES.iter().find(|(language, known, _)| *language == locale && *known == pattern);
    known.map(|(_, _, sentence)| *sentence)
}

/// A value of a rule's sentence: a leading English number takes the person's decimal sign.
fn localized(value: &str) -> String {
    let end = value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-'))).unwrap_or(value.len());
    let (number, rest) = value.split_at(end);
    match number.parse::<f64>() {
        Ok(_) if number.contains('.') => {
            format!("{}{rest}", number.replace('.', &crate::core::format::decimal_sign()))
        }
        _ => value.to_owned(),
    }
}

fn fill_places(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find("%{") {
        out.push_str(&rest[..open]);
        let after = &rest[open + 2..];
        let place = after.find('}').and_then(|close| {
            let name = &after[..close];
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (close, value))
        });
        match place {
            Some((close, value)) => {
                out.push_str(&value.to_string());
                rest = &after[close + 1..];
            }
            None => {
                out.push_str("%{");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_read_as_a_place() {
        assert_eq!(fill_places("%{a} and %{b}", &[("a", &"%{b}"), ("b", &2)]), "%{b} and 2");
        assert_eq!(fill_places("%{missing} %{", &[]), "%{missing} %{");
    }

    #[test]
    fn the_sentences_of_shipped_rules_are_known_and_others_are_not() {
        assert_eq!(rule_sentence("de", "It is done."), Some("Es ist erledigt."));
        assert_eq!(rule_sentence("en", "It is done."), None);
        assert_eq!(rule_sentence("de", "A sentence of our own."), None);
    }

    #[test]
    fn a_number_of_a_rule_takes_the_persons_decimal_sign() {
        assert_eq!(localized("plain words"), "plain words");
        assert_eq!(localized("12"), "12");
        assert_eq!(localized("1.2.3"), "1.2.3");
    }
}
