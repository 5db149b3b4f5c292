//! Runs what a plugin does: its script, within limits, with what the administrator has granted and nothing else.
//!
//! Reading order: [`facts`] (what a plugin is told), [`Hands`] (what is done for it), [`Limits`] and [`Done`] or [`Failed`]
//! (how a call is held and how it ends).

pub mod facts;
mod hands;
pub mod net;
mod outcome;

pub use hands::{Hands, HttpAnswer, HttpPost, Note, STORE_ENTRIES, STORE_KEY, STORE_VALUE};
pub use outcome::{Done, Failed, FailedKind, Limits};
