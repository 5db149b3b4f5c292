//! What every feature stands on and no feature is known to: configuration, clock, storage, HTTP, secrets, numbers.

pub mod cached;
pub mod clock;
pub mod config;
pub mod csv;
pub mod data_dir;
pub mod db;
pub mod failure;
pub mod files;
pub mod http;
pub mod ledger;
pub mod lifecycle;
pub mod limit;
pub mod lock;
pub mod memo;
pub mod metrics;
pub mod outbox;
pub mod paging;
pub mod password;
pub mod secret;
pub mod shares;
pub mod signals;
pub mod smtp;
pub mod telemetry;
pub mod token;
