//! The work that the server does by itself at its times: reminders, cleaning up, checks.
//!
//! Reading order: [`registry`] (which jobs there are), [`schedule`] (when), [`plan`] (what is due, pure), [`desk`] (who is at
//! work in this process), [`runs`] (beginning, doing, ending), [`ticker`] (what looks at the clock), `service` and `handlers`
//! (what administrators see and ask for); then the jobs themselves. The table of runs is the truth: what is not in it has
//! not happened, and what it calls running while nobody is at work was interrupted.

mod audit_check;
mod clean_up;
pub mod desk;
pub mod handlers;
mod optimise;
mod plan;
pub mod registry;
mod remind;
mod repo;
pub mod routes;
pub mod runs;
pub mod schedule;
pub mod service;
mod sweep;
mod ticker;

pub use desk::Desk;
pub use ticker::run;
