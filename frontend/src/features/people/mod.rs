//! People: the list, one person with their access, and a new one. For administrators.

mod access;
mod fields;
mod list;
mod new;
mod person;
mod resets;
mod secret;

pub use list::PeoplePage;
pub use new::PersonNewPage;
pub use person::PersonPage;
