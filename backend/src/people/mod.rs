//! People and the tree of departments.
//!
//! [`directory`] is what every other feature asks: who somebody is, whom they lead, who decides for whom. [`users`]
//! and [`departments`] administer both.

pub mod departments;
pub mod directory;
pub mod users;
