//! What plugins do, and what is done about those that mean harm or come out that way: each call ends in time, in the way that is
//! written beside it, and nobody else notices.

use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use kpi::plugins::{
    bundle::{self, Bundle},
    host::{
        Done, Failed, FailedKind, Hands, HttpAnswer, HttpPost, Limits, Note, Program,
        facts::{Kpi, KpiFilter, Person, UserFilter},
        net::Poster,
    },
};
use kpi_api::time::{Date, Timestamp};
use serde_json::{Value, json};
use time::macros::date;

use crate::support::raw_zip::{Entry, archive};

/// What a call may take in all. The limit itself is 0.9 s; the rest is room for a busy machine.
const IN_TIME: Duration = Duration::from_millis(1800);

const ALL: &str = "http = [\"127.0.0.1\", \"setting:address\", \"localhost\"]\nread = [\"kpis\", \"users\"]\nnotify = true\nstore = true\n";

/// Hands with a real way out, and notes of what they were asked.
struct Desk {
    poster: Poster,
    address: Value,
    notes: Mutex<Vec<Note>>,
    store: Mutex<BTreeMap<String, Value>>,
}

impl Desk {
    fn new(allow_private: bool) -> Arc<Self> {
        let (notes, store) = Default::default();
        Arc::new(Self {
            poster: Poster::new(allow_private),
            address: json!("http://127.0.0.1:9/s3cret-path"),
            notes,
            store,
        })
    }
}

impl Hands for Desk {
    fn http_post(&self, post: &HttpPost, deadline: Instant) -> Result<HttpAnswer, String> {
        self.poster.post(post, deadline)
    }
    fn kpis(&self, filter: &KpiFilter) -> Result<Vec<Kpi>, String> {
        let limit = i64::try_from(filter.limit.unwrap()).unwrap();
        Ok((1..=limit).map(|id| Kpi { id, score: Some(80.0), ..Kpi::default() }).collect())
    }
    fn users(&self, _: &UserFilter) -> Result<Vec<Person>, String> {
        Ok(vec![Person::default()])
    }
    fn notify(&self, note: &Note) -> Result<(), String> {
        assert_ne!(note.title, "panic", "as asked for");
        self.notes.lock().unwrap().push(note.clone());
        Ok(())
    }
    fn setting(&self, _: &str) -> Result<Value, String> {
        Ok(self.address.clone())
    }
    fn store_get(&self, key: &str) -> Result<Value, String> {
        Ok(self.store.lock().unwrap().get(key).cloned().unwrap_or_default())
    }
    fn store_set(&self, key: &str, value: &Value) -> Result<(), String> {
        self.store.lock().unwrap().insert(key.to_owned(), value.clone());
        Ok(())
    }
    fn today(&self) -> Date {
        date!(2026 - 02 - 14)
    }
    fn now(&self) -> Timestamp {
        Timestamp(1_771_059_600_000)
    }
}

fn plugin(permissions: &str, body: &str) -> Bundle {
    let manifest = format!(
        "id = \"sample\"\nname = \"S\"\nversion = \"1.0.0\"\ndescription = \"D\"\nrequires = \"*\"\nscript = \"plugin.rhai\"\n\
         [permissions]\n{permissions}\n[[hooks]]\nevent = \"kpi.approved\"\nfunction = \"f\"\n\
         [[settings]]\nkey = \"address\"\ntype = \"url\"\nlabel = \"A\"\nsecret = true\n"
    );
    let script = if body.contains("fn ") { body.to_owned() } else { format!("fn f(event) {{ {body} }}") };
    let bytes = archive(&[Entry::new("plugin.toml", &manifest), Entry::new("plugin.rhai", &script)]);
    bundle::read_zip(&bytes).unwrap_or_else(|faults| panic!("{body:.200}: {faults:?}"))
}

fn call_with(desk: &Arc<Desk>, permissions: &str, body: &str) -> Result<Done, Failed> {
    let program = Program::compile(&plugin(permissions, body)).unwrap();
    let began = Instant::now();
    let ended = program.call(
        "f",
        json!({ "name": "kpi.approved", "data": { "a": 1 } }),
        desk.clone(),
        &Limits::default(),
    );
    assert!(began.elapsed() < IN_TIME, "took {:?}: {body:.200}", began.elapsed());
    ended
}

fn call(body: &str) -> Result<Done, Failed> {
    call_with(&Desk::new(true), ALL, body)
}

