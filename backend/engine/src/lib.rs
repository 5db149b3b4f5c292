//! The rule engine: the scoring maths, the sandbox that runs rules, and the vocabulary they are written in. Pure: it
//! knows no database, no HTTP and no clock, and gives the same result for the same facts.
//!
//! Reading order: [`facts`] (what goes in), [`measure`] (the maths), [`outcome`] (what comes out), [`Engine`] (how),
//! then [`vocabulary`] (what scripts can name), `run` and `sandbox` (how they are held), [`cases`] and [`properties`] (how
//! rules are tested), [`recipes`] (rules that need only numbers) and [`shipped`] (those that come with the application).
//! [`script`] lends the same sandbox to scripts that are no rules.

pub mod cases;
mod check;
mod engine;
pub mod facts;
mod language;
mod limits;
pub mod measure;
mod nearest;
mod number;
pub mod outcome;
pub mod properties;
pub mod recipes;
mod record;
mod rule;
mod run;
mod sandbox;
pub mod script;
mod shape;
mod shipped;
pub mod vocabulary;

pub use engine::{ENGINE_VERSION, Engine};
pub use facts::{
    CheckInFacts, ContextFacts, DepartmentFacts, Event, EvidenceContract, EvidenceFacts, KpiFacts,
    PersonFacts, PreviousFacts, QuarterFacts, SettingsFacts, TemplateFacts,
};
pub use limits::{Limits, Which};
pub use measure::{attainment, current_value};
pub use outcome::{Diagnostic, Reminder, ReminderTo, Returned, Scored, Trial, Trouble, TroubleKind};
pub use rule::{Rule, checksum, heading};
pub use shipped::{Shipped, shipped};
