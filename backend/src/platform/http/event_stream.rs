//! Answers without an end: server-sent events. The connection's write time-out only counts while a client leaves
//! something unread, so that a quiet stream lives on; at a stop whoever writes the stream ends it.

use bytes::Bytes;
use futures_util::stream;
use tokio::sync::mpsc;
use warp::{
    Reply as _,
    http::{HeaderName, HeaderValue, header},
    reply::Response,
};

/// Tells nginx to pass each piece on at once.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Sends each piece as it comes; ends when the sender is dropped.
pub struct EventStream(mpsc::Receiver<Bytes>);

impl EventStream {
    pub fn new(pieces: mpsc::Receiver<Bytes>) -> Self {
        Self(pieces)
    }

    pub fn into_response(self) -> Response {
        let mut pieces = self.0;
        let body =
            stream::poll_fn(move |cx| pieces.poll_recv(cx).map(|piece| piece.map(Ok::<_, std::io::Error>)));
        let mut response = warp::reply::stream(body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(BUFFERING, HeaderValue::from_static("no"));
        response
    }
}
