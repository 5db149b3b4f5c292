//! The way out: servers that answer, hang, drip, redirect or flood, and addresses that may not be asked.

use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use kpi::plugins::{
    bundle::{self, Bundle},
    host::{
        FailedKind, Hands, HttpAnswer, HttpPost, Limits, Note, Program,
        facts::{HookEvent, Kpi, KpiFilter, Person, UserFilter},
        net::Poster,
    },
};
use kpi_api::time::{Date, Timestamp};
use serde_json::{Value, json};
use time::macros::date;

use super::{Desk, IN_TIME, call, call_with, fails};

/// A server on this machine that does with each connection what it is told; its address, and the requests it got.
fn server(act: impl Fn(&mut TcpStream, &str) + Send + 'static) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut byte = [0; 1];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                request.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&request).to_lowercase();
            let length = head
                .split("content-length: ")
                .nth(1)
                .and_then(|rest| rest.lines().next()?.trim().parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            stream.read_exact(&mut body).unwrap();
            request.extend(body);
            let text = String::from_utf8_lossy(&request).into_owned();
            act(&mut stream, &text);
            if sender.send(text).is_err() {
                return;
            }
        }
    });
    (address, receiver)
}

fn answer(stream: &mut TcpStream, head: &str, body: &str) {
    let text =
        format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    // Whoever does not want to read it all has gone.
    let _ = stream.write_all(text.as_bytes());
}

#[test]
fn messages_and_notifications_are_counted() {
    let (address, _requests) = server(|stream, _| answer(stream, "200 OK", ""));
    fails(
        &format!("for i in 0..21 {{ http_post(\"{address}\", (), ()) }}"),
        &[FailedKind::Limit],
        "20 messages",
    );
    fails("for i in 0..501 { notify(1, \"a\", \"b\") }", &[FailedKind::Limit], "500 notifications");
}

#[test]
fn a_message_arrives_as_it_was_meant() {
    let (address, requests) = server(|stream, _| answer(stream, "201 Created", "made\u{7}"));
    let done =
        call(&format!("http_post(\"{address}/a?b=c\", #{{ \"X-Token\": \"t\" }}, #{{ text: \"grüß\" }})"))
            .unwrap();
    assert_eq!(done.value, json!({ "status": 201, "ok": true, "body": "made" }));
    let request = requests.recv().unwrap();
    let head = request.to_lowercase();
    assert!(head.starts_with("post /a?b=c http/1.1\r\n"), "{request}");
    for part in ["content-type: application/json", "x-token: t", "user-agent: kpi/"] {
        assert!(head.contains(part), "{part}: {request}");
    }
    assert!(request.ends_with("{\"text\":\"grüß\"}"), "{request}");
}

