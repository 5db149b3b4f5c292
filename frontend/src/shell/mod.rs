//! The frame around the pages: who may come in, where one can go, what is always at hand.

mod bell;
mod connection;
mod frame;
mod guard;
mod header;
mod navigation;
mod palette;
mod public;

pub use frame::Frame;
pub use guard::Guard;
pub use public::PublicFrame;
