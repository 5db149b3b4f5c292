//! Query strings, read strictly: a typing mistake is told, not ignored.

use std::{borrow::Cow, collections::HashSet, convert::Infallible};

use kpi_api::error::{Code, FieldError};
use serde::de::DeserializeOwned;
use warp::Filter;

use crate::platform::failure::{Failure, Outcome};

/// The query as a `T`: a flat struct with `#[serde(deny_unknown_fields)]` (no `flatten`, no lists). Doubled keys,
/// unknown keys and unreadable values are 400 and name the key.
pub fn query<T: DeserializeOwned + Send + 'static>()
-> impl Filter<Extract = (Outcome<T>,), Error = Infallible> + Copy {
    warp::query::raw().or(warp::any().map(String::new)).unify().map(|text: String| parse(&text))
}

/// Reads a query string. Errors as [`query`].
pub fn parse<T: DeserializeOwned>(text: &str) -> Outcome<T> {
    let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = form_urlencoded::parse(text.as_bytes()).collect();
    let mut seen = HashSet::with_capacity(pairs.len());
    for (key, _) in &pairs {
        if !seen.insert(key) {
            let detail = format!("The query parameter \"{key}\" is given more than once.");
            return Err(refuse(Code::DoubledQueryKey, key.as_ref(), "doubled", detail));
        }
    }
    let source = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(source).map_err(|fault| {
        let message = fault.inner().to_string();
        if let Some(key) = quoted_after(&message, "unknown field `") {
            let detail = format!("There is no query parameter \"{key}\" here.");
            return refuse(Code::Malformed, key, "unknown_field", detail);
        }
        if let Some(key) = quoted_after(&message, "missing field `") {
            let detail = format!("The query parameter \"{key}\" is missing.");
            return refuse(Code::Malformed, key, "required", detail);
        }
        let key = fault.path().to_string();
        let detail = format!("The query parameter \"{key}\" cannot be read: {message}.");
        refuse(Code::Malformed, &key, "invalid", detail)
    })
}

fn refuse(code: Code, key: &str, fault: &str, detail: String) -> Failure {
    let errors = vec![FieldError::new(key, fault, detail.as_str())];
    Failure::with_errors(code, detail, errors)
}

/// The name between `opening` and the next backtick; serde's derive words its messages so.
pub(super) fn quoted_after<'a>(message: &'a str, opening: &str) -> Option<&'a str> {
    message.split_once(opening)?.1.split_once('`').map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use kpi_api::{id::UserId, time::Quarter};
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Search {
        year: Option<i32>,
        quarter: Option<Quarter>,
        user_id: Option<UserId>,
        q: Option<String>,
        #[serde(default)]
        mine: bool,
    }

    #[test]
    fn a_query_is_read_into_types() {
        let search: Search = parse("year=2026&quarter=Q2&user_id=7&q=gr%C3%BCn+rot&mine=true").unwrap();
        let expected = Search {
            year: Some(2026),
            quarter: Some(Quarter::Q2),
            user_id: Some(UserId(7)),
            q: Some("grün rot".into()),
            mine: true,
        };
        assert_eq!(search, expected);
        assert!(parse::<Search>("").is_ok());
    }

    #[test]
    fn mistakes_name_the_key() {
        let rows = [
            ("year=1&year=1", Code::DoubledQueryKey, "year"),
            ("year=1&ye%61r=2", Code::DoubledQueryKey, "year"),
            ("yaer=2026", Code::Malformed, "yaer"),
            ("year=abc", Code::Malformed, "year"),
            ("year=99999999999", Code::Malformed, "year"),
            ("quarter=Q5", Code::Malformed, "quarter"),
            ("user_id=1e3", Code::Malformed, "user_id"),
            ("mine=yes", Code::Malformed, "mine"),
        ];
        for (text, code, key) in rows {
            let failure = parse::<Search>(text).unwrap_err();
            let Failure::Known { code: found, errors, .. } = failure else { panic!("{text}") };
            assert_eq!(found, code, "{text}");
            assert_eq!(errors[0].field, key, "{text}");
        }
    }
}
