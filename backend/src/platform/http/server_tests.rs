use std::{
    net::SocketAddr,
    sync::Mutex,
    time::{Duration, Instant},
};

use bytes::Bytes;
use kpi_api::endpoint::Endpoint;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
};
use warp::Filter;

use super::*;
use crate::platform::{
    http::{EventStream, Reply, body, finish},
    lifecycle::Lifecycle,
    metrics::Metrics,
};

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<anyhow::Result<()>>,
    lifecycle: Lifecycle,
    metrics: Metrics,
    entered: Arc<Notify>,
    go: Arc<Notify>,
    pieces: mpsc::Sender<Bytes>,
}

/// `GET /kpis` answers at once, `POST /kpis/copy` after `go`, `POST /kpis` reads a body, the first `GET /events` is
/// answered piece by piece.
async fn start(change: impl FnOnce(&mut ServerSettings)) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (entered, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (entered, go) = (entered.clone(), go.clone());
        warp::path!("kpis" / "copy").and(warp::post()).then(move || {
            let (entered, go) = (entered.clone(), go.clone());
            async move {
                entered.notify_one();
                go.notified().await;
                finish(Ok(Reply::Ok("slow")))
            }
        })
    };
    let quick = warp::path!("kpis").and(warp::get()).map(|| finish(Ok(Reply::Ok("quick"))));
    let echo = warp::path!("kpis")
        .and(warp::post())
        .and(body::<String>())
        .map(|text: Result<_, _>| finish(text.map(|text: String| Reply::Ok(text.len()))));
    let (pieces, received) = mpsc::channel(4);
    let received = Arc::new(Mutex::new(Some(received)));
    let events = warp::path!("events").and(warp::get()).map(move || {
        let received = received.lock().unwrap().take().unwrap();
        EventStream::new(received).into_response()
    });
    let routes = Routes::new()
        .endpoint(Endpoint::Events, events.boxed())
        .endpoint(Endpoint::ListKpis, quick.boxed())
        .endpoint(Endpoint::CreateKpi, echo.boxed())
        .endpoint(Endpoint::CopyKpis, slow.boxed());
    let mut settings = ServerSettings::default();
    change(&mut settings);
    let (lifecycle, metrics) = (settings.lifecycle.clone(), settings.metrics.clone());
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(serve(listener, routes, settings, async {
        let _ = stopped.await;
    }));
    Running { address, stop, server, lifecycle, metrics, entered, go, pieces }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

/// Reads one answer with a known length, head and body.
async fn answer(socket: &mut TcpStream) -> String {
    let mut text = String::new();
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        let mut buffer = [0; 4096];
        let read = socket.read(&mut buffer).await.unwrap();
        assert!(read > 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
}

const GET: &[u8] = b"GET /api/v1/kpis HTTP/1.1\r\nhost: x\r\n\r\n";
const SLOW: &[u8] = b"POST /api/v1/kpis/copy HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n";

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let running = start(|settings| settings.head_within = Duration::from_millis(100)).await;
    let mut socket = running.connect().await;
    for pause in [0, 150, 0] {
        // Longer than a head may take: waiting between requests is another matter.
        tokio::time::sleep(Duration::from_millis(pause)).await;
        socket.write_all(GET).await.unwrap();
        let text = answer(&mut socket).await;
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.ends_with("\"quick\""), "{text}");
    }
}

#[tokio::test]
async fn a_head_that_trickles_in_is_cut_off() {
    const IDLE: Duration = Duration::from_secs(10);
    let within = Duration::from_millis(100);
    let running = start(|settings| (settings.head_within, settings.idle_within) = (within, IDLE)).await;
    for first in [&b""[..], b"GET /api/v1/kpis HTTP/1.1\r\nhost:"] {
        let mut socket = running.connect().await;
        let started = Instant::now();
        socket.write_all(first).await.unwrap();
        let mut rest = Vec::new();
        // A reset is as good an end as an orderly one.
        let _ = socket.read_to_end(&mut rest).await;
        let took = started.elapsed();
        assert!(took >= within && took < IDLE / 2, "{took:?}");
    }
    // The same on a connection that has served before.
    let mut socket = running.connect().await;
    socket.write_all(GET).await.unwrap();
    answer(&mut socket).await;
    socket.write_all(b"GET /api").await.unwrap();
    let started = Instant::now();
    let _ = socket.read_to_end(&mut Vec::new()).await;
    assert!(started.elapsed() < IDLE / 2, "{:?}", started.elapsed());
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let running = start(|settings| settings.idle_within = Duration::from_millis(100)).await;
    let mut socket = running.connect().await;
    socket.write_all(GET).await.unwrap();
    answer(&mut socket).await;
    let closed = tokio::time::timeout(Duration::from_secs(10), socket.read(&mut [0; 16])).await;
    assert_eq!(closed.unwrap().unwrap_or(0), 0);
}

