//! The way out: messages to other servers, and to no machine that the administrator has not allowed.

mod address;

pub use address::host_of;
