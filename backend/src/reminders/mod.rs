//! Telling people what waits for them, as the rules of the kind `remind` say.
//!
//! Reading order: [`asking`] (what the rules say about one KPI on one day), [`receivers`] (who hears it), [`planning`] (what
//! becomes due, by what people have been told already: the same for a real round and for a rehearsal), [`reading`] (open
//! KPIs in batches), [`round`] (the day's round), [`rehearsal`] (the coming days, without writing).

mod asking;
mod planning;
mod reading;
mod receivers;
mod rehearsal;
mod repo;
mod round;

pub use reading::Limit;
pub use rehearsal::{LONGEST, rehearse};
pub use round::{Round, send};
