//! Forms with files (`multipart/form-data`), read part by part as they arrive. Nothing is gathered but one piece of the
//! body; how much, in how many parts, under how long heads and how slowly it may come is bounded.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Buf, Bytes};
use futures_util::{Stream, StreamExt};
use kpi_api::error::Code;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, Sleep};
use warp::{Filter, Rejection};

use super::{
    body,
    request::{Meta, meta},
};
use crate::platform::failure::{Failure, Outcome};

/// Bytes handed on at once.
const PIECE: usize = 64 * 1024;
/// Bytes of one part's head and what precedes it, in whole pieces.
const LARGEST_HEAD: u64 = 2 * PIECE as u64;
const MOST_PARTS: usize = 16;
/// How long the client may pause.
const IDLE_WITHIN: Duration = Duration::from_secs(30);
/// How long the whole may take.
const WHOLE_WITHIN: Duration = Duration::from_secs(60 * 60);
/// How much is read away after a refusal, so that a client that sends before it listens still gets to read the answer.
const DRAINED: u64 = 64 * 1024 * 1024;
const DRAINED_WITHIN: Duration = Duration::from_secs(60);

/// A body that has not been read yet.
pub struct Incoming {
    meta: Meta,
    body: Arc<Mutex<Body>>,
}

/// The body of the request, unread.
pub fn incoming() -> impl Filter<Extract = (Incoming,), Error = Rejection> + Copy {
    meta().and(warp::body::stream()).map(|meta: Meta, stream| Incoming {
        meta,
        body: Arc::new(Mutex::new(Body::new(stream, IDLE_WITHIN))),
    })
}

impl Incoming {
    /// What the client says it will send, in bytes.
    pub fn declared(&self) -> Option<u64> {
        self.meta.content_length()
    }

    /// Begins to read the form, of which at most `most` bytes are taken. 415 when it is none.
    pub fn form(&self, most: u64) -> Outcome<Form> {
        let kind = self.meta.content_type().unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| {
            Failure::new(
                Code::WrongType,
                "A form is expected: Content-Type multipart/form-data with its boundary.",
            )
        })?;
        lock(&self.body).left = most;
        let pieces = Pieces(self.body.clone());
        Ok(Form { parts: multer::Multipart::new(pieces, boundary), body: self.body.clone(), count: 0 })
    }

    /// Whether JSON was sent in the place of a form.
    pub fn is_json(&self) -> bool {
        body::demand_json(&self.meta).is_ok()
    }

    /// The JSON that was sent. Errors as [`super::body()`].
    pub async fn json<T: DeserializeOwned>(&self) -> Outcome<T> {
        lock(&self.body).left = DRAINED;
        body::parse(&body::collect(&self.meta, Pieces(self.body.clone())).await?)
    }

    /// Reads away what is still coming after a refusal, within bounds.
    pub async fn drain(&self) {
        let expects_answer_first = self.meta.expects_continue() && !lock(&self.body).begun;
        if expects_answer_first || self.declared().is_some_and(|length| length > 2 * DRAINED) {
            return;
        }
        {
            let mut body = lock(&self.body);
            if body.fault.is_some_and(|fault| fault != Fault::TooLarge) {
                return;
            }
            body.fault = None;
            body.left = DRAINED;
            body.head = None;
        }
        let mut pieces = Pieces(self.body.clone());
        let read = async { while let Some(Ok(_)) = pieces.next().await {} };
        // Whether it ended or was too slow, the answer follows.
        let _ = tokio::time::timeout(DRAINED_WITHIN, read).await;
    }
}

/// A form that is being read.
pub struct Form {
    parts: multer::Multipart<'static>,
    body: Arc<Mutex<Body>>,
    count: usize,
}

/// One part, its head read.
pub struct Part {
    pub name: String,
    /// As sent: clean it before it is shown.
    pub file_name: Option<String>,
    field: multer::Field<'static>,
    body: Arc<Mutex<Body>>,
}

impl Form {
    /// The next part; the last one's content is skipped where it was not read.
    pub async fn next(&mut self) -> Outcome<Option<Part>> {
        lock(&self.body).head = Some(LARGEST_HEAD);
        let field = self.parts.next_field().await.map_err(|fault| failure(&self.body, &fault))?;
        lock(&self.body).head = None;
        let Some(field) = field else { return Ok(None) };
        self.count += 1;
        if self.count > MOST_PARTS {
            return Err(Failure::new(Code::Malformed, format!("A form may have up to {MOST_PARTS} parts.")));
        }
        let name = field.name().map(str::to_owned);
        let name = name.ok_or_else(|| Failure::new(Code::Malformed, "A part of the form has no name."))?;
        let file_name = field.file_name().map(str::to_owned);
        Ok(Some(Part { name, file_name, field, body: self.body.clone() }))
    }
}