#[track_caller]
fn fails(body: &str, kinds: &[FailedKind], part: &str) -> Failed {
    let failed = call(body).expect_err(body);
    assert!(kinds.contains(&failed.kind), "{:?} ({failed}) instead of {kinds:?}: {body:.200}", failed.kind);
    assert!(failed.message.contains(part), "{failed}: {body:.200}");
    failed
}

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
fn a_plugin_does_what_it_was_granted() {
    let desk = Desk::new(true);
    let done = call_with(
        &desk,
        ALL,
        "let rows = kpis(#{ limit: 3, status: [\"approved\"] });
         notify(5, \"Title\", \"Text\", \"/kpis/1\");
         store_set(\"n\", (store_get(\"n\") ?? 0) + rows.len());
         log(`day ${today()}, ${now()}`);
         log(#{ a: event.data.a });
         #{ n: store_get(\"n\"), first: rows[0].owner.name, people: users().len() }",
    )
    .unwrap();
    assert_eq!(done.value, json!({ "n": 3, "first": "Ada Example", "people": 1 }));
    assert_eq!(done.log, ["day 2026-02-14, 2026-02-14T09:00:00.000Z", "{\"a\":1}"]);
    let note = Note { user: 5, title: "Title".into(), text: "Text".into(), link: "/kpis/1".into() };
    assert_eq!(*desk.notes.lock().unwrap(), [note]);
}

#[test]
fn every_word_is_refused_without_its_permission() {
    for (body, part) in [
        ("http_post(\"http://127.0.0.1/\", (), ())", "`http = "),
        ("kpis()", "`read = [\"kpis\"]`"),
        ("users()", "`read = [\"users\"]`"),
        ("notify(1, \"a\", \"b\")", "`notify = true`"),
        ("store_get(\"a\")", "`store = true`"),
        ("store_set(\"a\", 1)", "`store = true`"),
    ] {
        let desk = Desk::new(true);
        let failed =
            call_with(&desk, "", &format!("try {{ {body} }} catch {{ log(\"caught\") }} log(\"after\")"))
                .unwrap_err();
        assert_eq!(failed.kind, FailedKind::Refused, "{body}");
        assert!(failed.message.contains(part) && failed.log.is_empty(), "{failed}");
        // A manifest may ask for more than an administrator has granted.
        let program = Program::compile(&plugin(ALL, body)).unwrap().granted(bundle::Permissions::default());
        let failed = program.call("f", Value::Null, desk, &Limits::default()).unwrap_err();
        assert_eq!(failed.kind, FailedKind::Refused, "{body}");
    }
    fails(
        "http_post(\"http://example.com/\", (), ())",
        &[FailedKind::Refused],
        "does not name the host example.com",
    );
    fails(
        "http_post(\"http://127.0.0.1.evil.example/\", (), ())",
        &[FailedKind::Refused],
        "does not name the host",
    );
    fails("http_post(\"http://127.0.0.1@evil.example/\", (), ())", &[FailedKind::Threw], "user name");
}

#[test]
fn what_is_asked_for_wrongly_is_said() {
    for (body, part) in [
        ("kpis(#{ statsu: \"approved\" })", "unknown field `statsu`"),
        ("kpis(#{ status: \"done\" })", "kpis"),
        ("kpis(#{ limit: 0 })", "limit is 1 to 500"),
        ("kpis(#{ limit: 501 })", "limit is 1 to 500"),
        ("users(#{ role: 5 })", "users"),
        ("notify(\"Ada\", \"a\", \"b\")", "named by their id"),
        ("notify(1, \"\", \"b\")", "1 to 200 characters"),
        ("notify(1, \"a\", \"b\", \"https://evil.example\")", "a path in the web app"),
        ("notify(1, \"a\", \"b\", \"//evil.example\")", "a path in the web app"),
        ("setting(\"other\")", "no setting `other`"),
        ("store_set(\"\", 1)", "a key has"),
        ("let s = \"x\"; for i in 0..15 { s += s; } store_set(\"a\", s)", "a value may have"),
        ("http_post(\"ftp://127.0.0.1/\", (), ())", "http:// or https://"),
        ("http_post(\"http://127.0.0.1/\", #{ Host: \"x\" }, ())", "`host` cannot be set"),
        ("http_post(\"http://127.0.0.1/\", #{ a: \"x\\r\\nb: y\" }, ())", "one line of text"),
        ("http_post(\"http://127.0.0.1/\", 5, ())", "headers are a map"),
        ("event.nmae", "but `name`"),
        ("throw \"as I like\"", "as I like"),
    ] {
        let failed = fails(body, &[FailedKind::Threw], part);
        assert_eq!(failed.line, Some(1), "{body}");
    }
}

#[test]
fn no_plugin_outlives_its_time() {
    for body in [
        "loop {}",
        "loop { try { throw 1 } catch {} }",
        "fn f(event) { g(0) } fn g(n) { g(n + 1) }",
        "[1].map(|x| { loop {} })",
        "loop { log(\"x\") }",
        "loop { store_set(\"a\", 1) }",
        "loop { kpis() }",
        "let a = []; loop { a.push(kpis()) }",
        "let s = \"x\"; loop { s += s }",
        "let m = #{}; let i = 0; loop { i += 1; m.set(`${i}`, i) }",
        "loop { parse_json(to_json(kpis(#{ limit: 100 }))) }",
        "loop { notify(1, \"a\", \"b\") }",
        "let s = \"a\"; loop { s = replace(s, \"a\", \"aa\") }",
        "[3, 1, 2].sort(|x| { loop {} })",
    ] {
        fails(body, &[FailedKind::Timeout, FailedKind::Limit], "");
    }
}

#[test]
fn a_flooded_log_is_cut_and_holds_no_secret() {
    let done = call("for i in 0..5000 { log(`line ${i}`) }").unwrap();
    assert_eq!(done.log.len(), 201);
    assert!(done.log[200].contains("cut"), "{}", done.log[200]);
    let done = call("log(\"http://127.0.0.1:9/s3cret-path\"); let a = setting(\"address\"); log(`to ${a}`)")
        .unwrap();
    assert_eq!(done.log, ["•••", "to •••"]);
    let failed = fails("throw `no way to ${setting(\"address\")}`", &[FailedKind::Threw], "no way to •••");
    assert!(!failed.to_string().contains("s3cret"));
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
fn hands_that_panic_end_the_call_and_nothing_else() {
    let desk = Desk::new(true);
    let failed = call_with(&desk, ALL, "log(\"before\"); notify(1, \"panic\", \"\")").unwrap_err();
    assert_eq!((failed.kind, failed.log), (FailedKind::Panicked, vec!["before".to_owned()]));
    assert!(call_with(&desk, ALL, "notify(1, \"fine\", \"\")").is_ok());
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
    let event = json!(kpi::plugins::host::facts::HookEvent {
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
