//! The jobs that run by themselves: when, how they went, by hand; and what the reminders of the coming days would be.

mod page;
mod rehearsal;
mod runs;
pub(super) mod schedule;
mod table;

pub use page::JobsPage;
