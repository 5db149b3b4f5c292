//! Who is asking: logging in, sessions, tokens, passwords, the first administrator.
//!
//! Reading order: [`guard`] and [`actor`] (what every handler of every feature begins with), `cookies` and
//! [`sessions`] (how a request proves who sent it), [`service`] (log-in, refresh, log-out), then `account`, `reset`,
//! `personal` and [`setup`]; queries are in `repo`.

mod account;
pub mod actor;
pub mod attempts;
pub mod cookies;
pub mod guard;
pub mod handlers;
mod personal;
mod repo;
pub mod reset;
pub mod routes;
pub mod seal;
pub mod service;
pub mod sessions;
pub mod setup;

pub use repo::{Ending, end_sessions, set_password};
pub use seal::{seal, unseal};
