//! Telling plugins what has happened: `queue` notes it for each of them within the delivery of the outbox, `runner` calls
//! their functions afterwards, `event` is what they are called with.
//!
//! At least once: the note goes in the same transaction in which the call is written down. In order: of one subject, the
//! oldest event is told first, however often it has to be.

pub mod event;
mod queue;
mod runner;

pub use queue::Queue;
pub use runner::{run, work_off};
