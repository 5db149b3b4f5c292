//! Files that prove a value: what may be sent, sending them, and what is there.

mod card;
mod limits;
mod need;
mod sending;

pub use card::EvidenceCard;
pub use limits::{Limits, fault, use_limits};
pub use need::{Need, NeedOf};
pub use sending::SendEvidence;

use crate::core::{format, i18n};
use crate::t;
use yew::AttrValue;

/// A size as people say it.
pub fn size(bytes: f64) -> AttrValue {
    const KB: f64 = 1024.0;
    if bytes < KB {
        t!("evidence.bytes", size = format::number(bytes, 0))
    } else if bytes < KB * KB {
        t!("evidence.kilobytes", size = format::number((bytes / KB).ceil(), 0))
    } else if bytes < KB * KB * KB {
        t!("evidence.megabytes", size = short(bytes / (KB * KB)))
    } else {
        t!("evidence.gigabytes", size = short(bytes / (KB * KB * KB)))
    }
}

fn short(value: f64) -> String {
    format::number(value, u8::from(value < 9.95 && value.fract() >= 0.05))
}

/// Why something cannot be done with a file now.
pub fn reason(word: Option<&str>) -> AttrValue {
    i18n::word("action_reason", word.unwrap_or("not_allowed"))
}
