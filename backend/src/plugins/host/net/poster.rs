//! Posts messages, within a time, and reads no more of the answer than it has to.

use std::{
    io::Read as _,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use ureq::{
    Agent, Error,
    tls::{Certificate, RootCerts, TlsConfig},
    unversioned::transport::DefaultConnector,
};

use super::{
    host_of,
    lookup::{Crowded, Guarded, Inside},
};
use crate::plugins::host::{HttpAnswer, HttpPost};

/// Bytes of an answer's body that are handed on; the rest is not read.
const LONGEST_ANSWER: u64 = 16 * 1024;
/// Bytes of an answer's head.
const LONGEST_HEAD: usize = 32 * 1024;
/// What is left less is not worth a try.
const SHORTEST: Duration = Duration::from_millis(5);

/// Posts to other servers. Make one and share it. It follows no redirects, keeps no connection and uses no proxy: what it
/// connects to is what was looked at.
pub struct Poster {
    allow_private: bool,
    agent: OnceLock<Agent>,
}

impl Poster {
    /// With `allow_private` also to this machine and its neighbours, but never to the services of the link, where clouds
    /// keep their metadata.
    pub fn new(allow_private: bool) -> Self {
        Self { allow_private, agent: OnceLock::new() }
    }

    /// Posts and waits for the answer, whatever its status, at most until `deadline`.
    ///
    /// # Errors
    /// A sentence that names the host and nothing else of the address.
    pub fn post(&self, post: &HttpPost, deadline: Instant) -> Result<HttpAnswer, String> {
        let host = host_of(&post.url).map_err(|fault| format!("The address {fault}."))?;
        let left = deadline.saturating_duration_since(Instant::now());
        if left < SHORTEST {
            return Err(format!("There was no time left to ask {host}."));
        }
        let told = |fault: Error| format!("{host} {}.", in_words(&fault));
        let agent = self.agent.get_or_init(|| agent(self.allow_private));
        let mut request = agent.post(&post.url).config().timeout_global(Some(left)).build();
        for (name, value) in &post.headers {
            request = request.header(name, value);
        }
        let mut answer = request.send(post.body.as_bytes()).map_err(told)?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        // What cannot be read to its end is cut there: the status has been said.
        let _ = answer.body_mut().as_reader().take(LONGEST_ANSWER).read_to_end(&mut body);
        let text = String::from_utf8_lossy(&body);
        let body = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        Ok(HttpAnswer { status, body })
    }
}

fn agent(allow_private: bool) -> Agent {
    let native = rustls_native_certs::load_native_certs();
    if native.certs.is_empty() {
        tracing::warn!(errors = ?native.errors, "the system has no certificates; plugins cannot use https");
    }
    let certificates: Vec<Certificate<'static>> =
        native.certs.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned()).collect();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(certificates)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .max_response_header_size(LONGEST_HEAD)
        .max_idle_connections(0)
        .max_idle_connections_per_host(0)
        .user_agent(concat!("kpi/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Guarded::new(allow_private))
}

/// The end of a sentence that begins with the host.
fn in_words(fault: &Error) -> String {
    match fault {
        Error::Timeout(_) => "did not answer in time".into(),
        Error::HostNotFound => "is not known by that name".into(),
        Error::Other(inner) if inner.is::<Inside>() => Inside.to_string(),
        Error::Other(inner) if inner.is::<Crowded>() => Crowded.to_string(),
        Error::Io(cause) if cause.kind() == std::io::ErrorKind::TimedOut => "did not answer in time".into(),
        Error::Io(cause) => format!("could not be reached: {}", cause.kind()),
        Error::Rustls(cause) => format!("could not be reached securely: {cause}"),
        Error::Tls(_) | Error::TlsRequired => "could not be reached securely".into(),
        Error::Http(_) => "cannot be asked with these headers".into(),
        Error::Protocol(_) | Error::LargeResponseHeader(..) => "gave an answer that is no HTTP".into(),
        _ => "could not be reached".into(),
    }
}
