//! Mail: the queue, what is written into it, and the loop that empties it.
//!
//! Reading order: [`schedule`] (when mail is due, pure), [`compose`] (waiting notifications of one person become one
//! mail), [`letters`] (its words, in the person's language), [`sender`] (attempts and back-off), [`service`] (password
//! links, the test mail, what administrators see). The way to the mail server itself is `platform::smtp`.
//!
//! A mail is written into the queue in the transaction that takes its notifications off the waiting list, and is
//! marked as sent after the mail server's receipt. A crash between receipt and mark sends it once more, with the same
//! Message-ID: never none, and what came twice is seen to be one.

mod catalogue;
pub mod compose;
mod convert;
pub mod handlers;
mod letters;
mod repo;
pub mod routes;
mod schedule;
pub mod sender;
pub mod service;
mod sight;

pub use sender::run;
