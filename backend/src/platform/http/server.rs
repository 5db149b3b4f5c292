//! Sockets: accepting, time-outs, the cap on connections, the orderly end.

use std::{convert::Infallible, sync::Arc, time::Duration};

use anyhow::Context;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
};

use super::{
    connection::{Patient, Phase, Tail},
    routing::Routes,
    service::{ServerSettings, Service, service},
};

/// Bytes of the largest request head, and of what is read ahead.
const READ_BUFFER: usize = 64 * 1024;
const MAX_HEADERS: usize = 100;

/// Pause after the system refused a connection for want of file descriptors or memory.
const AFTER_REFUSAL: Duration = Duration::from_millis(50);

/// Serves until `shutdown` completes, then stops accepting and gives what is under way `stop_within` to end. The
/// lifecycle becomes ready at the start and stopping at the end.
///
/// # Errors
/// When the listener's own address cannot be read.
pub async fn serve(
    listener: TcpListener,
    routes: impl Into<Routes>,
    settings: ServerSettings,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let address = listener.local_addr().context("the listening address cannot be read")?;
    let service = service(routes, settings);
    let settings = service.settings().clone();
    let places = Arc::new(Semaphore::new(settings.max_connections));
    let graceful = GracefulShutdown::new();
    let cut = watch::Sender::new(());
    settings.lifecycle.ready();
    tracing::info!(%address, "listening");

    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let place = tokio::select! {
            biased;
            () = &mut shutdown => break,
            place = places.clone().acquire_owned() => place?,
        };
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        let (socket, peer) = match accepted {
            Ok(pair) => pair,
            Err(fault) => {
                tracing::warn!(%fault, "a connection could not be accepted");
                tokio::time::sleep(AFTER_REFUSAL).await;
                continue;
            }
        };
        let connection = connection(socket, peer.ip(), &service);
        let open = settings.metrics.connection();
        let watched = graceful.watch(connection);
        let mut cut = cut.subscribe();
        tokio::spawn(async move {
            tokio::select! {
                ended = watched => {
                    if let Err(fault) = ended {
                        tracing::debug!(%fault, "a connection ended early");
                    }
                }
                _ = cut.changed() => {}
            }
            drop((open, place));
        });
    }

    settings.lifecycle.stop();
    drop(listener);
    tracing::info!("stopping");
    let orderly = async {
        graceful.shutdown().await;
        service.writes_done().await;
    };
    if tokio::time::timeout(settings.stop_within, orderly).await.is_err() {
        tracing::warn!("some connections did not end in time and were cut");
    }
    drop(cut);
    Ok(())
}

fn connection(
    socket: TcpStream,
    peer: std::net::IpAddr,
    service: &Service,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send + use<> {
    // Answers are small and whole; waiting to fill a packet only delays them.
    let _ = socket.set_nodelay(true);
    let settings = service.settings();
    let phase = Phase::new();
    let io = Patient::new(socket, phase.clone(), settings.head_within, settings.write_within);
    let service = service.clone();
    let answer = service_fn(move |request| {
        phase.serve();
        let (service, phase) = (service.clone(), phase.clone());
        async move {
            let response = service.handle(request, peer).await;
            Ok::<_, Infallible>(response.map(|body| Tail::new(body, phase)))
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(settings.idle_within)
        .max_buf_size(READ_BUFFER)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(io), answer)
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;
