//! Where values wait: one entry each in the browser's local storage, so that tabs never overwrite each other's.

use kpi_api::id::UserId;

use super::waiting::Waiting;
use crate::core::browser;

/// Every entry of the outbox begins with this.
pub const PREFIX: &str = "kpi.outbox.";

fn prefix(user: UserId) -> String {
    format!("{PREFIX}{user}.")
}

/// What waits for one person, oldest first.
pub fn all(user: UserId) -> Vec<Waiting> {
    let mut found: Vec<Waiting> = browser::stored_keys(&prefix(user))
        .iter()
        .filter_map(|key| serde_json::from_str(&browser::stored(key)?).ok())
        .collect();
    found.sort_by(|one, two| one.made_at.total_cmp(&two.made_at));
    found
}

/// Whether it is kept; a full or forbidden storage keeps nothing, and then nobody may be told that it does.
pub fn put(waiting: &Waiting) -> bool {
    serde_json::to_string(waiting)
        .is_ok_and(|text| browser::keep(&format!("{}{}", prefix(waiting.user), waiting.key), &text))
}

/// As it stands now: another tab may have sent it.
pub fn get(user: UserId, key: &str) -> Option<Waiting> {
    serde_json::from_str(&browser::stored(&format!("{}{key}", prefix(user)))?).ok()
}

pub fn remove(user: UserId, key: &str) {
    browser::forget(&format!("{}{key}", prefix(user)));
}
