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
    } else {
        let megabytes = bytes / (KB * KB);
        let decimals = u8::from(megabytes < 10.0);
        t!("evidence.megabytes", size = format::number(megabytes, decimals))
    }
}

/// Why something cannot be done with a file now.
pub fn reason(word: Option<&str>) -> AttrValue {
    i18n::word("action_reason", word.unwrap_or("not_allowed"))
}
