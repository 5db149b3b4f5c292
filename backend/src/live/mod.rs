//! What happens, told to open pages as it happens (`GET /events`, server-sent events).
//!
//! Reading order: [`hub`] (who listens), `news` (events to what is sent, and to whom), [`feed`] (after each delivery
//! of the outbox), [`stream`] (one open page: resume, heartbeat, end).

pub mod feed;
pub mod handlers;
pub mod hub;
mod news;
pub mod routes;
pub mod stream;
