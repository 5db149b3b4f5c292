//! Help: the short way through the system, and what the published rules do.

mod page;
mod policy;

pub use page::HelpPage;
pub use policy::ScoringPolicyPage;
