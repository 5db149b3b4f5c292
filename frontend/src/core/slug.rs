//! A short name that stands in an address, e.g. a plugin's id. It is `Copy`, as every [`crate::route::Route`] is.

use std::{fmt, str::FromStr};

/// Longer ones are no address of this app.
const MOST: usize = 64;

/// `[a-z0-9-]`, 1 to 64 characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Slug {
    bytes: [u8; MOST],
    length: u8,
}

/// The text is no such name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSlug;

impl Slug {
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl FromStr for Slug {
    type Err = NoSlug;

    fn from_str(text: &str) -> Result<Self, NoSlug> {
        let fits = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        if text.is_empty() || text.len() > MOST || !text.as_bytes().iter().all(fits) {
            return Err(NoSlug);
        }
        let mut bytes = [0; MOST];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { bytes, length: text.len() as u8 })
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_survives_its_address_and_nothing_else_is_one() {
        let longest = "a".repeat(MOST);
        for name in ["webhook", "it-service-pack", "a1", longest.as_str()] {
            assert_eq!(name.parse::<Slug>().map(|slug| slug.to_string()), Ok(name.to_owned()));
        }
        for text in ["", "Webhook", "a b", "../etc", "ä", &"a".repeat(MOST + 1)] {
            assert_eq!(text.parse::<Slug>(), Err(NoSlug), "{text}");
        }
    }
}
