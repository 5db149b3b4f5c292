//! What a call did, beside what a case expects.

use serde_json::Value;

use super::{
    case::{Expected, ExpectedNote, ExpectedPost},
    recorder::Recorded,
};
use crate::plugins::host::{Done, Failed, HttpPost, Note};

/// Characters that a message shows of a text.
const SHOWN: usize = 300;

type Ended = Result<Done, Failed>;

/// Every difference in a sentence; none when all is as expected.
pub fn differences(expect: &Expected, ended: &Ended, recorded: &Recorded) -> Vec<String> {
    let mut off = Vec::new();
    let log = match (ended, &expect.error) {
        (Ok(done), Some(wanted)) => {
            off.push(format!(
                "it returned {}, expected the failure `{wanted}`",
                shown(&done.value.to_string())
            ));
            &done.log
        }
        (Ok(done), None) => {
            if let Some(wanted) = expect.result.as_ref().filter(|wanted| !fits(wanted, &done.value)) {
                off.push(format!("it returned {}, expected {wanted}", shown(&done.value.to_string())));
            }
            &done.log
        }
        (Err(failed), None) => {
            off.push(format!("it failed: {failed}"));
            &failed.log
        }
        (Err(failed), Some(wanted)) => {
            if !failed.message.contains(wanted.as_str()) {
                off.push(format!("it failed with `{failed}`, expected `{wanted}`"));
            }
            &failed.log
        }
    };
    each(&mut off, "post", &expect.posts, &recorded.posts, post_differs);
    each(&mut off, "note", &expect.notes, &recorded.notes, note_differs);
    let mut lines = log.iter();
    for part in &expect.log {
        if !lines.any(|line| line.contains(part.as_str())) {
            off.push(format!(
                "no line of the log says `{part}` at its place in: {}",
                shown(&log.join(" | "))
            ));
        }
    }
    for (key, wanted) in &expect.store {
        let kept = recorded.store.get(key).unwrap_or(&Value::Null);
        if !fits(wanted, kept) {
            off.push(format!("under `{key}` it keeps {}, expected {wanted}", shown(&kept.to_string())));
        }
    }
    off
}

/// What came out, in a line.
pub fn summary(ended: &Ended) -> String {
    match ended {
        Ok(done) if done.value.is_null() => format!("{} operations", done.operations),
        Ok(done) => format!("{} operations, returned {}", done.operations, shown(&done.value.to_string())),
        Err(failed) => failed.to_string(),
    }
}

fn each<W, S>(
    off: &mut Vec<String>,
    what: &str,
    wanted: &[W],
    made: &[S],
    differs: impl Fn(&W, &S) -> Option<String>,
) {
    if wanted.len() != made.len() {
        off.push(format!("{} {what}s were made, expected {}", made.len(), wanted.len()));
    }
    for (index, (wanted, made)) in wanted.iter().zip(made).enumerate() {
        off.extend(differs(wanted, made).map(|why| format!("{what} {}: {why}", index + 1)));
    }
}

fn post_differs(wanted: &ExpectedPost, made: &HttpPost) -> Option<String> {
    if let Some(url) = wanted.url.as_ref().filter(|url| **url != made.url) {
        return Some(format!("it goes to {}, expected {url}", made.url));
    }
    if let Some(part) = wanted.contains.iter().find(|part| !made.body.contains(part.as_str())) {
        return Some(format!("`{part}` is not in {}", shown(&made.body)));
    }
    if let Some((name, value)) =
        wanted.headers.iter().find(|(name, value)| made.headers.get(&name.to_lowercase()) != Some(value))
    {
        return Some(format!("the header `{name}` is not `{value}`"));
    }
    let wanted = wanted.json.as_ref()?;
    let said: Value = serde_json::from_str(&made.body).unwrap_or(Value::Null);
    (!fits(wanted, &said)).then(|| format!("it says {}, expected {wanted}", shown(&made.body)))
}

fn note_differs(wanted: &ExpectedNote, made: &Note) -> Option<String> {
    if wanted.user != made.user {
        return Some(format!("it goes to person {}, expected {}", made.user, wanted.user));
    }
    let said = |part: &str| made.title.contains(part) || made.text.contains(part);
    if let Some(part) = wanted.contains.iter().find(|part| !said(part)) {
        return Some(format!("`{part}` is neither in `{}` nor in `{}`", made.title, shown(&made.text)));
    }
    let link = wanted.link.as_ref().filter(|link| **link != made.link)?;
    Some(format!("it leads to `{}`, expected `{link}`", made.link))
}

/// Of a map every entry that is named has to be there, of an array every element, numbers up to the noise of arithmetic.
fn fits(wanted: &Value, is: &Value) -> bool {
    match (wanted, is) {
        (Value::Object(wanted), Value::Object(is)) => {
            wanted.iter().all(|(key, value)| fits(value, is.get(key).unwrap_or(&Value::Null)))
        }
        (Value::Array(wanted), Value::Array(is)) => {
            wanted.len() == is.len() && wanted.iter().zip(is).all(|(wanted, is)| fits(wanted, is))
        }
        (Value::Number(wanted), Value::Number(is)) => match (wanted.as_f64(), is.as_f64()) {
            (Some(wanted), Some(is)) => (wanted - is).abs() <= 1e-6 * wanted.abs().max(1.0),
            _ => wanted == is,
        },
        // TOML has no null: an empty text stands for a value that is absent.
        (Value::String(wanted), Value::Null) => wanted.is_empty(),
        (wanted, is) => wanted == is,
    }
}

fn shown(text: &str) -> String {
    let mut cut: String = text.chars().take(SHOWN).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
