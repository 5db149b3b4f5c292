//! Runs what a plugin does: its script, within limits, with what the administrator has granted and nothing else.
//!
//! Reading order: [`facts`] (what a plugin is told), [`Hands`] (what is done for it), [`Program`] (how it is called), [`Limits`]
//! and [`Done`] or [`Failed`] (how a call is held and how it ends), `desk` (what stands between script and hands), [`net`]
//! (the way out).

mod desk;
pub mod facts;
mod hands;
mod log;
pub mod net;
mod outcome;
mod program;
mod words;

pub use hands::{Hands, HttpAnswer, HttpPost, Note, STORE_ENTRIES, STORE_KEY, STORE_VALUE};
pub use outcome::{Done, Failed, FailedKind, Limits};
pub use program::Program;
pub use words::WORDS;
