//! `kpi openapi`: the description of the HTTP API, as the server itself serves it.

use super::end::{Done, say};

pub fn run() -> Done {
    say(crate::openapi::json())
}
