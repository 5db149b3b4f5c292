//! Who is named in a text with `@username`. Pure.

use std::collections::HashMap;

use kpi_api::id::UserId;
use serde::{Deserialize, Serialize};

/// Somebody who is named, under the user name as it was written, so that a text can still be read after the person
/// was renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub id: UserId,
    pub username: String,
}

/// The longest user name, see `Check::username`.
const LONGEST: usize = 40;

/// Everybody named in a text, each once, in the order in which they are named. `known` maps user names in lower case
/// to those who may be named; whoever else stands after an `@` is plain text.
pub fn of(text: &str, known: &HashMap<String, UserId>) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let mut before = None;
    for (at, sign) in text.char_indices() {
        let is_address = before.replace(sign).is_some_and(is_name);
        // An `@` within a word is an e-mail address.
        if sign != '@' || is_address {
            continue;
        }
        let Some(mention) = name_at(&text[at + 1..], known) else { continue };
        if !found.iter().any(|earlier| earlier.id == mention.id) {
            found.push(mention);
        }
    }
    found
}

/// The longest known name that the text begins with. A name may end in a dot or dash, but so may a sentence.
fn name_at(text: &str, known: &HashMap<String, UserId>) -> Option<Mention> {
    let end = text.char_indices().take(LONGEST).take_while(|(_, c)| is_name(*c)).last();
    let mut name = &text[..end.map_or(0, |(at, c)| at + c.len_utf8())];
    loop {
        if let Some(id) = known.get(&name.to_lowercase()) {
            return Some(Mention { id: *id, username: name.to_owned() });
        }
        name = name.strip_suffix(['.', '-', '_'])?;
    }
}

/// What user names consist of.
fn is_name(c: char) -> bool {
    c.is_alphanumeric() || ".-_".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        let known = [("anna", 1), ("bo.b", 2), ("nguyễn", 3), ("x_", 4)];
        let known = known.into_iter().map(|(name, id)| (name.to_owned(), UserId(id))).collect();
        of(text, &known).into_iter().map(|mention| format!("{} {}", mention.id, mention.username)).collect()
    }

    #[test]
    fn a_name_is_found_wherever_it_stands() {
        assert_eq!(named("@anna"), ["1 anna"]);
        assert_eq!(named("Ask @Anna, @bo.b."), ["1 Anna", "2 bo.b"]);
        assert_eq!(named("(@nguyễn)\n@x_"), ["3 nguyễn", "4 x_"]);
        assert_eq!(named("@@anna"), ["1 anna"]);
    }

    #[test]
    fn nobody_is_named_twice() {
        assert_eq!(named("@anna @ANNA"), ["1 anna"]);
    }

    #[test]
    fn what_is_not_a_known_name_is_text() {
        for text in
            ["anna", "@annabel", "@ann", "mail@anna", "a.@anna", "@", "@.", "@-anna", "@an na", "@bo", ""]
        {
            assert!(named(text).is_empty(), "{text}");
        }
        assert!(named(&format!("@{}", "a".repeat(5000))).is_empty());
    }
}
