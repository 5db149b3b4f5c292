//! The files that prove a value. A file hangs on a KPI or one of its check-ins; its content lies in the store of
//! [`crate::platform::files`] under its hash, on the disk before the row that names it.
//!
//! Reading order: [`policy`] (who), [`service`] (adding and deleting), `receive` (from the form to the disk), [`arriving`]
//! (what is on its way there),
//! [`inside`] with [`child`] (looking into a file, in a process of its own), [`preview`] (what can be seen of it),
//! [`facts`] (what rules and queues are told), [`sweep`] (what nobody names), [`repo`] (the queries).

pub mod arriving;
pub mod child;
pub mod facts;
pub mod handlers;
pub mod inside;
pub mod kinds;
pub mod limits;
pub mod policy;
pub mod preview;
mod receive;
pub mod repo;
pub mod routes;
pub mod service;
pub mod sweep;
mod view;