impl Part {
    /// The next piece of its content.
    pub async fn piece(&mut self) -> Outcome<Option<Bytes>> {
        self.field.chunk().await.map_err(|fault| failure(&self.body, &fault))
    }

    /// The content as text of at most `most` bytes.
    pub async fn text(mut self, most: usize) -> Outcome<String> {
        let mut whole = Vec::new();
        while let Some(piece) = self.piece().await? {
            if whole.len() + piece.len() > most {
                return Err(Failure::field(self.name, "too_long", format!("At most {most} bytes.")));
            }
            whole.extend_from_slice(&piece);
        }
        String::from_utf8(whole)
            .map_err(|_| Failure::field(self.name, "invalid", "The text is not encoded in UTF-8."))
    }
}

/// Why reading ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The client is gone.
    Broken,
    TooSlow,
    TooLarge,
    LongHead,
}

fn failure(body: &Mutex<Body>, fault: &multer::Error) -> Failure {
    match lock(body).fault {
        Some(Fault::Broken) => Failure::new(Code::Malformed, "The body ended too early."),
        Some(Fault::TooSlow) => Failure::new(Code::Malformed, "The body did not arrive in time."),
        Some(Fault::TooLarge) => Failure::new(Code::TooLarge, "The form is larger than what is taken."),
        Some(Fault::LongHead) => Failure::new(Code::Malformed, "The head of a part is too long."),
        None => match fault {
            multer::Error::ReadHeaderFailed(_) => Failure::new(
                Code::Malformed,
                "The head of a part could not be read; a name may have no control characters.",
            ),
            _ => Failure::new(Code::Malformed, format!("The form could not be read: {fault}.")),
        },
    }
}

type Source = Pin<Box<dyn Stream<Item = Result<Bytes, warp::Error>> + Send>>;

struct Body {
    source: Source,
    /// Received, and larger than a piece.
    rest: Bytes,
    /// Whether anything was asked of the client yet.
    begun: bool,
    /// Whether a piece was just handed on: then the reader gets to work before the next one.
    handed: bool,
    /// Bytes that may still come.
    left: u64,
    /// Bytes that may still come before a part's head has ended.
    head: Option<u64>,
    idle_within: Duration,
    idle: Pin<Box<Sleep>>,
    until: Instant,
    fault: Option<Fault>,
}

impl Body {
    fn new<B: Buf + 'static>(
        stream: impl Stream<Item = Result<B, warp::Error>> + Send + 'static,
        idle_within: Duration,
    ) -> Self {
        let source = stream.map(|piece| piece.map(|mut piece| piece.copy_to_bytes(piece.remaining())));
        Self {
            source: Box::pin(source),
            rest: Bytes::new(),
            begun: false,
            handed: false,
            left: 0,
            head: None,
            idle_within,
            idle: Box::pin(tokio::time::sleep(idle_within)),
            until: Instant::now() + WHOLE_WITHIN,
            fault: None,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Fault>>> {
        if let Some(fault) = self.fault {
            return Poll::Ready(Some(Err(fault)));
        }
        // The parser reads until it has to wait; without this it would take in all that the network has.
        if std::mem::take(&mut self.handed) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.begun = true;
        while self.rest.is_empty() {
            match self.source.as_mut().poll_next(cx) {
                Poll::Ready(Some(Ok(piece))) => self.rest = piece,
                Poll::Ready(Some(Err(_))) => return self.fail(Fault::Broken),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => {
                    let waited = self.idle.as_mut().poll(cx).is_ready() || Instant::now() > self.until;
                    return if waited { self.fail(Fault::TooSlow) } else { Poll::Pending };
                }
            }
        }
        self.idle.as_mut().reset(Instant::now() + self.idle_within);
        let piece = self.rest.split_to(self.rest.len().min(PIECE));
        let length = piece.len() as u64;
        let Some(left) = self.left.checked_sub(length) else { return self.fail(Fault::TooLarge) };
        self.left = left;
        if let Some(head) = &mut self.head {
            match head.checked_sub(length) {
                Some(left) => *head = left,
                None => return self.fail(Fault::LongHead),
            }
        }
        self.handed = true;
        Poll::Ready(Some(Ok(piece)))
    }

    fn fail(&mut self, fault: Fault) -> Poll<Option<Result<Bytes, Fault>>> {
        self.fault = Some(fault);
        Poll::Ready(Some(Err(fault)))
    }
}

struct Pieces(Arc<Mutex<Body>>);

impl Stream for Pieces {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = lock(&self.0).poll(cx);
        piece.map(|piece| {
            piece.map(|piece| piece.map_err(|fault| std::io::Error::other(format!("{fault:?}"))))
        })
    }
}

fn lock(body: &Mutex<Body>) -> std::sync::MutexGuard<'_, Body> {
    body.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
