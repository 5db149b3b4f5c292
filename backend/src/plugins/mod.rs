//! Plugins: bundles of a script, templates, rules and translations, with a manifest that says what they are and what
//! they may do.
//!
//! [`bundle`] reads and checks what an author has written, [`host`] runs it within limits and lends it what the
//! administrator has granted, [`trial`] runs its cases. The rest is their life in the server: [`available`] (bundles that
//! could be installed), [`kept`] (files of those that are), [`Plugins`] (those in memory), [`service`] (what administrators
//! do), [`adds`] (what a plugin brings into the company), [`calling`] and [`hands`] (calling a function, and what it may do),
//! and the three occasions for it: [`hooks`], [`jobs`] and [`cards`].

mod adds;
mod available;
pub mod bundle;
mod calling;
mod cards;
mod fleet;
pub mod handlers;
mod hands;
pub mod hooks;
pub mod host;
mod installed;
pub mod jobs;
mod kept;
mod receiving;
pub mod repo;
pub mod routes;
pub mod service;
pub mod trial;
mod version;
mod view;

pub use fleet::Fleet;
pub use installed::{Installed, Plugins};
