//! The way out: messages to other servers, and to no machine that the administrator has not allowed.

mod address;
mod lookup;
mod poster;

pub use address::host_of;
pub use poster::Poster;
