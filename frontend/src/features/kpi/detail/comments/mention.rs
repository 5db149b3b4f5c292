//! Naming a colleague: what stands between an `@` and the caret, who fits, and what choosing one makes of the text.

use gloo_timers::callback::Timeout;
use kpi_api::{id::KpiId, user::Colleague};
use yew::prelude::*;

use crate::core::api;

const SEARCH_DELAY_MS: u32 = 120;
/// Longer than any user name.
const LONGEST: usize = 40;

/// An `@` that is being completed.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// Where the `@` stands, in bytes.
    pub from: usize,
    /// Where the caret stands, in bytes.
    pub to: usize,
    pub typed: String,
}

/// The `@` before the caret, if the caret stands in a name. `caret` counts as browsers do, in UTF-16 units.
pub fn open_at(text: &str, caret: u32) -> Option<Open> {
    let to = byte_at(text, caret);
    let before = &text[..to];
    let from = before.rfind('@')?;
    let typed = &before[from + 1..];
    let begins = !before[..from].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
    let is_name = typed.chars().count() <= LONGEST
        && typed.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    (begins && is_name).then(|| Open { from, to, typed: typed.to_owned() })
}

/// The text with the name put in, and where the caret goes (UTF-16).
pub fn completed(text: &str, open: &Open, username: &str) -> (String, u32) {
    let before = format!("{}@{username} ", &text[..open.from]);
    let caret = before.encode_utf16().count() as u32;
    (format!("{before}{}", text[open.to..].trim_start_matches(' ')), caret)
}

fn byte_at(text: &str, utf16: u32) -> usize {
    let mut units = 0_u32;
    for (index, c) in text.char_indices() {
        if units >= utf16 {
            return index;
        }
        units += c.len_utf16() as u32;
    }
    text.len()
}

/// People who fit what is typed, a moment after the last key.
#[hook]
pub fn use_colleagues(kpi: KpiId, open: Option<&Open>) -> Vec<Colleague> {
    let found = use_state(Vec::new);
    let latest = use_mut_ref(|| 0_u32);
    let typed = open.map(|open| open.typed.clone());
    use_effect_with((kpi, typed.clone()), {
        let found = found.clone();
        move |(kpi, typed)| {
            let run = {
                let mut latest = latest.borrow_mut();
                *latest = latest.wrapping_add(1);
                *latest
            };
            let kpi = *kpi;
            let timeout = match typed.clone() {
                None => {
                    found.set(Vec::new());
                    None
                }
                Some(typed) => Some(Timeout::new(SEARCH_DELAY_MS, move || {
                    yew::platform::spawn_local(async move {
                        // Without an answer nobody is offered; the name can still be typed.
                        if let Ok(list) = api::comments::mentionable(kpi, &typed).await
                            && *latest.borrow() == run
                        {
                            found.set(list.items);
                        }
                    });
                })),
            };
            move || drop(timeout)
        }
    });
    if typed.is_some() { (*found).clone() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_at_sign_opens_where_a_word_begins() {
        let typed = |text: &str, caret: u32| open_at(text, caret).map(|open| open.typed);
        assert_eq!(typed("hello @an", 9).as_deref(), Some("an"));
        assert_eq!(typed("@", 1).as_deref(), Some(""));
        assert_eq!(typed("(@x", 3).as_deref(), Some("x"));
        assert_eq!(typed("mail me@an", 10), None);
        assert_eq!(typed("@an na", 6), None);
        assert_eq!(typed("hello @an", 3), None);
    }

    #[test]
    fn choosing_puts_the_name_in_and_the_caret_behind_it() {
        let text = "🎉 ask @an please";
        let open = open_at(text, 10).unwrap();
        assert_eq!(open.typed, "an");
        let (done, caret) = completed(text, &open, "anna.berg");
        assert_eq!(done, "🎉 ask @anna.berg please");
        assert_eq!(caret, 18);
    }
}
