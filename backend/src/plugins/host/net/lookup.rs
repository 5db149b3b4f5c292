//! From the name of a host to the addresses that may be asked. What is looked at here is exactly what is connected to, so a
//! name that changes its mind in between gains nothing.

use std::{
    fmt,
    net::{SocketAddr, ToSocketAddrs as _},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use ureq::{
    Error,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};

use super::address::{is_public, is_unicast};

/// Look-ups under way at once. The system gives no way to end one, so they are counted.
const MOST_AT_ONCE: usize = 16;
/// Addresses tried of one name.
const MOST_ADDRESSES: usize = 8;

/// Resolves names, and leaves out every address that may not be asked.
#[derive(Debug)]
pub struct Guarded {
    pub allow_private: bool,
    under_way: Arc<AtomicUsize>,
}

/// The name leads only to addresses that may not be asked.
#[derive(Debug)]
pub struct Inside;

/// There are too many look-ups under way.
#[derive(Debug)]
pub struct Crowded;

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("leads to an address within the own network, which the administrator has not allowed")
    }
}

impl fmt::Display for Crowded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("could not be looked up, as too many names are being looked up already")
    }
}

impl std::error::Error for Inside {}

impl std::error::Error for Crowded {}

impl Guarded {
    pub fn new(allow_private: bool) -> Self {
        Self { allow_private, under_way: Arc::default() }
    }

    fn may_be_asked(&self, address: &SocketAddr) -> bool {
        if self.allow_private { is_unicast(address.ip()) } else { is_public(address.ip()) }
    }
}

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, _: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().ok_or(Error::HostNotFound)?;
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let counter = Counter::new(&self.under_way).ok_or_else(|| Error::Other(Box::new(Crowded)))?;
        let (sender, receiver) = mpsc::sync_channel(1);
        let look_up = move || {
            let found = (host.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
            drop(counter);
            // Nobody may be waiting any more.
            let _ = sender.send(found);
        };
        thread::Builder::new().name("look-up".into()).spawn(look_up)?;
        let found = receiver.recv_timeout(*timeout.after).map_err(|_| Error::Timeout(timeout.reason))?;
        let found = found.map_err(|_| Error::HostNotFound)?;
        if found.is_empty() {
            return Err(Error::HostNotFound);
        }
        let mut addresses = self.empty();
        for address in found.into_iter().filter(|address| self.may_be_asked(address)).take(MOST_ADDRESSES) {
            addresses.push(address);
        }
        if addresses.is_empty() { Err(Error::Other(Box::new(Inside))) } else { Ok(addresses) }
    }
}

/// Counts one look-up for as long as it lasts.
struct Counter(Arc<AtomicUsize>);

impl Counter {
    fn new(under_way: &Arc<AtomicUsize>) -> Option<Self> {
        let before = under_way.fetch_add(1, Ordering::AcqRel);
        let counter = Self(under_way.clone());
        (before < MOST_AT_ONCE).then_some(counter)
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
