//! Somebody who listens to what happens, event by event.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use serde_json::Value;
use warp::http;

use super::Actor;

/// Far longer than any event takes; only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// An event of the stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub kind: String,
    pub data: Value,
}

pub struct Listener {
    body: warp::reply::Response,
    text: String,
    /// What a browser would send as `Last-Event-ID`.
    pub last_id: Option<i64>,
}

impl Actor {
    /// Opens the stream, going on after a number if there is one.
    pub async fn listens(&self, after: Option<i64>) -> Listener {
        let token = self.token.clone().unwrap_or_default();
        let mut request = http::Request::builder()
            .uri("/api/v1/events")
            .header("host", "kpi.example.com")
            .header("authorization", format!("Bearer {token}"));
        if let Some(after) = after {
            request = request.header("last-event-id", after.to_string());
        }
        let body = self.app.open(request.body(Bytes::new()).unwrap()).await;
        assert_eq!(body.status(), 200);
        assert_eq!(body.headers()["content-type"], "text/event-stream");
        Listener { body, text: String::new(), last_id: None }
    }
}

impl Listener {
    /// The next event; `None` when the stream has ended. Heartbeats and numbers alone are passed over.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                if let Some(told) = self.read(&block) {
                    return Some(told);
                }
            }
            let piece = tokio::time::timeout(PATIENCE, self.body.body_mut().frame()).await.expect("an event");
            let piece = piece?.unwrap().into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }

    /// As a browser does it (WHATWG, "server-sent events"): the number is taken over even without an event.
    fn read(&mut self, block: &str) -> Option<Told> {
        let (mut kind, mut data) = ("message".to_owned(), String::new());
        for (field, value) in block.lines().filter_map(|line| line.split_once(':')) {
            match (field, value.trim_start_matches(' ')) {
                ("event", value) => kind = value.to_owned(),
                ("data", value) => data.push_str(value),
                ("id", value) => self.last_id = Some(value.parse().unwrap()),
                _ => {}
            }
        }
        (!data.is_empty()).then(|| Told { kind, data: serde_json::from_str(&data).unwrap() })
    }

    /// The next event, which has to be of this kind.
    pub async fn expect(&mut self, kind: &str) -> Value {
        let told = self.next().await.expect("the stream goes on");
        assert_eq!(told.kind, kind, "{told:?}");
        told.data
    }
}
