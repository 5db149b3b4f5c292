//! One connection's patience. hyper bounds how long a connection may wait for its next request; here is bounded how
//! long a request's head may trickle in and how long a client may leave our answer unread.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use hyper::body::{Body, Frame, SizeHint};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

/// Waiting for the first byte of a request.
const WAITING: u8 = 0;
/// Between the first byte of a head and the service being called.
const HEAD: u8 = 1;
/// From then until the answer's last byte was handed over.
const SERVING: u8 = 2;

/// Where a connection stands, shared between its socket and its service.
#[derive(Clone)]
pub(super) struct Phase(Arc<AtomicU8>);

impl Phase {
    /// A connection that says nothing at first counts as one that is slow with its head.
    pub fn new() -> Self {
        Self(Arc::new(AtomicU8::new(HEAD)))
    }

    pub fn serve(&self) {
        self.0.store(SERVING, Ordering::Relaxed);
    }

    fn is(&self, phase: u8) -> bool {
        self.0.load(Ordering::Relaxed) == phase
    }
}

pub(super) struct Patient<S> {
    socket: S,
    phase: Phase,
    head_within: Duration,
    head_since: Instant,
    head_alarm: Option<Pin<Box<Sleep>>>,
    write_within: Duration,
    write_alarm: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    pub fn new(socket: S, phase: Phase, head_within: Duration, write_within: Duration) -> Self {
        Self {
            socket,
            phase,
            head_within,
            head_since: Instant::now(),
            head_alarm: None,
            write_within,
            write_alarm: None,
        }
    }

    /// Passes a write's result on, and gives up on one that has been pending for too long.
    fn watch_write<T>(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.write_alarm = None;
            return result;
        }
        let within = self.write_within;
        let alarm = self.write_alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep(within)));
        alarm.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let result = Pin::new(&mut this.socket).poll_read(cx, buf);
        if result.is_ready() {
            if buf.filled().len() > before && this.phase.is(WAITING) {
                this.phase.0.store(HEAD, Ordering::Relaxed);
                this.head_since = Instant::now();
                this.head_alarm = None;
            }
            return result;
        }
        if !this.phase.is(HEAD) {
            this.head_alarm = None;
            return Poll::Pending;
        }
        let until = this.head_since + this.head_within;
        let alarm = this.head_alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        alarm.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.socket).poll_write(cx, bytes);
        this.watch_write(cx, result)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.socket).poll_write_vectored(cx, bytes);
        this.watch_write(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.socket).poll_flush(cx);
        this.watch_write(cx, result)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(cx)
    }
}

/// An answer's body; when it is done with, the connection waits for the next request.
pub(super) struct Tail<B> {
    body: B,
    phase: Phase,
}

impl<B> Tail<B> {
    pub fn new(body: B, phase: Phase) -> Self {
        Self { body, phase }
    }
}

impl<B> Drop for Tail<B> {
    fn drop(&mut self) {
        self.phase.0.store(WAITING, Ordering::Relaxed);
    }
}

impl<B: Body + Unpin> Body for Tail<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
