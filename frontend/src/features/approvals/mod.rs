//! The queue of what waits for one's decision, with a preview beside it and keys for all of it.

mod page;
mod preview;
mod queue;

pub use page::ApprovalsPage;
