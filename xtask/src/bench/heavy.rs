//! What a request a second does not tell: many large files at once, many open streams, a rule over every KPI.

use crate::client::{Connection, Request};
use crate::subject::Subject;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Files at once, and the size of each in bytes.
const FILES: usize = 20;
const FILE: usize = 50_000_000;
/// Streams at once, and how many of them one person holds.
const STREAMS: usize = 200;
const OF_ONE: usize = 5;
const PATIENCE: Duration = Duration::from_secs(60);
const BOUNDARY: &str = "kpi-bench-boundary";

/// Megabytes by which the server grows while large files arrive together.
pub fn uploads(subject: &Subject, admin: &str) -> Result<f64> {
    let address = subject.address()?;
    let running = Request::get("/api/v1/kpis?status=approved&sort=-period&per_page=20", Some(admin));
    let running = Connection::open(address)?.json(&running)?;
    let kpis: Vec<i64> =
        running["items"].as_array().into_iter().flatten().filter_map(|kpi| kpi["id"].as_i64()).collect();
    ensure!(!kpis.is_empty(), "there is no KPI to prove");
    let before = subject.memory().context("the server's memory is not told here")?;
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watching = scope.spawn(|| {
            let mut most = before;
            while !is_over.load(Ordering::Acquire) {
                most = subject.memory().map_or(most, |now| now.max(most));
                std::thread::sleep(Duration::from_millis(10));
            }
            most
        });
        let sending: Vec<_> = kpis
            .iter()
            .cycle()
            .take(FILES)
            .enumerate()
            .map(|(number, kpi)| {
                scope.spawn(move || upload(TcpStream::connect(address)?, admin, *kpi, number))
            })
            .collect();
        let sent = sending.into_iter().map(|one| match one.join() {
            Ok(done) => done,
            Err(_) => bail!("an upload has panicked"),
        });
        let done: Result<Vec<()>> = sent.collect();
        is_over.store(true, Ordering::Release);
        let most = watching.join().map_err(|_| anyhow::anyhow!("the watch over the memory has panicked"))?;
        done.map(|_| most - before)
    })
}

/// Sends a document piece by piece; what is sent is never in memory as a whole.
fn upload(mut socket: TcpStream, token: &str, kpi: i64, number: usize) -> Result<()> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{number}.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n%PDF-1.4\n% {number}\n"
    );
    let tail = format!("\nstartxref\n9\n%%EOF\n\r\n--{BOUNDARY}--\r\n");
    let piece = [b'%'; 64 * 1024];
    let filling = FILE - FILE % piece.len();
    let length = head.len() + filling + tail.len();
    socket.set_read_timeout(Some(PATIENCE))?;
    write!(
        socket,
        "POST /api/v1/kpis/{kpi}/evidence HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\r\n{head}"
    )?;
    for _ in 0..filling / piece.len() {
        socket.write_all(&piece)?;
    }
    socket.write_all(tail.as_bytes())?;
    let mut answer = [0; 4096];
    let count = socket.read(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer[..count]);
    ensure!(answer.starts_with("HTTP/1.1 201"), "an upload was answered {answer}");
    Ok(())
}

/// Open streams: what they cost together in megabytes, and how long a change takes to reach one of them.
pub struct Streams {
    pub megabytes: f64,
    pub told_after: Duration,
}

/// `tokens` are of different people, an administrator first, who is told of every KPI.
pub fn streams(subject: &Subject, tokens: &[&str], change: &Request) -> Result<Streams> {
    let address = subject.address()?;
    let before = subject.memory().context("the server's memory is not told here")?;
    let mut open = Vec::with_capacity(STREAMS);
    for token in tokens.iter().flat_map(|token| std::iter::repeat_n(token, OF_ONE)).take(STREAMS) {
        let mut socket = TcpStream::connect(address)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        write!(
            socket,
            "GET /api/v1/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\
             Accept: text/event-stream\r\n\r\n"
        )?;
        read_until(&mut socket, "event: hello")?;
        open.push(socket);
    }
    ensure!(open.len() == STREAMS, "only {} streams could be opened", open.len());
    let megabytes = subject.memory().unwrap_or(before) - before;
    let first = open.first_mut().context("no stream")?;
    let started = Instant::now();
    Connection::open(address)?.json(change)?;
    read_until(first, "event: kpi")?;
    Ok(Streams { megabytes, told_after: started.elapsed() })
}

fn read_until(socket: &mut TcpStream, wanted: &str) -> Result<()> {
    let mut seen = Vec::new();
    let mut part = [0; 4096];
    loop {
        let count = socket.read(&mut part).with_context(|| format!("waiting for {wanted}"))?;
        ensure!(count > 0, "a stream ended before {wanted}: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&part[..count]);
        if String::from_utf8_lossy(&seen).contains(wanted) {
            return Ok(());
        }
    }
}

/// A round of the reminder rules: what it took, and how many KPIs were open and looked at.
pub struct Round {
    pub seconds: f64,
    pub open: u64,
}

/// Asks the reminder rules about all open KPIs.
pub fn reminders(subject: &Subject, admin: &str) -> Result<Round> {
    let mut connection = Connection::open(subject.address()?)?;
    let run = Request::post("/api/v1/jobs/reminders/run", Some(admin), &Value::Object(Default::default()));
    connection.json(&run)?;
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let jobs = connection.json(&Request::get("/api/v1/jobs", Some(admin)))?;
        let job = jobs["items"].as_array().into_iter().flatten().find(|job| job["name"] == "reminders");
        let run = &job.context("there is no job of that name")?["last_run"];
        match run["state"].as_str() {
            Some("done") => {
                let took = run["took_ms"].as_f64().context("a run that does not say how long it took")?;
                let open = run["result"]["values"]["kpis"].as_str().and_then(|count| count.parse().ok());
                let open = open.context("a round that does not say how many KPIs it looked at")?;
                return Ok(Round { seconds: took / 1000.0, open });
            }
            Some("failed" | "interrupted") => bail!("the reminders failed: {}", run["result"]),
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    bail!("the reminders did not end")
}
