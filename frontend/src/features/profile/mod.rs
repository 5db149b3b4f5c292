//! One's own account: data, language and appearance, password and sessions, personal tokens.

mod account;
mod delegation;
mod page;
mod password;
mod sessions;
mod tokens;

pub use page::ProfilePage;
