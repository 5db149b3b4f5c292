//! How often passwords may be tried and resets asked for.

use std::net::IpAddr;

use kpi_api::time::Timestamp;

use crate::platform::{failure::Outcome, limit::LoginLimiter};

/// Log-ins and resets are counted apart: asking for a new password must not keep anybody from logging in.
#[derive(Default)]
pub struct Attempts {
    passwords: LoginLimiter,
    resets: LoginLimiter,
}

impl Attempts {
    /// To be called before a password is looked at.
    ///
    /// # Errors
    /// `TooMany` with the seconds to wait.
    pub fn password(&self, login: &str, ip: IpAddr, now: Timestamp) -> Outcome<()> {
        self.passwords.attempt(login, ip, now)
    }

    /// The password was right.
    pub fn succeeded(&self, login: &str, ip: IpAddr, now: Timestamp) {
        self.passwords.succeeded(login, ip, now);
    }

    /// Whether a reset may be asked for once more.
    pub fn reset(&self, login: &str, ip: IpAddr, now: Timestamp) -> bool {
        self.resets.attempt(login, ip, now).is_ok()
    }
}
