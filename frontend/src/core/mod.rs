//! What every page stands on and no page looks like: requests, session, remote data, language, forms' memory.

pub mod api;
pub mod browser;
pub mod chart;
pub mod client;
pub mod draft;
pub mod error;
pub mod format;
pub mod i18n;
pub mod keys;
pub mod live;
pub mod merge;
pub mod notices;
pub mod number;
pub mod outbox;
pub mod prefs;
pub mod query;
pub mod remote;
pub mod session;
pub mod slug;
pub mod submit;
pub mod title;
pub mod toast;
pub mod turns;
pub mod upload;
pub mod uploads;
pub mod viewport;
