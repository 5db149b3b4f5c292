//! Query strings: what a list asks of the server, and filters kept in the address bar so that a link reproduces a view.

use std::fmt::Display;

use yew::prelude::*;
use yew_router::{prelude::*, query::Raw};

/// Parameters in the order they were set, each key once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads `?a=b&c=d`, with or without the question mark. Pairs that are no UTF-8 are left out.
    pub fn parse(query: &str) -> Self {
        let mut params = Self::new();
        for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let (Some(key), Some(value)) = (decode(key), decode(value)) {
                params = params.with(&key, value);
            }
        }
        params
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// The value of a key where it can be read as `T`.
    pub fn read<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.get(key)?.parse().ok()
    }

    /// Sets a key; a blank value takes it out.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Display) -> Self {
        let value = value.to_string();
        self.0.retain(|(known, _)| known != key || !value.is_empty());
        if value.is_empty() {
            return self;
        }
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.to_owned(), value)),
        }
        self
    }

    #[must_use]
    pub fn with_some(self, key: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.0.retain(|(known, _)| known != key);
        self
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `a=b&c=d`, percent-encoded.
    pub fn encoded(&self) -> String {
        self.0
            .iter()
            .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
            .collect::<Vec<_>>()
            .join("&")
    }
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                bytes.push((high * 16 + low) as u8);
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// The address's parameters, and a callback that replaces them without leaving the page or growing the history.
#[hook]
#[expect(clippy::disallowed_methods, reason = "the page stays the same")]
pub fn use_query_params() -> (Params, Callback<Params>) {
    let location = use_location();
    let navigator = use_navigator();
    let params = Params::parse(location.as_ref().map_or("", |location| location.query_str()));
    let path = location.map(|location| location.path().to_owned()).unwrap_or_default();
    let set = Callback::from(move |params: Params| {
        if let Some(navigator) = &navigator {
            let route = yew_router::AnyRoute::new(path.clone());
            navigator.replace_with_query(&route, Raw(params.encoded())).ok();
        }
    });
    (params, set)
}

/// What stands after the `#`: the secrets of one-time links, which reach neither a server's log nor another site.
#[hook]
pub fn use_fragment_params() -> Params {
    let location = use_location();
    Params::parse(location.as_ref().map_or("", |location| location.hash().trim_start_matches('#')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_the_address_bar() {
        let params = Params::new().with("q", "größer & 50 %").with("status", "draft").with("page", 2);
        assert_eq!(Params::parse(&format!("?{}", params.encoded())), params);
        assert_eq!(params.read::<u32>("page"), Some(2));
    }

    #[test]
    fn a_key_stands_once_and_a_blank_value_takes_it_out() {
        let params = Params::parse("a=1&a=2&b=");
        assert_eq!(params.encoded(), "a=2");
        assert!(params.with("a", "").is_empty());
    }

    #[test]
    fn broken_escapes_are_left_out() {
        assert!(Params::parse("a=%zz&b=%f").is_empty());
    }
}
