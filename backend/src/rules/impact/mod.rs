//! What a rule would change if it said something else: a candidate and the published rules side by side over all stored
//! KPIs, without writing anything.
//!
//! Reading order: [`candidate`] (the rules with the candidate in its place), [`reading`] (KPIs with what rules look at, in
//! batches out of one snapshot), [`asking`] (both sides about one KPI), [`tally`] (what that sums up to), [`walk`] (all of
//! it, within bounds), [`previews`] (which are under way, and for whom), [`service`].

mod asking;
mod candidate;
pub mod handlers;
pub mod previews;
mod reading;
pub mod routes;
pub mod service;
mod tally;
mod walk;

pub use asking::{Asker, Verdict};
pub use candidate::Candidate;
pub use reading::{Reader, brief};
pub use walk::{Watch, over};
