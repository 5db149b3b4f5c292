//! The queue of what waits for one's decision, with a preview beside it and keys for all of it. Reading order: [`page`]
//! (fetches and arranges), [`desk`] (what has been chosen and decided), [`queue`] (the rows), [`preview`] (what to
//! know before deciding), [`decisions`] (deciding about one
//! or several), [`together`] (the bar and the reason for several) and [`outcome`] (what became of them).

mod decisions;
mod desk;
mod evidence;
mod facts;
mod filters;
mod keys;
mod outcome;
mod page;
mod preview;
mod queue;
mod together;

pub use page::ApprovalsPage;
