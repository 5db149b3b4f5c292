//! What one is told: everything so far, and what one wants to be told.

mod list;
mod page;
mod preferences;

pub use page::NotificationsPage;
