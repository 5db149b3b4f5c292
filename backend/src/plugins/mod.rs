//! Plugins: bundles of a script, templates, rules and translations, with a manifest that says what they are and what
//! they may do.
//!
//! [`bundle`] reads and checks what an author has written, [`host`] runs it within limits and lends it what the
//! administrator has granted.

pub mod bundle;
pub mod host;