#[tokio::test]
async fn a_stop_lets_what_is_under_way_end() {
    let running = start(|_| ()).await;
    let mut idle = running.connect().await;
    idle.write_all(GET).await.unwrap();
    answer(&mut idle).await;
    let mut busy = running.connect().await;
    busy.write_all(SLOW).await.unwrap();
    running.entered.notified().await;
    running.stop.send(()).unwrap();
    running.lifecycle.stopping().await;
    assert_eq!(idle.read(&mut [0; 16]).await.unwrap_or(0), 0, "the idle one is closed");
    running.go.notify_one();
    assert!(answer(&mut busy).await.ends_with("\"slow\""));
    running.server.await.unwrap().unwrap();
    assert!(TcpStream::connect(running.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_write_ends_though_its_client_hung_up_and_the_server_stops() {
    let mut running = start(|_| ()).await;
    let mut socket = running.connect().await;
    socket.write_all(SLOW).await.unwrap();
    running.entered.notified().await;
    drop(socket);
    while !running.metrics.render().contains("\nkpi_http_connections 0\n") {
        tokio::task::yield_now().await;
    }
    running.stop.send(()).unwrap();
    running.lifecycle.stopping().await;
    // With nothing under way the server would end within one turn of the scheduler.
    let ended = tokio::time::timeout(Duration::from_millis(100), &mut running.server).await;
    assert!(ended.is_err(), "the server ended before the write");
    running.go.notify_one();
    running.server.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let within = Duration::from_millis(100);
    let running = start(|settings| settings.stop_within = within).await;
    let mut socket = running.connect().await;
    socket.write_all(SLOW).await.unwrap();
    running.entered.notified().await;
    running.stop.send(()).unwrap();
    running.server.await.unwrap().unwrap();
    assert_eq!(socket.read(&mut [0; 16]).await.unwrap_or(0), 0, "the connection is cut");
}

#[tokio::test]
async fn connections_beyond_the_cap_wait_for_a_place() {
    let running = start(|settings| settings.max_connections = 1).await;
    let mut first = running.connect().await;
    first.write_all(GET).await.unwrap();
    answer(&mut first).await;
    let mut second = running.connect().await;
    second.write_all(GET).await.unwrap();
    let waits = tokio::time::timeout(Duration::from_millis(100), second.readable()).await;
    assert!(waits.is_err(), "served beyond the cap");
    drop(first);
    assert!(answer(&mut second).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_sends_too_much_still_reads_why() {
    let running = start(|_| ()).await;
    let mut socket = running.connect().await;
    let body = vec![b' '; 2 * 1024 * 1024];
    let head = format!(
        "POST /api/v1/kpis HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(&body).await.unwrap();
    assert!(answer(&mut socket).await.starts_with("HTTP/1.1 413"));
}

const EVENTS: &[u8] = b"GET /api/v1/events HTTP/1.1\r\nhost: x\r\n\r\n";

/// Reads until the text ends like this.
async fn until(socket: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(end) {
        let mut buffer = [0; 4096];
        let read = socket.read(&mut buffer).await.unwrap();
        assert!(read > 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    text
}

#[tokio::test]
async fn a_quiet_stream_outlives_the_time_outs_and_ends_with_its_writer() {
    let within = Duration::from_millis(60);
    let running = start(|settings| {
        (settings.head_within, settings.idle_within, settings.write_within) = (within, within, within);
    })
    .await;
    let mut socket = running.connect().await;
    socket.write_all(EVENTS).await.unwrap();
    running.pieces.send("data: 1\n\n".into()).await.unwrap();
    let head = until(&mut socket, "9\r\ndata: 1\n\n\r\n").await.to_lowercase();
    assert!(head.contains("content-type: text/event-stream\r\n"), "{head}");
    assert!(
        head.contains("x-accel-buffering: no\r\n") && head.contains("cache-control: no-store\r\n"),
        "{head}"
    );
    let nothing = tokio::time::timeout(within * 5, socket.read_u8()).await;
    assert!(nothing.is_err(), "the connection has ended: {nothing:?}");
    running.pieces.send("data: 2\n\n".into()).await.unwrap();
    until(&mut socket, "data: 2\n\n\r\n").await;
    running.stop.send(()).unwrap();
    drop(running.pieces);
    assert_eq!(until(&mut socket, "0\r\n\r\n").await, "0\r\n\r\n");
    running.server.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_that_leaves_a_stream_is_noticed() {
    let running = start(|_| {}).await;
    let mut socket = running.connect().await;
    socket.write_all(EVENTS).await.unwrap();
    running.pieces.send("data: 1\n\n".into()).await.unwrap();
    until(&mut socket, "data: 1\n\n\r\n").await;
    drop(socket);
    running.pieces.closed().await;
}
