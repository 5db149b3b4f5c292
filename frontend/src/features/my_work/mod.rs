//! My work: one list per person of what waits for them. Each row opens the act itself; checking in happens in place.

mod glance;
mod page;
mod section;

pub use page::MyWorkPage;