#[test]
fn whatever_a_server_does_the_plugin_ends_in_time() {
    let (address, _requests) = server(|stream, _| answer(stream, "500 Internal Server Error", "broken"));
    let done = call(&format!("http_post(\"{address}\", (), \"x\")")).unwrap();
    assert_eq!(done.value, json!({ "status": 500, "ok": false, "body": "broken" }));

    let (address, _requests) = server(|stream, _| {
        // Nothing, until the other side has gone.
        let _ = stream.read(&mut [0; 1]);
    });
    let waited =
        format!("let a = (); try {{ a = http_post(\"{address}\", (), \"x\") }} catch {{ }} log(\"after\")");
    let failed = fails(&waited, &[FailedKind::Timeout], "it waited too long for 127.0.0.1");
    assert!(failed.log.is_empty(), "{failed:?}");

    let (address, _requests) = server(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    fails(&format!("http_post(\"{address}\", (), \"x\")"), &[FailedKind::Timeout], "127.0.0.1");

    let (address, _requests) = server(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        while stream.write_all(&[b'y'; 64 * 1024]).is_ok() {}
    });
    let done = call(&format!("http_post(\"{address}\", (), \"x\").body.len()")).unwrap();
    assert_eq!(done.value, json!(16 * 1024));

    let (address, _requests) = server(|stream, _| {
        let _ = stream
            .write_all(format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n", "x".repeat(100_000)).as_bytes());
    });
    fails(&format!("http_post(\"{address}\", (), \"x\")"), &[FailedKind::Threw], "127.0.0.1");
    let (address, _requests) = server(|stream, _| {
        let _ = stream.write_all(b"ssh-2.0 hello\r\n\r\n");
    });
    fails(&format!("http_post(\"{address}\", (), \"x\")"), &[FailedKind::Threw], "127.0.0.1");
    fails("http_post(\"http://127.0.0.1:1/\", (), \"x\")", &[FailedKind::Threw], "could not be reached");
}

#[test]
fn a_redirect_is_told_and_not_followed() {
    let (inner, inner_requests) = server(|stream, _| answer(stream, "200 OK", "secret"));
    let (address, _requests) = server(move |stream, request| {
        let status = request.rsplit("\r\n").next().unwrap_or_default();
        answer(stream, &format!("{status} Elsewhere\r\nLocation: {inner}/latest"), "there");
    });
    for status in [301, 302, 303, 307, 308] {
        let done = call(&format!("http_post(\"{address}\", (), \"{status}\")")).unwrap();
        assert_eq!(done.value, json!({ "status": status, "ok": false, "body": "there" }));
    }
    assert!(inner_requests.try_recv().is_err());
}

#[test]
fn addresses_within_the_own_network_are_not_asked_unless_allowed() {
    let (address, requests) = server(|stream, _| answer(stream, "200 OK", "secret"));
    let port = address.rsplit(':').next().unwrap().to_owned();
    let named = |host: &str| format!("http = [\"setting:address\", \"{host}\"]\nstore = true");
    let strict = Desk::new(false);
    // The name is granted, and leads inside: what counts is the address that would be connected to.
    for host in ["127.0.0.1", "localhost", "127.1", "2130706433", "0"] {
        let body = format!("http_post(\"http://{host}:{port}/\", (), \"x\")");
        let failed = call_with(&strict, &named(host), &body).expect_err(host);
        assert_eq!(failed.kind, FailedKind::Threw, "{host}: {failed}");
        assert!(failed.message.contains("within the own network"), "{host}: {failed}");
    }
    let poster = Poster::new(false);
    let mapped = Poster::new(true);
    for url in [
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
    ] {
        let post = HttpPost { url: url.into(), headers: BTreeMap::new(), body: String::new() };
        let told = poster.post(&post, Instant::now() + Duration::from_millis(500)).expect_err(url);
        assert!(told.contains("within the own network"), "{told}");
        assert!(!told.contains("meta-data"), "{told}");
        if url.contains("169.254") {
            let told = mapped.post(&post, Instant::now() + Duration::from_millis(500)).expect_err(url);
            assert!(told.contains("within the own network"), "{told}");
        }
    }
    assert!(requests.try_recv().is_err(), "somebody came through");
    assert!(
        call_with(&Desk::new(true), &named("127.0.0.1"), &format!("http_post(\"{address}\", (), \"x\")"))
            .is_ok()
    );
}

#[test]
fn one_that_hangs_holds_nobody_up() {
    let (address, _requests) = server(|stream, _| {
        let _ = stream.read(&mut [0; 1]);
    });
    let hang = format!("http_post(\"{address}\", (), \"x\")");
    let hanging: Vec<_> = (0..4)
        .map(|_| {
            thread::spawn({
                let hang = hang.clone();
                move || call(&hang)
            })
        })
        .collect();
    let began = Instant::now();
    for _ in 0..20 {
        assert!(call("kpis(#{ limit: 10 }).len()").is_ok());
    }
    assert!(began.elapsed() < IN_TIME, "took {:?}", began.elapsed());
    for thread in hanging {
        assert!(thread.join().unwrap().is_err());
    }
}

#[test]
fn the_webhook_speaks_to_a_server() {
    let webhook = bundle::shipped().into_iter().find(|bundle| bundle.manifest.id == "webhook").unwrap();
    let (address, requests) = server(|stream, _| answer(stream, "200 OK", "ok"));
    let desk = WebhookDesk {
        poster: Poster::new(true),
        address: format!("{address}/services/T0/B0/xyz"),
        bundle: webhook.clone(),
    };
    let program = Program::compile(&webhook).unwrap();
    let event = json!(HookEvent {
        kpi: Some(Kpi {
            title: "Revenue".into(),
            link: "https://kpi.example.com/kpis/7".into(),
            ..Kpi::default()
        }),
        actor: Some(Person { name: "Max".into(), ..Person::default() }),
        ..Default::default()
    });
    let done = program.call("on_approved", event, Arc::new(desk), &Limits::default()).unwrap();
    assert_eq!(done.log, ["Told of kpi.approved."]);
    let request = requests.recv().unwrap();
    assert!(request.starts_with("POST /services/T0/B0/xyz HTTP/1.1\r\n"), "{request}");
    let body: Value = serde_json::from_str(request.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(body["text"], "Max approved <https://kpi.example.com/kpis/7|Revenue> of Ada Example");
}

/// The settings of a bundle with their defaults, and the way to one server.
struct WebhookDesk {
    poster: Poster,
    address: String,
    bundle: Bundle,
}

impl Hands for WebhookDesk {
    fn http_post(&self, post: &HttpPost, deadline: Instant) -> Result<HttpAnswer, String> {
        self.poster.post(post, deadline)
    }
    fn kpis(&self, _: &KpiFilter) -> Result<Vec<Kpi>, String> {
        Err("it asks for KPIs".into())
    }
    fn users(&self, _: &UserFilter) -> Result<Vec<Person>, String> {
        Err("it asks for people".into())
    }
    fn notify(&self, _: &Note) -> Result<(), String> {
        Err("it notifies".into())
    }
    fn setting(&self, key: &str) -> Result<Value, String> {
        let default = self.bundle.manifest.setting(key).map(|setting| setting.default.clone());
        Ok(if key == "webhook_url" { json!(self.address) } else { default.unwrap_or_default() })
    }
    fn store_get(&self, _: &str) -> Result<Value, String> {
        Err("it keeps something".into())
    }
    fn store_set(&self, _: &str, _: &Value) -> Result<(), String> {
        Err("it keeps something".into())
    }
    fn today(&self) -> Date {
        date!(2026 - 02 - 14)
    }
    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}
