//! What people are told: made from the events of the outbox, shown in the app, handed to the mail.
//!
//! Reading order: `who` (pure: who is told of what, and where the link leads), [`news`] (acts on events), `prefs` (what
//! people want to be told), [`service`] and [`handlers`] (the list and its bell).

mod convert;
pub mod handlers;
pub mod news;
pub mod past;
mod prefs;
pub mod repo;
pub mod routes;
pub mod service;
mod who;

pub use convert::view;
pub use who::Told;
